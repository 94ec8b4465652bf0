"""The account of a folder that is filled by fetching: which file came from where, and what is needed to ask for it again.

Belongs here: the account's form, and the manifest written from it. Does not belong here: what is fetched (live).

    .publicvalue/files.jsonl    one line each time a file came or was asked for again; the last line of an address counts
    manifest.csv                what a mirror is read with: path, source_url, published, page, reason, detail
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from sources.one_step import replace_file, replace_if_other

COLUMNS = ("path", "source_url", "published", "title", "page_title", "first_url", "page", "reason", "detail")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file. `finder` is the owner in whose places it was found; `path` is empty before it has one, `sha` before it has bytes.

    Without bytes, `reason` is a code of schema/codes/file_reasons. `checked` is the day of the last answer about it. `title` and
    `page_title` are what the page calls the file, and itself. `first_address` is the one that the file had before its page put it
    at another; `replaces` is the one before this, until the account is written anew without it.
    """

    address: str
    finder: str
    owner_id: str
    kind: str
    file_name: str
    page: str
    published: str = ""
    path: str = ""
    has_bytes: bool = False
    etag: str | None = None
    last_modified: str | None = None
    stamp: str = ""
    checked: str = ""
    content_type: str = ""
    title: str = ""
    page_title: str = ""
    first_address: str = ""
    replaces: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(slots=True)
class Account:
    """Files by address. A line that was torn when a run was killed is left out: its file is fetched again."""

    path: Path
    files: dict[str, Fetched] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> Self:
        one = cls(path)
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        for line in lines:
            try:
                fetched = Fetched(**json.loads(line))
            except (ValueError, TypeError):
                continue
            one._take(fetched)
        if lines and not lines[-1].endswith(b"\n"):
            with path.open("ab") as journal:
                journal.write(b"\n")
        return one

    def note(self, fetched: Fetched) -> None:
        """Remember at once, so that a run that is killed does not fetch it again."""
        self._take(fetched)
        with self.path.open("ab") as journal:
            journal.write(_line(fetched))

    def _take(self, fetched: Fetched) -> None:
        self.files[fetched.address] = fetched
        self.files.pop(fetched.replaces, None)

    def save(self) -> None:
        """Write it anew, one line a file."""
        replace_file(self.path, b"".join(_line(self.files[address]) for address in sorted(self.files)))


def _line(fetched: Fetched) -> bytes:
    return (json.dumps(asdict(fetched), ensure_ascii=True, separators=(",", ":")) + "\n").encode("ascii")


def write_manifest(path: Path, files: Iterable[Fetched]) -> bool:
    """Write manifest.csv, sorted by path, in one step. Says whether it changed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted((one for one in files if one.has_bytes or one.reason), key=lambda one: one.path):
        reason = ("", "") if one.has_bytes else (one.reason, one.detail)
        titles = (" ".join(one.title.split()), " ".join(one.page_title.split()))
        writer.writerow((one.path, one.address, one.published, *titles, one.first_address, one.page, *reason))
    return replace_if_other(path, out.getvalue().encode("utf-8", "replace"))


def paths_for(files: Iterable[Fetched]) -> dict[str, str]:
    """Where each address's file lies: by its name, or in a folder of its own where the owner has several files of that name.

    Depends on the set of files alone, not on the order in which they came.
    """
    listed = list(files)
    same: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in listed:
        same[_place(one)] += 1
    return {
        one.address: "/".join(
            (
                "spend" if one.kind == "spend" else "outcomes",
                one.owner_id,
                *((_short(one.address),) if same[_place(one)] > 1 else ()),
                one.file_name,
            )
        )
        for one in listed
    }


def _place(one: Fetched) -> tuple[str, str, str]:
    return one.kind, one.owner_id, one.file_name.casefold()


def _short(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:12]
