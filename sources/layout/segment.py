"""One report of a grid: its columns, its rows, and what its amount and date cells say.

Does not belong here: what a row is (rows.py), which column is used for what (columns.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.layout.columns import Columns
from sources.layout.find import Heading
from sources.periods import Period
from sources.values import Amounts, Dates, parse_amounts, parse_dates

Rows = Sequence[list[str]]
Hints = tuple[Period | None, str | None]
"""What helps to read dates: the period that the file's name gives, and the order that the publisher's entry declares."""


@dataclass(slots=True)
class Segment:
    """One report of a grid: its columns, the grid rows under its heading in order, and what their cells say.

    `amounts` and `dates` have one entry a row; they are None where the report has no such column.
    """

    columns: Columns
    heading: Heading | None
    rows: list[int]
    amount_texts: list[str] = field(default_factory=list)
    date_texts: list[str] = field(default_factory=list)
    amounts: Amounts | None = None
    dates: Dates | None = None


def read_cells(rows: Rows, segment: Segment, hints: Hints) -> Segment:
    """The segment with its amount and date columns read."""
    index, body = segment.columns.index, segment.rows
    if "amount_gbp" in index:
        segment.amount_texts = column_of(rows, body, index["amount_gbp"])
        segment.amounts = parse_amounts(segment.amount_texts, segment.columns.power("amount_gbp"))
    if "payment_date" in index:
        segment.date_texts = column_of(rows, body, index["payment_date"])
        segment.dates = parse_dates(segment.date_texts, *hints)
    return segment


def column_of(rows: Rows, chosen: Sequence[int], column: int) -> list[str]:
    """Stripped cells of one column; '' where a row is shorter."""
    return list(map(str.strip, published_column(rows, chosen, column)))


def published_column(rows: Rows, chosen: Sequence[int], column: int) -> list[str]:
    """Cells of one column as published, blanks and all; '' where a row is shorter."""
    if chosen and chosen[-1] - chosen[0] + 1 == len(chosen):
        wanted = rows[chosen[0] : chosen[-1] + 1]  # as the rows of a report mostly follow one another
    else:
        wanted = [rows[i] for i in chosen]
    try:
        return [row[column] for row in wanted]
    except IndexError:
        return [row[column] if column < len(row) else "" for row in wanted]


def cell_of(row: Sequence[str], column: int) -> str:
    return row[column].strip() if 0 <= column < len(row) else ""


def pence_of(segment: Segment, row: Sequence[str]) -> int | None:
    text = cell_of(row, segment.columns.index["amount_gbp"])
    return parse_amounts([text], segment.columns.power("amount_gbp")).pence[0]
