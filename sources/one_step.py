"""Writes a small file in one step: aside, then renamed, so that whoever reads it finds the old content or the new.

Belongs here: files that can be made again, which need no flush to disk. What cannot flushes for itself (snapshots, releases).
"""

from __future__ import annotations

from pathlib import Path


def replace_file(path: Path, content: str | bytes) -> None:
    """Text is written as UTF-8. Raises OSError where the folder is not there or cannot be written."""
    aside = path.with_suffix(".part")
    aside.write_bytes(content.encode() if isinstance(content, str) else content)
    aside.replace(path)


def replace_if_other(path: Path, content: str | bytes) -> bool:
    """The same where the content differs; says whether it did. An unchanged file keeps its date."""
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and path.read_bytes() == data:
        return False
    replace_file(path, data)
    return True
