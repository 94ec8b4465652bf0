"""A zip archive -> the grids of every member that holds some. Archives inside it are not opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from sources.grid import FileContent, Note
from sources.readers.bounded_zip import BROKEN, ArchiveLimitError, check_declared, member_bytes
from sources.readers.limits import Limits
from sources.readers.sniff import sniff

ENCRYPTED = 0x1
MAX_NAME = 120


def read_archive(
    data: bytes, name: str, limits: Limits, read: Callable[[bytes, str, Limits], FileContent]
) -> FileContent:
    """`read` takes one member apart. Reasons: archive_limit, archive_path, encrypted, damaged, empty_file, or the only member's own."""
    content = FileContent("zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
        try:
            check_declared(
                infos, limits.archive_bytes, limits.archive_ratio, limits.ratio_floor_bytes, limits.archive_members
            )
        except ArchiveLimitError as error:
            content.reason = "archive_limit"
            content.detail = f"{name} is not opened: {error}. Publish the files in it one by one."
            return content
        for info in infos:
            _read_member(archive, info, content, limits, read)
    if not content.grids:
        _explain(content, name)
    return content


def _is_clutter(name: str) -> bool:
    """What Macintoshes and Windows add to archives of their own accord."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name in {".DS_Store", "Thumbs.db", "desktop.ini"}


def is_unsafe(name: str) -> bool:
    """Whether a member's name would lead out of a folder, were it unpacked into one; nothing here ever is."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or not path.name


def _read_member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    content: FileContent,
    limits: Limits,
    read: Callable[[bytes, str, Limits], FileContent],
) -> None:
    shown = info.filename[:MAX_NAME]
    if is_unsafe(info.filename):
        content.notes.append(Note("archive_path", f"Member {shown!r} has an unsafe name and was skipped."))
    elif info.flag_bits & ENCRYPTED:
        content.notes.append(Note("archive_member_encrypted", f"Member {shown!r} is protected by a password."))
    else:
        try:
            data = member_bytes(archive, info)
        except (ArchiveLimitError, *BROKEN) as error:
            content.notes.append(Note("archive_member_unreadable", f"Member {shown!r} cannot be unpacked ({error})."))
            return
        if sniff(data).container in {"zip", "gzip"}:
            content.notes.append(
                Note("archive_member_unreadable", f"Member {shown!r} is an archive in an archive; not opened.")
            )
            return
        _take(read(data, info.filename, limits), info.filename, content)


def _take(member: FileContent, name: str, content: FileContent) -> None:
    if member.reason:
        content.notes.append(Note("archive_member_unreadable", f"Member {name!r}: {member.detail}"))
        return
    content.notes += [replace(note, detail=f"{name}: {note.detail}") for note in member.notes]
    for grid in member.grids:
        grid.sheet = f"{name}/{grid.sheet}" if grid.sheet else name
        content.grids.append(grid)
    content.encoding = _joined(content.encoding, member.encoding)
    content.delimiter = content.delimiter or member.delimiter


def _joined(encodings: str, encoding: str) -> str:
    return "+".join(dict.fromkeys(part for part in (*encodings.split("+"), *encoding.split("+")) if part))


def _explain(content: FileContent, name: str) -> None:
    for code, reason in (
        ("archive_member_encrypted", "encrypted"),
        ("archive_path", "archive_path"),
        ("archive_member_unreadable", "damaged"),
    ):
        found = [note for note in content.notes if note.code == code]
        if found:
            content.reason = reason
            content.detail = (
                f"No member of {name} could be read. {found[0].detail} Publish the files as CSV, one by one."
            )
            return
    content.reason, content.detail = "empty_file", f"{name} is an archive without files. Publish it again."
