"""Rows in which a comma that nobody quoted cut the amount, or a text before it, in two, an empty cell was put before the
supplier, or a cell before the amount was left out.

Belongs here: which rows are suspected, and where. How a row is joined again is mend.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sources.layout.mend import Mender
from sources.layout.segment import Rows, Segment


@dataclass(frozen=True, slots=True)
class Suspects:
    """Places of rows wider than their heading, of amounts of digits only where most are written as money, and of amounts of
    digits only beside a blank supplier.
    """

    width: int
    wide: list[int]
    digits: list[int]
    few_wide: bool
    nameless: list[int]

    @classmethod
    def of(cls, rows: Rows, segment: Segment) -> Suspects:
        if segment.heading is None:
            return cls(0, [], [], few_wide=False, nameless=[])
        width = max(i + 1 for i, cell in enumerate(segment.heading.cells) if cell.strip())
        widest = max(map(len, rows), default=0)
        wide = [place for place, i in enumerate(segment.rows) if len(rows[i]) > width] if widest > width else []
        digits = [
            place
            for place, text in enumerate(segment.amount_texts)
            if text[-3:-2] != "." and text.lstrip("£-(").isdigit()
        ]
        few_digits = 2 * len(digits) < len(segment.rows)
        supplier = segment.columns.index.get("supplier_name", width)
        nameless = [
            place for place in digits if supplier < len(row := rows[segment.rows[place]]) and not row[supplier].strip()
        ]
        return cls(width, wide, digits if few_digits else [], 2 * len(wide) < len(segment.rows), nameless)

    @property
    def few(self) -> set[int]:
        return {*self.digits, *(self.wide if self.few_wide else ())}


def cut_rows(rows: Rows, segment: Segment, suspects: Suspects, mender: Mender) -> dict[int, list[str] | None]:
    """Places of rows in which a comma cut the amount or a text before it: the row joined, None where it cannot be.

    Where most rows are wider, a column has no heading and may hold codes of three digits: pence must show that it does not.
    """
    beside = segment.columns.index["amount_gbp"] + 1
    found: dict[int, list[str] | None] = {}
    for place in suspects.wide:
        row = rows[segment.rows[place]]
        excess = len(row) - suspects.width
        if suspects.few_wide and (closed := mender.closed_gap(row)):
            found[place] = closed
        elif mender.holds_cut_amount(row):
            if suspects.few_wide or any("." in cell for cell in row[beside : beside + excess]):
                found[place] = mender.joined_amount(row, excess)
        elif suspects.few_wide and mender.holds_number_for_amount(row):
            found[place] = mender.joined_text(row, suspects.width)
        elif excess > 1 and mender.holds_long_number(row):
            found[place] = mender.joined_both(row, suspects.width)
    for place in suspects.nameless:
        row = rows[segment.rows[place]]
        if mender.holds_number_for_amount(row) and (closed := mender.closed_gap(row)):
            found[place] = closed
    found |= _cut_by_digits(rows, segment, suspects, mender, found.keys())
    return found


def _cut_by_digits(
    rows: Rows, segment: Segment, suspects: Suspects, mender: Mender, known: Collection[int]
) -> dict[int, list[str] | None]:
    """The same of rows that show it by nothing but digits as their amount, where most amounts are written as money."""
    found: dict[int, list[str] | None] = {}
    beside = bool(suspects.digits) and mender.has_money_beside()
    for place in (place for place in suspects.digits if place not in known):
        row = rows[segment.rows[place]]
        if len(row) < suspects.width and mender.holds_number_behind_amount(row):
            found[place] = mender.opened_gap(row)
        elif not beside and mender.holds_cut_amount(row):
            found[place] = mender.joined_amount(row, 0)
        elif not beside and mender.holds_number_for_amount(row):
            found[place] = mender.joined_text(row, suspects.width)
    return found
