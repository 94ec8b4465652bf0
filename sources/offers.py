"""What a source offers: each file with where it stands, and why it is taken or left. What the commands show, and what is fetched.

Belongs here: the words shared by GOV.UK, index pages and declared addresses. Does not belong here: finding (govuk,
index_page) or fetching (live).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from sources.periods import Period, periods_in_text

RANKS = {"csv": 0, "ods": 1, "xlsx": 2, "xls": 3, "zip": 4, "txt": 4, "tsv": 0, "html": 5, "htm": 5, "pdf": 6}
"""Forms from the easiest to read to the hardest. What is not here is no data."""
TYPES = {
    "text/csv": "csv",
    "application/csv": "csv",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
    "application/zip": "zip",
    "text/tab-separated-values": "tsv",
    "text/html": "html",
    "application/pdf": "pdf",
}
HARD_TO_READ = 5


@dataclass(frozen=True, slots=True)
class File:
    """One file as a page names it. `form` is a key of RANKS, or the ending where it is none."""

    address: str
    title: str
    file_name: str
    form: str
    byte_count: int | None = None

    @property
    def rank(self) -> int:
        return RANKS.get(self.form, 99)

    @property
    def period(self) -> Period | None:
        """What title or name say the file is for."""
        return period_of(self.title, self.file_name)


@lru_cache(maxsize=100_000)
def period_of(title: str, file_name: str) -> Period | None:
    """What title or else name say a file is for; the most specific period where they name several."""
    return next(iter([*periods_in_text(title), *periods_in_text(file_name)]), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file, for whom, from which page, and what we do with it.

    `stamp` moves when the page announces a change; empty where the page does not say, so that its files are asked for each time.
    """

    owner_id: str
    kind: str
    file: File
    page: str
    page_title: str
    published_date: date | None
    is_taken: bool
    why: str
    stamp: str = ""


def file_at(
    address: str, title: str, *, content_type: str = "", name: str | None = None, size: int | None = None
) -> File:
    """A file by its address. Its form is what the ending says where that is a known one, else the content type's."""
    file_name = safe_file_name(name or address)
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    form = ending if ending in RANKS else TYPES.get(content_type.partition(";")[0].strip().lower(), ending)
    return File(address, title or file_name, file_name, form, size)


def safe_file_name(name: str) -> str:
    """The last part of an address or path as a name that can stand in a folder: no separators, no leading dot, no controls.

    Whatever is given, the result is one plain component of at most 150 characters.
    """
    try:
        path = urlsplit(name).path if "://" in name else name
    except ValueError:
        path = name
    plain = unquote(path, errors="replace").replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = re.sub(r"[^\w.,;()&'+£@ =-]", "_", plain).strip(" .")
    plain = re.sub(r"\.{2,}", ".", plain)
    if not plain:
        return "file"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: 149 - len(ending)]}.{ending}"
    return plain[:150]
