"""A file that somebody names on the command line: its bytes, or one line on why they cannot be had."""

from __future__ import annotations

from pathlib import Path

from sources.errors import UsageError


def bytes_of(path: Path) -> bytes:
    """Raises UsageError where it is no file, or cannot be opened."""
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name the files in it.")
        if not path.exists():
            raise UsageError(f"{path} is not there.")
        if not path.is_file():
            raise UsageError(f"{path} is no file but a pipe or a device; save what comes out of it and name that file.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
