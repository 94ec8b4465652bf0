"""The optional manifest.csv of a mirror: what is known of a file beside its bytes.

Belongs here: reading the manifest and saying what is wrong with it. Does not belong here: which files a mirror holds.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sources.errors import UsageError
from sources.schema.model import codes

MAX_MANIFEST_BYTES = 256 * 1024**2
DATE_COLUMNS = ("published", "published_date")
MAX_TITLE = 500
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """`reason` is a code of schema/codes/file_reasons where the file could not be had, and `detail` its words; empty otherwise."""

    url: str | None
    published_date: date | None
    reason: str = ""
    detail: str = ""
    first_url: str | None = None
    title: str = ""
    page_title: str = ""

    @property
    def identity(self) -> str | None:
        """The address by which the file is known."""
        return self.first_url or self.url


@dataclass(slots=True)
class Manifest:
    """Entries by path. `problems` are values that were left out, each with file, line, column and remedy."""

    entries: dict[str, Entry] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def is_shared(self, address: str) -> bool:
        """Whether several files are said to come from one address, which then cannot tell them apart."""
        return self._address_counts[address] > 1

    _address_counts: Counter[str] = field(default_factory=Counter)


def read_manifest(path: Path) -> Manifest:
    """Read a CSV with the column `path` and, where known, `source_url` and `published` or `published_date` (yyyy-mm-dd). A file
    that could not be had is listed with a `reason` (a code of file_reasons) and a `detail`. `title` and `page_title` are what
    the page calls the file, and itself; `first_url` is the address that the file had before its page put it at another.

    Other columns are left alone. A value that cannot be understood is left out and listed in `problems`. Raises
    UsageError where the file is no such table, with file, line and column.
    """
    manifest = Manifest()
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise UsageError(f"{path}: larger than {MAX_MANIFEST_BYTES:,} bytes, so it is no manifest")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = [name.strip().lower() for name in reader.fieldnames or []]
            if "path" not in columns:
                raise UsageError(
                    f"{path}, line 1: no column `path` among {', '.join(columns) or 'none'}; "
                    "head the columns path, source_url, published, or remove the file"
                )
            reader.fieldnames = columns
            for row in reader:
                _take(manifest, path, reader.line_num, row)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}, about line {line}: not UTF-8 text; save the manifest as CSV UTF-8") from error
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: no readable CSV ({error}); mend the line") from error
    return manifest


def _take(manifest: Manifest, file: Path, line: int, row: dict[str, str | None]) -> None:
    place = f"{file}, line {line}, column"
    path = (row.get("path") or "").strip().replace("\\", "/").removeprefix("./")
    if not path:
        manifest.problems.append(
            f"{place} path: empty, so the line says nothing; give the file's path or remove the line"
        )
        return
    if path in manifest.entries:
        manifest.problems.append(f"{place} path: {path!r} is listed twice; the first line was used")
        return
    url, first_url = (_address(manifest, place, name, row) for name in ("source_url", "first_url"))
    published = None
    for column in DATE_COLUMNS:
        text = (row.get(column) or "").strip()
        if text and published is None:
            try:
                published = date.fromisoformat(text[:10])
            except ValueError:
                manifest.problems.append(f"{place} {column}: {text[:40]!r} is no date; write yyyy-mm-dd")
    reason = (row.get("reason") or "").strip()
    if reason and reason not in codes("file_reasons"):
        manifest.problems.append(f"{place} reason: {reason[:40]!r} is none of {', '.join(codes('file_reasons'))}")
        reason = ""
    entry = Entry(
        url,
        published,
        reason,
        (row.get("detail") or "").strip()[:1000] if reason else "",
        first_url,
        _title(row.get("title")),
        _title(row.get("page_title")),
    )
    manifest.entries[path] = entry
    if entry.identity is not None:
        manifest._address_counts[entry.identity] += 1  # noqa: SLF001 - filled here, read through is_shared


def _address(manifest: Manifest, place: str, column: str, row: dict[str, str | None]) -> str | None:
    url = (row.get(column) or "").strip() or None
    if url is not None and not WEB_ADDRESS.fullmatch(url):
        manifest.problems.append(f"{place} {column}: {url[:100]!r} is no http or https address; it was left out")
        return None
    return url


def _title(text: str | None) -> str:
    return " ".join((text or "").split())[:MAX_TITLE]
