"""Compresses a finished file with gzip. Without name and time in its header, so that the same text gives the same bytes.

ISA-L takes a quarter of zlib's time. Its bytes are the same on machines of one kind; the text within is the same everywhere.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

LEVEL = 2
CHUNK = 1024 * 1024


def write_gzip(source: Path, target: Path) -> None:
    from isal import igzip  # noqa: PLC0415 - only a release build pays for it

    with source.open("rb") as text, target.open("wb") as file:
        written: Any = igzip.IGzipFile(  # type: ignore[no-untyped-call]
            filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0
        )
        with written:
            shutil.copyfileobj(text, written, CHUNK)
