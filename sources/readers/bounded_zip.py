"""Members of a zip archive, never more of them than was agreed: headers lie, so what counts is what comes out."""

from __future__ import annotations

import copy
import zipfile
import zlib


class ArchiveLimitError(Exception):
    """The archive or a member of it is over a limit; the message says which. Handled inside sources.readers."""


BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)
"""What the standard library raises for damaged members; RuntimeError for passwords, NotImplementedError for odd methods."""


def check_declared(infos: list[zipfile.ZipInfo], total_bytes: int, ratio: int, floor_bytes: int, members: int) -> None:
    """Raises ArchiveLimitError where the archive's own directory already is over the limits."""
    if len(infos) > members:
        raise ArchiveLimitError(f"it has {len(infos)} members; the limit is {members}")
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > total_bytes:
        raise ArchiveLimitError(f"it would unpack to {unpacked} bytes; the limit is {total_bytes}")
    if unpacked > floor_bytes and unpacked > ratio * max(packed, 1):
        raise ArchiveLimitError(f"it would unpack to {unpacked // max(packed, 1)} times its size; the limit is {ratio}")
    for info in infos:
        if info.file_size > floor_bytes and info.file_size > ratio * max(info.compress_size, 1):
            raise ArchiveLimitError(f"{info.filename} would unpack to over {ratio} times its size")


def member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The member, read no further than one byte past its declared size.

    Raises ArchiveLimitError where more comes out than was declared, BadZipFile where less does, or one of BROKEN.
    """
    honest = copy.copy(info)
    # The module stops silently at the declared size; asking for one byte more shows whether there is one.
    honest.file_size = info.file_size + 1
    with archive.open(honest) as stream:
        data = stream.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise ArchiveLimitError(f"{info.filename} unpacks to more than it declares")
    if len(data) < info.file_size:
        raise zipfile.BadZipFile(f"{info.filename} unpacks to less than it declares")
    return data
