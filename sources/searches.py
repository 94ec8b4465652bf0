"""Dated searches of a source for a month's list that is not held: without one, nothing is ever called missing.

Belongs here: reading searches.csv, which may stand beside a mirror's manifest.csv. Does not belong here: what follows
from a search (quality_checks.calendar).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sources.errors import UsageError
from sources.schema.model import codes

COLUMNS = ("publisher_id", "series", "month", "searched")
MAX_BYTES = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class Search:
    """The source was searched on `searched_date` for the list of `due_month` (its first day), and it was not there."""

    publisher_id: str
    series: str
    due_month: date
    searched_date: date


def read_searches(root: Path) -> tuple[Search, ...]:
    """Searches declared in `root`/searches.csv with the columns publisher_id, series, month (yyyy-mm) and searched.

    Empty where there is no such file. Raises UsageError with file, line and column where a value cannot be understood: a
    search that is misread would accuse somebody.
    """
    path = root / "searches.csv"
    if not path.is_file():
        return ()
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES:,} bytes, so it is no list of searches")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if absent := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
                raise UsageError(
                    f"{path}, line 1: no column {', '.join(absent)}; head the columns {', '.join(COLUMNS)}"
                )
            found = [_search(f"{path}, line {reader.line_num}, column", row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: no readable CSV in UTF-8 ({error}); save it as CSV UTF-8") from error
    return tuple(sorted(set(found), key=lambda one: (one.publisher_id, one.series, one.due_month, one.searched_date)))


def _search(place: str, row: dict[str, str | None]) -> Search:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not values["publisher_id"]:
        raise UsageError(f"{place} publisher_id: empty; name the publisher that was searched for")
    if values["series"] not in codes("series"):
        raise UsageError(f"{place} series: {values['series'][:40]!r} is none of {', '.join(codes('series'))}")
    try:
        month = date.fromisoformat(f"{values['month'][:7]}-01")
    except ValueError:
        raise UsageError(f"{place} month: {values['month'][:40]!r} is no month; write yyyy-mm") from None
    try:
        searched = date.fromisoformat(values["searched"][:10])
    except ValueError:
        raise UsageError(f"{place} searched: {values['searched'][:40]!r} is no date; write yyyy-mm-dd") from None
    return Search(values["publisher_id"], values["series"], month, searched)
