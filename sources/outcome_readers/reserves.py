"""Councils' reserves at the start and the end of a financial year, from revenue outturn summaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sources.grid import Grid
from sources.outcome_readers.figures import Entity, Figure, Figures, Value, derived, read_value
from sources.outcome_readers.headings import Table, normal, tables
from sources.outcome_readers.periods import FINANCIAL_YEAR, Period, read_period
from sources.outcome_set import OutcomeSet
from sources.publisher import Model, Text

CODE, NAME, CLASS = "E-code", "Local authority", "Class"
USABLE = ("earmarked", "unallocated")
ENDS = {"1 april": "opening", "31 march": "closing"}
HEADING = re.compile(
    r"(?:estimated )?(?P<kind>schools|public health|other earmarked|unallocated)(?: financial)? reserves(?: level)? at (?P<day>1 april|31 march)"
)
TITLE_ROWS = 8


class ReservesOptions(Model):
    """`country`: the row of this name is the whole country. `other_classes`: bodies that are no councils."""

    country: Text
    other_classes: tuple[Text, ...] = ()

    def metrics(self) -> list[str]:
        """Every metric that the reader can give."""
        kinds = ("schools", "public_health", "earmarked", "unallocated", "usable")
        return [f"{kind}_reserves_{end}" for kind in kinds for end in ENDS.values()]


def read_reserves(grids: Sequence[Grid], options: ReservesOptions, _set: OutcomeSet, file_name: str) -> Figures:
    """Eight published figures a body and year, and the two sums of earmarked and unallocated reserves. Never raises."""
    found = Figures()
    titles = {grid.sheet: " ".join(cell for row in grid.rows[:TITLE_ROWS] for cell in row) for grid in grids}
    for table in tables(grids, [CODE, NAME, CLASS]):
        columns = {metric: at for at, heading in enumerate(table.headings) if (metric := _metric(heading))}
        period = _year(titles[table.sheet]) or _year(file_name)
        if not columns or period is None:
            continue
        for row in table.rows:
            code, name, group = (row.cell(table.at(heading)) for heading in (CODE, NAME, CLASS))
            values = {metric: read_value(row.cell(at)) for metric, at in columns.items()}
            if not name or all(value.status == "missing" for value in values.values()):
                continue  # a note, or the heading of a part
            entity = Entity(_kind(code, name, group, options), code, name, group)
            for metric, at in columns.items():
                value = values[metric]
                heading = table.headings[at]
                found.figures.append(Figure(entity, metric, period, value, table.sheet, row.line, heading))
            found.figures.extend(_usable(entity, period, values, table, row.line))
    return found


def _metric(heading: str) -> str:
    match = HEADING.fullmatch(normal(heading))
    if match is None:
        return ""
    kind = match["kind"].removeprefix("other ").replace(" ", "_")
    return f"{kind}_reserves_{ENDS[match['day']]}"


def _year(text: str) -> Period | None:
    match = FINANCIAL_YEAR.search(text)
    return read_period(match[0], "financial_year") if match else None


def _kind(code: str, name: str, group: str, options: ReservesOptions) -> str:
    if not code:
        return "country" if normal(name) == normal(options.country) else "total"
    return "body" if group in options.other_classes else "council"


def _usable(entity: Entity, period: Period, values: dict[str, Value], table: Table, line: int) -> Iterator[Figure]:
    for end in ENDS.values():
        parts = [values[metric].number for kind in USABLE if (metric := f"{kind}_reserves_{end}") in values]
        known = [part for part in parts if part is not None]
        total = sum(known) if len(known) == len(USABLE) else None
        column = "sum of other earmarked and unallocated reserves"
        yield Figure(
            entity, f"usable_reserves_{end}", period, derived(total), table.sheet, line, column, flags=("derived",)
        )
