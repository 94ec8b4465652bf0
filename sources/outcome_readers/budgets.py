"""Budget tables with a row a departmental group: years over their status (outturn, plans), and parts with headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import Field

from sources.grid import Grid, Note
from sources.outcome_readers.columns import Expression
from sources.outcome_readers.figures import Entity, Figure, Figures, read_value
from sources.outcome_readers.headings import Row, normal
from sources.outcome_readers.periods import FINANCIAL_YEAR, Period, read_period
from sources.outcome_set import MetricId, OutcomeSet
from sources.publisher import Model, Text

TITLE = re.compile(r"Table\s+(?P<number>\d+\.\d+[a-z]?)\b")
FOOTNOTE = re.compile(r"\s*\(\d+\)")
LOOK_AT_ROWS = 12
SCALES = {"£ million": Decimal(1), "£ billion": Decimal(1000)}


class Part(Model):
    """The part of table `table` under the heading that matches `section` (empty: before any heading) holds `metric`."""

    table: Text
    section: Expression = ""
    metric: MetricId


class BudgetOptions(Model):
    """`not_departments`: rows that match are totals and adjustments. `planned`: statuses that are no outturn."""

    parts: tuple[Part, ...] = Field(min_length=1)
    not_departments: Expression
    planned: tuple[Text, ...] = ("plans",)

    def metrics(self) -> list[str]:
        """Ids of the metrics that the options name."""
        return [part.metric for part in self.parts]


def read_budgets(grids: Sequence[Grid], options: BudgetOptions, _set: OutcomeSet, _file_name: str) -> Figures:
    """Figures in millions of pounds, in the order of the sheets. Tables that no part names are noted. Never raises."""
    found = Figures()
    for grid in grids:
        title = next((match for row in grid.rows[:3] for cell in row if (match := TITLE.search(cell))), None)
        number = title["number"] if title else ""
        parts = [part for part in options.parts if part.table == number]
        if not parts:
            found.notes.append(Note("sheet_not_read", f"{grid.sheet}: its table is none of those declared"))
            continue
        found.figures.extend(_figures(grid, parts, options))
    return found


def _figures(grid: Grid, parts: Sequence[Part], options: BudgetOptions) -> Iterator[Figure]:
    heading = next((at for at, row in enumerate(grid.rows[:LOOK_AT_ROWS]) if len(_years(row)) > 1), None)
    if heading is None or heading + 1 >= len(grid.rows):
        return
    years = _years(grid.rows[heading])
    statuses = {at: cell.strip().casefold() for at, cell in enumerate(grid.rows[heading + 1])}
    unit = " ".join(cell.strip() for row in grid.rows[: heading + 1] for cell in row)
    scale = next((factor for words, factor in SCALES.items() if words in unit), Decimal(1))
    section = ""
    for line, cells in zip(grid.lines[heading + 2 :], grid.rows[heading + 2 :], strict=False):
        row = Row(line, cells)
        name = FOOTNOTE.sub("", row.cell(0)).strip()
        if not any(row.cell(at) for at in years):
            section = name or section
            continue
        part = next((one for one in parts if re.fullmatch(one.section, section)), None)
        if part is None or not name:
            continue
        kind = "total" if re.search(options.not_departments, name) else "department"
        for at, period in years.items():
            flags = ("planned",) if statuses.get(at, "") in options.planned else ()
            value = read_value(row.cell(at), scale)
            basis = {"basis": statuses.get(at, "")}
            column = f"{period.label} {basis['basis']}".strip()
            yield Figure(
                Entity(kind, "", name),
                part.metric,
                period,
                value,
                grid.sheet,
                line,
                column,
                attributes=basis,
                flags=flags,
            )


def _years(row: Sequence[str]) -> dict[int, Period]:
    found = {}
    for at, cell in enumerate(row):
        period = read_period(cell, "financial_year") if FINANCIAL_YEAR.fullmatch(normal(cell)) else None
        if period is not None:
            found[at] = period
    return found
