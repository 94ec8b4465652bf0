"""What is odd about the shape of a table of text: empty columns to its right, lines divided by another mark than the rest.

Only noticed here, never changed. Does not belong here: which delimiter a file has (delimiter.py), what columns mean (layout).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from sources.grid import Grid, Note
from sources.readers.delimiter import DELIMITERS

LEAST_COLUMNS = 3
"""A table of fewer is divided evenly by too many marks."""


PHANTOM_SHARE = 4
"""One line in so many, and two at least, go on in empty cells where the table has empty columns to its right."""


def phantom_columns(published_widths: Mapping[int, int], grid: Grid) -> list[Note]:
    """A note where lines go on in empty cells, or cells of blanks, beyond the last column that any line fills.

    `published_widths` counts the lines by their cells, empty ones at the end included; `grid` has those cut off.
    """
    filled = _filled_columns(grid.rows)
    beyond = {width: lines for width, lines in published_widths.items() if width > filled}
    lines = sum(beyond.values())
    if (
        not filled
        or lines < 2
        or lines * PHANTOM_SHARE < sum(lines for width, lines in published_widths.items() if width)
    ):
        return []
    usual = max(beyond, key=lambda width: (beyond[width], width))
    detail = f"{usual - filled} empty column(s) to the right of column {filled}, on {lines} line(s). Delete them."
    return [Note("phantom_columns", detail, next(iter(grid.lines), None))]


def _filled_columns(rows: Sequence[Sequence[str]]) -> int:
    filled = 0
    for row in rows:
        if len(row) <= filled:
            continue
        width = len(row)
        while width > filled and not row[width - 1].strip():
            width -= 1
        filled = width
    return filled


def mixed_delimiters(row_widths: Mapping[int, int], grid: Grid, delimiter: str) -> list[Note]:
    """A note where single lines have the table's width only if divided by another mark than `delimiter`.

    `row_widths` counts the rows by their cells.
    """
    widths = {width: rows for width, rows in row_widths.items() if width}
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    if usual < LEAST_COLUMNS or min(widths) * 2 > usual:
        return []
    found = [
        (line, mark)
        for row, line in zip(grid.rows, grid.lines, strict=True)
        if row and len(row) * 2 <= usual and (mark := _mark_of(row, delimiter, usual))
    ]
    if not found:
        return []
    marks = " and ".join(repr(mark) for mark in DELIMITERS if mark in {mark for _, mark in found})
    detail = f"{len(found)} line(s) are divided by {marks}, the others by {delimiter!r}. Publish the file with one mark throughout."
    return [Note("mixed_delimiters", detail, found[0][0])]


def _mark_of(row: Sequence[str], delimiter: str, usual: int) -> str | None:
    """The other mark that divides the line into the usual number of cells."""
    line = delimiter.join(row)
    if "\n" in line or "\r" in line:
        return None
    for mark in DELIMITERS:
        if mark != delimiter and line.count(mark) >= usual - 1:
            cells = next(csv.reader((line,), delimiter=mark), [])
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) == usual:
                return mark
    return None
