"""Turns templates into pages: the one jinja2 environment, where a page lies, and that it stays small.

Belongs here: what every page shares. Does not belong here: what is on a page (templates) or which pages there are (build.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import jinja2

from published.reports import charts, text, words
from published.reports.facts import series_name
from sources.schema.model import codes

TEMPLATES = Path(__file__).parent / "templates"
STYLE = Path(__file__).parents[1] / "datasette" / "static" / "public-value.css"
PAGE_LIMIT = 300_000
"""Bytes of the largest page."""
READY = "\x02ready\x03"
"""Where a template wants what is HTML already. No text holds it, since control characters are shown by their number."""
READY_MARK = READY.encode()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """What every page says of itself. `release_version` is None for a check of files that are not published."""

    release_version: str | None
    as_of: date
    is_sample: bool

    @property
    def is_check(self) -> bool:
        return self.release_version is None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of pages, `depth` folders below that of the style sheet and the index."""

    edition: Edition
    top: Path

    def write(self, path: str, template: str, *, ready: bytes | None = None, **values: Any) -> int:
        """Renders `template` to top/`path`; its size in bytes. `ready` is HTML already, and stands where the template says READY."""
        root = "../" * path.count("/")
        page = environment().get_template(template).render(edition=self.edition, root=root, **values).encode()
        if ready is not None:
            page = page.replace(READY_MARK, ready, 1)
        target = self.top / path
        try:
            target.write_bytes(page)
        except FileNotFoundError:  # once a folder: asking before each page costs as much as writing it
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(page)
        return len(page)


@cache
def environment() -> jinja2.Environment:
    """Autoescape is on for everything, so text from outside is never markup."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # templates do not change while pages are made
    )
    made.filters |= {
        "shown": text.shown,
        "money": text.money,
        "day": text.day,
        "month": text.month,
        "folder": text.folder_name,
        "series": series_name,
    }
    made.globals |= {
        "READY": READY,
        "counted": text.counted,
        "period": text.period,
        "TIERS": words.TIERS,
        "SEVERITIES": words.SEVERITIES,
        "UNITS": words.UNITS,
        "STATUS_WORDS": words.STATUS_WORDS,
        "STATUS_MARKS": words.STATUS_MARKS,
        "DIMENSIONS": words.DIMENSIONS,
        "CORRECTION_STATUSES": codes("correction_statuses"),
        "MONTHS": charts.MONTHS,
    }
    return made


def sheets(rows: Sequence[T], size: int) -> Iterator[tuple[int, int, Sequence[T]]]:
    """(number, how many, rows) of each page of a list; one empty page where there are no rows."""
    total = max(math.ceil(len(rows) / size), 1)
    for number in range(total):
        yield number + 1, total, rows[number * size : (number + 1) * size]
