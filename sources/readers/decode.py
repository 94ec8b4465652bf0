"""Bytes -> bytes in one known codec, whatever mixture they came in. Does not know what a cell is.

The result is bytes and a codec's name, not a string: a large file is then decoded while it is parsed, a piece at a time.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from sources.grid import Note
from sources.readers.notes import line_at
from sources.readers.single_byte import C1_AS_CP1252, UNDEFINED_IN_CP1252, best_codec

PIECE = 16 * 1024 * 1024
SAMPLE = 4096

# Well-formed UTF-8 sequences of two to four bytes (RFC 3629, table of section 4).
UTF8_SEQUENCE = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+"
)
# The pound sign of cp850 before a sum, in a file of another codec: parts of it came from an old system. In cp1252 the
# byte is an oe ligature, in Mac Roman a u with an accent, and neither stands before a digit.
CP850_POUND = re.compile(rb"(?<![\x80-\xff])\x9c(?=\d)")
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
ASCII_TO_SPACE = b" " * 0x80 + bytes(range(0x80, 0x100))


class Mark(NamedTuple):
    signature: bytes
    codec: str


# Longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
BYTE_ORDER_MARKS = (
    Mark(codecs.BOM_UTF32_LE, "utf-32-le"),
    Mark(codecs.BOM_UTF32_BE, "utf-32-be"),
    Mark(codecs.BOM_UTF8, "utf-8"),
    Mark(codecs.BOM_UTF16_LE, "utf-16-le"),
    Mark(codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(slots=True)
class Decoded:
    """`data` decodes without error by `codec`; `encoding` is what the publisher used, for people to read."""

    data: bytes
    codec: str
    encoding: str
    notes: list[Note] = field(default_factory=list)


def decode(data: bytes) -> Decoded:
    """Find the encoding of a text and mend what no single codec can read. Never raises."""
    notes: list[Note] = []
    for mark in BYTE_ORDER_MARKS:
        if data.startswith(mark.signature):
            data = data[len(mark.signature) :]
            notes.append(Note("byte_order_mark", f"The file begins with a byte order mark ({mark.codec}).", 1))
            if mark.codec != "utf-8":
                return _wide(data, mark.codec, notes)
            break
    else:
        if codec := wide_codec(data):
            return _wide(data, codec, notes)
    return _narrow(_without_nuls(data, notes), notes)


def wide_codec(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: in English text every second byte is zero."""
    sample = data[:SAMPLE]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    if even > 0.7 and odd < 0.1:
        return "utf-16-be"
    return None


def _wide(data: bytes, codec: str, notes: list[Note]) -> Decoded:
    text = data.decode(codec, errors="replace").encode("utf-8", errors="replace")
    notes.append(Note("encoding_not_utf8", f"The file is in {codec}, not UTF-8.", 1))
    return Decoded(_without_nuls(text, notes), "utf-8", codec, notes)


def _without_nuls(data: bytes, notes: list[Note]) -> bytes:
    first = data.find(0)
    if first < 0:
        return data
    notes.append(Note("nul_bytes", f"{data.count(0)} NUL bytes were left out.", line_at(data, first)))
    return data.translate(None, b"\0")


def _narrow(data: bytes, notes: list[Note]) -> Decoded:
    if data.isascii() or _is_utf8(data):
        return Decoded(data, "utf-8", "utf-8", notes)
    outside = line_at(data, next(run.start() for run in HIGH_RUN.finditer(data) if UTF8_SEQUENCE.sub(b"", run.group())))
    older = (
        b"\x9c" in data
        and bool(CP850_POUND.search(data))
        and _codec(_runs(CP850_POUND.sub(b"", data))) not in {None, "cp850"}
    )
    if older:
        data = CP850_POUND.sub("£".encode(), data)
    runs = _runs(data)
    rests = {run: UTF8_SEQUENCE.sub(b"", run) for run in runs}
    codec = _codec(runs) or "cp850"
    if all(run == rest for run, rest in rests.items()):
        notes.append(Note("encoding_not_utf8", f"The file is in {codec}, not UTF-8.", outside))
        if codec != "cp1252" or not any(set(run) & UNDEFINED_IN_CP1252 for run in runs):
            return Decoded(data, codec, codec, notes)
        return Decoded(_as_utf8(data, codec), "utf-8", codec, notes)
    parts = ["UTF-8", codec]
    if older:
        parts = ["UTF-8"] * any(run != rest and run != "£".encode() for run, rest in rests.items()) + [codec, "cp850"]
    notes.append(
        Note("encoding_mixed", f"The file mixes {' and '.join(parts)}; each stretch was read by its own.", outside)
    )
    mended = {run: _mended(run, codec) for run in runs}
    return Decoded(HIGH_RUN.sub(lambda run: mended[run.group()], data), "utf-8", "+".join(parts).lower(), notes)


def _runs(data: bytes) -> Counter[bytes]:
    """Runs of bytes from 0x80 up, each kind once: a whole file has few kinds, and they hold all the evidence."""
    return Counter(data.translate(ASCII_TO_SPACE).split())


def _codec(runs: Counter[bytes]) -> str | None:
    """The single-byte codec of what is not UTF-8, or None where all is."""
    histogram: Counter[int] = Counter()
    for run, times in runs.items():
        for byte in UTF8_SEQUENCE.sub(b"", run):
            histogram[byte] += times
    return best_codec(histogram) if histogram else None


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(view[start : start + PIECE], final=start + PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _mended(run: bytes, codec: str) -> bytes:
    """In one run of bytes from 0x80 up: stretches of UTF-8 as they are, everything between them through `codec` into UTF-8."""
    pieces: list[bytes] = []
    end = 0
    for match in UTF8_SEQUENCE.finditer(run):
        pieces += (_as_utf8(run[end : match.start()], codec), match.group())
        end = match.end()
    pieces.append(_as_utf8(run[end:], codec))
    return b"".join(pieces)


def _as_utf8(data: bytes, codec: str) -> bytes:
    if codec == "cp1252":
        return data.decode("latin-1").translate(C1_AS_CP1252).encode()
    return data.decode(codec).encode()
