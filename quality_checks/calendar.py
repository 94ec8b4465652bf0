"""The publication calendar: what was due, from whom, for which month, and what became of it.

Belongs here: the months that were due by the register, and filling core_publication_calendar. Does not belong here: when a
list is due (sources.timetable), what a missing month would have held (money_missing), or pages about it (published).
docs/calendar.md explains it to readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quality_checks.money_missing import Interval, intervals
from sources.registry import Publisher, Registry
from sources.searches import Search
from sources.timetable import last_of_month, months_between, timing

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).parent
SERIES = ("spend_over_threshold", "purchasing_card")
ABSENT = ("missing", "not_observed")


@dataclass(frozen=True, slots=True)
class Due:
    """One line of the calendar before anything was looked up."""

    publisher_id: str
    series: str
    due_month: date
    due_date: date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A file that was held and is no longer offered, with the period it was for."""

    publisher_id: str
    series: str
    period_start: date
    period_end: date


def build_calendar(
    con: duckdb.DuckDBPyConnection,
    registry: Registry,
    searches: Sequence[Search] = (),
    *,
    as_of: date,
    withdrawn: Sequence[Withdrawn] = (),
) -> int:
    """Fill core_publication_calendar from the warehouse at `con`; the number of lines.

    A publisher's series has lines where the input holds a file of it, or it was searched for: at others nobody looked.
    `as_of` is the only clock. Money is GBP.
    """
    followed = _followed(con) | {(one.publisher_id, one.series) for one in searches}
    followed |= {(one.publisher_id, one.series) for one in withdrawn}
    publishers = [registry.get(one) for one in sorted({publisher_id for publisher_id, _ in followed})]
    due = [
        one
        for publisher in publishers
        for one in due_months(publisher, as_of)
        if (one.publisher_id, one.series) in followed
    ]
    others = [one for publisher in publishers for one in stand_ins(publisher, registry)]
    _load(con, "calendar_due", "publisher_id VARCHAR, series VARCHAR, due_month DATE, due_date DATE", due)
    _load(con, "calendar_stand_ins", "publisher_id VARCHAR, due_month DATE, other_id VARCHAR", others)
    _load(
        con, "calendar_searches", "publisher_id VARCHAR, series VARCHAR, due_month DATE, searched_date DATE", searches
    )
    _load(
        con,
        "calendar_withdrawn",
        "publisher_id VARCHAR, series VARCHAR, period_start DATE, period_end DATE",
        withdrawn,
    )
    con.execute(f"SET VARIABLE calendar_as_of = DATE '{as_of.isoformat()}'")
    con.execute((HERE / "calendar.sql").read_text(encoding="utf-8"))
    _load(
        con,
        "calendar_money",
        "publisher_id VARCHAR, series VARCHAR, due_month DATE, low DECIMAL(18,2), high DECIMAL(18,2)",
        list(_money(con)),
    )
    con.execute("DELETE FROM core_publication_calendar")
    con.execute(
        "INSERT INTO core_publication_calendar BY NAME "
        "SELECT f.*, m.low AS expected_low_gbp, m.high AS expected_high_gbp FROM calendar_found AS f "
        "LEFT JOIN calendar_money AS m USING (publisher_id, series, due_month) "
        "ORDER BY publisher_id, series, due_month"
    )
    return len(due)


def due_months(publisher: Publisher, as_of: date) -> Iterator[Due]:
    """Every month that has ended before `as_of` and holds a day of the publisher's duty, for each series."""
    start = publisher.due_from
    if start is None:
        return
    end = publisher.duty_end - timedelta(days=1) if publisher.duty_end else as_of
    for series in SERIES:
        for month in months_between(start, min(end, as_of)):
            last_day = last_of_month(month)
            rule = timing(publisher.kind, series, month)
            has_threshold = publisher.threshold(series, min(end, last_day)) is not None
            if rule is not None and has_threshold and last_day < as_of:
                yield Due(publisher.id, series, month, rule.due_date(month))


def stand_ins(publisher: Publisher, registry: Registry) -> Iterator[tuple[str, date, str]]:
    """Months that a body shares with another by a change on a day inside them: either body's list may be that of both."""
    for change in (*publisher.predecessors, *registry.successors(publisher.id)):
        if change.date.day > 1:
            yield publisher.id, change.date.replace(day=1), change.id


def _followed(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Publisher and series of every file; one whose series is not known is taken for the list over the threshold."""
    pairs = con.execute("SELECT DISTINCT publisher_id, series FROM core_distributions").fetchall()
    return {(publisher_id, SERIES[0] if series == "unknown" else series) for publisher_id, series in pairs}


def _money(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, date, Any, Any]]:
    """The interval of each absent month for which one can be given."""
    own: dict[tuple[str, str], dict[date, float]] = {}
    for publisher_id, series, month, total in con.execute((HERE / "month_totals.sql").read_text()).fetchall():
        own.setdefault((publisher_id, series), {})[month] = total
    absent: dict[tuple[str, str], list[date]] = {}
    covered = "SELECT publisher_id, series, due_month, calendar_status FROM calendar_found ORDER BY ALL"
    for publisher_id, series, month, status in con.execute(covered).fetchall():
        if status in ABSENT:
            absent.setdefault((publisher_id, series), []).append(month)
            own.get((publisher_id, series), {}).pop(month, None)
    for (publisher_id, series), months in absent.items():
        found: list[Interval | None] = intervals(own.get((publisher_id, series), {}), months)
        for month, interval in zip(months, found, strict=True):
            if interval is not None:
                yield publisher_id, series, month, interval.low_gbp, interval.high_gbp


def _load(con: duckdb.DuckDBPyConnection, name: str, columns: str, values: Sequence[Any]) -> None:
    """A TEMP table of a list of tuples or dataclasses. By Arrow: binding 20,000 rows one by one takes seconds."""
    import pyarrow as pa  # noqa: PLC0415 - brings a tenth of a second

    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if not values:
        return
    rows = [value if isinstance(value, tuple) else astuple(value) for value in values]
    arrays = [pa.array(column) for column in zip(*rows, strict=True)]
    handed = pa.table(arrays, names=[f"c{place}" for place in range(len(arrays))])
    con.register("calendar_handed", handed)
    con.execute(f"INSERT INTO {name} SELECT * FROM calendar_handed")
    con.unregister("calendar_handed")
