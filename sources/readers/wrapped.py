"""Text packed once more than it should be: whole lines between quotation marks, cells as formulas of text (`="00123"`).

Both come from spreadsheets that write a table as text twice. Does not belong here: quotation marks that are out of pairs
(quotes.py).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice

from sources.grid import Grid, Note
from sources.readers.delimiter import DELIMITERS

LEAST_COLUMNS = 3
"""A line between quotation marks that holds fewer cells may be a sentence."""
WRAPPED_SHARE = 0.5
"""Of the lines that hold anything, more than this share is packed, or none is unpacked."""

SAMPLE_ROWS = 60
"""Rows looked at first: in most files they show at once that nothing is packed."""

_FORMULA = re.compile(r'\s*="((?:[^"]|"")*)"\s*')


def unwrap_lines(grid: Grid) -> list[Note]:
    """Divide rows of one cell that is a whole line, in place; a note where that was done."""
    first = list(islice(filter(any, grid.rows), SAMPLE_ROWS))
    if sum(1 for row in first if len(row) == 1) <= WRAPPED_SHARE * len(first):
        return []
    alone = [place for place, row in enumerate(grid.rows) if len(row) == 1 and _may_be_a_line(row[0])]
    filled = sum(map(any, grid.rows))
    if len(alone) <= WRAPPED_SHARE * filled:
        return []
    mark = max(DELIMITERS, key=lambda mark: sum(grid.rows[place][0].count(mark) for place in alone))
    divided = [next(csv.reader((grid.rows[place][0],), delimiter=mark), []) for place in alone]
    width, times = Counter(map(len, divided)).most_common(1)[0]
    if width < LEAST_COLUMNS or times <= WRAPPED_SHARE * filled:
        return []
    for place, cells in zip(alone, divided, strict=True):
        if len(cells) > 1:
            grid.rows[place] = cells
    detail = f"{times} line(s) stand between quotation marks as one cell each; divided. Publish the lines without them."
    return [Note("lines_quoted", detail, grid.lines[alone[0]])]


def _may_be_a_line(cell: str) -> bool:
    return any(map(cell.__contains__, DELIMITERS)) and "\n" not in cell and "\r" not in cell


def unwrap_formulas(grid: Grid) -> list[Note]:
    """The text of cells that are formulas of nothing but a text, in place; a note where there were any."""
    first, times = None, 0
    for place, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            if '="' in cell and (found := _FORMULA.fullmatch(cell)):
                row[column] = found[1].replace('""', '"')
                times += 1
                first = grid.lines[place] if first is None else first
    if not times:
        return []
    detail = f'{times} cell(s) are formulas of a text (="..."); the text is read. Publish the text alone.'
    return [Note("formula_texts", detail, first)]
