"""One report of a grid: its columns, its rows, and what its amount and date cells say.

Does not belong here: what a row is (rows.py), which column is used for what (columns.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from sources.layout.columns import Columns
from sources.layout.credit_mark import is_credit
from sources.layout.find import Heading
from sources.layout.month_year import month_of
from sources.periods import Period
from sources.values import Amounts, Dates, parse_amounts, parse_dates

ZERO_FLAGS = frozenset({"amount_zero", "amount_dash_zero", "amount_zero_word"})

TURNED_AT_ONCE = 10_000
"""So many rows are turned into columns in one go: five times as fast as each column alone, and small enough for the cache."""

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
        segment.amount_texts, segment.amounts = amounts_of(rows, body, segment.columns)
    if "payment_date" in index:
        segment.date_texts, segment.dates = dates_of(rows, body, segment.columns, hints)
    return segment


def amounts_of(rows: Rows, chosen: Sequence[int], columns: Columns) -> tuple[list[str], Amounts]:
    """The amounts of the rows and their texts; of a pair of columns, debit less credit, and the text of the one that is filled."""
    texts = column_of(rows, chosen, columns.index["amount_gbp"])
    amounts = parse_amounts(texts, columns.power("amount_gbp"))
    if columns.mark is not None:
        return texts, _marked(amounts, column_of(rows, chosen, columns.mark))
    if columns.credit is None:
        return texts, amounts
    credit_texts = column_of(rows, chosen, columns.credit)
    credits_ = parse_amounts(credit_texts, columns.power_at(columns.credit))
    pence: list[int | None] = []
    for debit, credit, text, other in zip(amounts.pence, credits_.pence, texts, credit_texts, strict=True):
        unread = (debit is None and bool(text)) or (credit is None and bool(other))
        nothing = debit is None and credit is None
        pence.append(None if unread or nothing else (debit or 0) - (credit or 0))
    # A zero beside a figure says nothing of the amount.
    flags = {
        place: tuple(
            code
            for code in dict.fromkeys((*amounts.flags.get(place, ()), *credits_.flags.get(place, ())))
            if not (pence[place] and code in ZERO_FLAGS)
        )
        for place in amounts.flags.keys() | credits_.flags.keys()
    }
    shown = [
        text if debit else other or text for debit, text, other in zip(amounts.pence, texts, credit_texts, strict=True)
    ]
    return shown, Amounts(pence, {place: flags[place] for place in sorted(flags) if flags[place]})


def _marked(amounts: Amounts, marks: Sequence[str]) -> Amounts:
    """The amounts with a minus where the mark beside says credit."""
    pence, flags = list(amounts.pence), dict(amounts.flags)
    for place in (place for place, mark in enumerate(marks) if is_credit(mark)):
        value = pence[place]
        if value:
            pence[place] = -value
            flags[place] = (*flags.get(place, ()), "amount_ledger_mark")
    return Amounts(pence, {place: flags[place] for place in sorted(flags)})


def dates_of(rows: Rows, chosen: Sequence[int], columns: Columns, hints: Hints) -> tuple[list[str], Dates]:
    """The dates of the rows and their texts; of a pair of columns, month and year, the text is the month's."""
    texts = column_of(rows, chosen, columns.index["payment_date"])
    if columns.year is None:
        return texts, parse_dates(texts, *hints)
    years = column_of(rows, chosen, columns.year)
    return texts, parse_dates([month_of(text, year) or text for text, year in zip(texts, years, strict=True)], *hints)


def column_of(rows: Rows, chosen: Sequence[int], column: int) -> list[str]:
    """Stripped cells of one column; '' where a row is shorter."""
    return list(map(str.strip, published_column(rows, chosen, column)))


def published_columns(rows: Rows, chosen: Sequence[int], columns: Sequence[int]) -> list[list[str]]:
    """Cells of the columns as published, blanks and all; '' where a row is shorter."""
    wanted = _wanted(rows, chosen)
    found: list[list[str]] = [[] for _ in columns]
    for start in range(0, len(wanted), TURNED_AT_ONCE):
        some = wanted[start : start + TURNED_AT_ONCE]
        turned = list(zip_longest(*some, fillvalue=""))
        for texts, column in zip(found, columns, strict=True):
            texts.extend(turned[column] if column < len(turned) else [""] * len(some))
    return found


def published_column(rows: Rows, chosen: Sequence[int], column: int) -> list[str]:
    """The same of one column."""
    wanted = _wanted(rows, chosen)
    try:
        return [row[column] for row in wanted]
    except IndexError:
        return [row[column] if column < len(row) else "" for row in wanted]


def _wanted(rows: Rows, chosen: Sequence[int]) -> Rows:
    if chosen and chosen[-1] - chosen[0] + 1 == len(chosen):
        return rows[chosen[0] : chosen[-1] + 1]  # as the rows of a report mostly follow one another
    return [rows[i] for i in chosen]


def pence_of(segment: Segment, row: Sequence[str]) -> int | None:
    return amounts_of([list(row)], [0], segment.columns)[1].pence[0]
