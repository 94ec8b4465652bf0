"""Two tables that stand side by side in one grid, each under a whole heading of its own: taken apart, so that both are read.

Only where the same headings come again to the right. Other tables to the right are kept in `extra`, as single columns are.
"""

from __future__ import annotations

from dataclasses import replace

from sources.grid import Grid, Note
from sources.layout.find import TOP_ROWS, heading_of

LEAST_REPEATED = 3
"""Headings that have to come again before a second table is looked for."""
NEEDED = frozenset({"date", "supplier_name"})
"""What each table has to name beside an amount."""


def tables_of(grid: Grid) -> tuple[list[Grid], list[Note]]:
    """The grid alone, or the tables that stand side by side in it, each with every row; and a note for each one found."""
    for at, row in enumerate(grid.rows[:TOP_ROWS]):
        start = _second_start(row)
        if not start or not all(_is_whole(row[part]) for part in (slice(start), slice(start, None))):
            continue
        if not any(any(map(str.strip, below[start:])) for below in grid.rows[at + 1 :]):
            return [grid], []
        left = replace(grid, rows=[_trimmed(cells[:start]) for cells in grid.rows])
        name = f"{grid.sheet} from column {start + 1}".strip()
        others, notes = tables_of(replace(grid, rows=[cells[start:] for cells in grid.rows], sheet=name))
        words = f"another table begins at column {start + 1}; it is read on its own"
        return [left, *others], [Note("tables_beside", words, grid.lines[at]), *notes]
    return [grid], []


def _second_start(row: list[str]) -> int:
    """Where the first heading comes again; 0 for a row that is no heading of two tables. Quick, as every file is asked."""
    if len(row) < 2 * LEAST_REPEATED:
        return 0
    texts = [cell.strip().lower() for cell in row]
    named = [text for text in texts if text]
    if len(named) - len(set(named)) < LEAST_REPEATED or any(map(str.isdigit, "".join(named))):
        return 0
    first = next(text for text in texts if text)
    places = [place for place, text in enumerate(texts) if text == first]
    return places[1] if len(places) > 1 else 0


def _is_whole(cells: list[str]) -> bool:
    heading = heading_of((0,), cells)
    return (
        heading is not None
        and heading.targets >= NEEDED
        and any(target.startswith("amount") for target in heading.targets)
    )


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
