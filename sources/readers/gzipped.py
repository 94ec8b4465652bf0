"""A file packed with gzip -> the grids of the file in it. A packed file in a packed file is not opened."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from sources.grid import FileContent, Note
from sources.readers.bounded_zip import ArchiveLimitError
from sources.readers.limits import Limits
from sources.readers.sniff import GZIP, ZIP

WITH_HEADER = 31
"""The window bits by which zlib is told to expect gzip's header and checksum."""


def read_gzip(data: bytes, name: str, limits: Limits, read: Callable[[bytes, str, Limits], FileContent]) -> FileContent:
    """`read` takes the unpacked file apart. Reasons: archive_limit, damaged, unknown_format for an archive inside, or the file's own."""
    try:
        unpacked = unpack(data, limits)
    except ArchiveLimitError as error:
        detail = f"{name} is not opened: {error}. Publish it unpacked."
        return FileContent("gzip", reason="archive_limit", detail=detail)
    except zlib.error as error:
        return FileContent(
            "unknown", reason="damaged", detail=f"{name} cannot be unpacked ({error}). Publish it again."
        )
    if unpacked.startswith((GZIP, *ZIP[:1])):
        detail = f"{name} holds another packed file, which is not opened. Publish the table as CSV."
        return FileContent("gzip", reason="unknown_format", detail=detail)
    content = read(unpacked, name, limits)
    content.notes.insert(
        0, Note("gzip_unpacked", "The file is packed with gzip; it was unpacked. Publish it unpacked.")
    )
    return content


def unpack(data: bytes, limits: Limits) -> bytes:
    """All members, one after another. Raises ArchiveLimitError over the limits, zlib.error for what is damaged or cut short."""
    most = min(limits.archive_bytes, max(limits.ratio_floor_bytes, limits.archive_ratio * len(data)))
    pieces: list[bytes] = []
    room = most
    while data:
        member = zlib.decompressobj(WITH_HEADER)
        piece = member.decompress(data, room + 1)
        if len(piece) > room:
            raise ArchiveLimitError(f"it would unpack to more than {most} bytes, {limits.archive_ratio} times its size")
        if not member.eof:
            raise zlib.error("it is cut short")
        pieces.append(piece)
        room -= len(piece)
        data = member.unused_data.lstrip(b"\0")  # padding of tapes
    return b"".join(pieces)
