"""Finds the row of headings in a grid and reads cells by heading. Knows no dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sources.grid import Grid

LOOK_AT_ROWS = 60
CELL_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headings."""

    line: int
    cells: Sequence[str]

    def cell(self, at: int | None) -> str:
        """The cell, stripped and cut to a limit; empty where the row is shorter, or where there is no such column."""
        return self.cells[at].strip()[:CELL_LIMIT] if at is not None and 0 <= at < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A grid from its headings down. `columns` gives the first column of a heading, normalised."""

    sheet: str
    headings: Sequence[str]
    columns: Mapping[str, int]
    rows: Sequence[Row]

    def at(self, heading: str | None) -> int | None:
        return self.columns.get(normal(heading)) if heading else None


def normal(heading: str) -> str:
    """Case and white space make no difference to a heading; nor does a byte order mark."""
    return " ".join(heading.replace("\ufeff", "").split()).casefold()


def tables(grids: Sequence[Grid], wanted: Sequence[str]) -> Iterator[Table]:
    """Each grid that has a row with all of the `wanted` headings, from there down."""
    needed = {normal(heading) for heading in wanted}
    for grid in grids:
        for index, row in enumerate(grid.rows[:LOOK_AT_ROWS]):
            if needed <= {normal(cell) for cell in row}:
                yield _table(grid, index)
                break


def _table(grid: Grid, index: int) -> Table:
    headings = [" ".join(cell.replace("\ufeff", "").split())[:CELL_LIMIT] for cell in grid.rows[index]]
    columns: dict[str, int] = {}
    for at, heading in enumerate(headings):
        columns.setdefault(normal(heading), at)
    rows = [Row(line, cells) for line, cells in zip(grid.lines[index + 1 :], grid.rows[index + 1 :], strict=False)]
    return Table(grid.sheet, headings, columns, [row for row in rows if not row.is_blank])
