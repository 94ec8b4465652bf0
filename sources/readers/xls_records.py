"""The records of an XLS workbook, as far as needed to know how large its sheets are and which cells hold errors.

Formats: [MS-CFB] for the container (sectors chained through an allocation table), [MS-XLS] for the records.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

END_OF_CHAIN = 0xFFFFFFFA  # this and above are marks, not sectors
HEADER_SECTORS = 109
MINI_STREAM_BELOW = 4096

BOF, BOUNDSHEET, FORMULA, BOOLERR, MULRK = 0x0809, 0x0085, 0x0006, 0x0205, 0x00BD
CELL_RECORDS = frozenset({FORMULA, BOOLERR, MULRK, 0x0203, 0x0204, 0x027E, 0x00FD, 0x00D6, 0x0406, 0x0206})
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def scan_xls(data: bytes) -> tuple[dict[str, tuple[int, int]], dict[str, dict[tuple[int, int], str]]]:
    """Sheet name -> rows and columns up to its last cell; sheet name -> (row, column) from 0 -> error.

    Raises zipfile.BadZipFile, the common word of sources.readers for a damaged container.
    """
    try:
        return _scan(_workbook_stream(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise zipfile.BadZipFile("the workbook's container is damaged or cut short") from error


def _workbook_stream(data: bytes) -> bytes:
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 20)
    mini_size = 1 << min(struct.unpack_from("<H", data, 32)[0], 20)
    directory_start = struct.unpack_from("<I", data, 48)[0]
    mini_start, _, difat_start = struct.unpack_from("<3I", data, 60)
    table = _allocation_table(data, size, difat_start)
    directory = _chain(data, table, directory_start, size, size)
    root_start = struct.unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - 127, 128):
        name_bytes = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(min(name_bytes, 64) - 2, 0)].decode("utf-16-le", errors="replace")
        start, length = struct.unpack_from("<2I", directory, at + 116)
        if name in {"Workbook", "Book"}:
            if length >= MINI_STREAM_BELOW:
                return _chain(data, table, start, size, size)[:length]
            mini_table = _integers(_chain(data, table, mini_start, size, size))
            return _chain(_chain(data, table, root_start, size, size), mini_table, start, mini_size, 0)[:length]
    raise IndexError("no stream of that name")


def _allocation_table(data: bytes, size: int, difat_start: int) -> list[int]:
    sectors = list(struct.unpack_from(f"<{HEADER_SECTORS}I", data, 76))
    seen: set[int] = set()
    while difat_start < END_OF_CHAIN and difat_start not in seen:
        seen.add(difat_start)
        entries = struct.unpack_from(f"<{size // 4}I", data, (difat_start + 1) * size)
        sectors += entries[:-1]
        difat_start = entries[-1]
    used = [sector for sector in sectors if sector < END_OF_CHAIN]
    return _integers(
        b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in used[: len(data) // size + 1])
    )


def _integers(data: bytes) -> list[int]:
    return list(struct.unpack_from(f"<{len(data) // 4}I", data))


def _chain(data: bytes, table: list[int], start: int, size: int, offset: int) -> bytes:
    """The sectors from `start` on; a chain that is longer than the file runs in a circle and is cut."""
    pieces: list[bytes] = []
    while start < END_OF_CHAIN and len(pieces) <= len(data) // size:
        pieces.append(data[offset + start * size : offset + (start + 1) * size])
        start = table[start]
    return b"".join(pieces)


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _scan(stream: bytes) -> tuple[dict[str, tuple[int, int]], dict[str, dict[tuple[int, int], str]]]:
    names: dict[int, str] = {}
    sizes: dict[str, tuple[int, int]] = {}
    errors: dict[str, dict[tuple[int, int], str]] = {}
    sheet, rows, columns = "", 0, 0
    for at, kind, body in _records(stream):
        if kind == BOUNDSHEET:
            names[struct.unpack_from("<I", body)[0]] = _sheet_name(body)
        elif kind == BOF:
            sheet, rows, columns = names.get(at, sheet), 0, 0
        elif kind in CELL_RECORDS:
            row, column = struct.unpack_from("<2H", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MULRK else column
            rows, columns = max(rows, row + 1), max(columns, last + 1, column + 1)
            held = sizes.get(sheet, (0, 0))
            sizes[sheet] = max(held[0], rows), max(held[1], columns)
            if text := _error(kind, body):
                errors.setdefault(sheet, {})[row, column] = text
    return sizes, errors


def _sheet_name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * 2].decode("utf-16-le") if wide else body[8 : 8 + length].decode("latin-1")


def _error(kind: int, body: bytes) -> str | None:
    if kind == BOOLERR and body[7]:
        return ERRORS.get(body[6])
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return ERRORS.get(body[8])
    return None
