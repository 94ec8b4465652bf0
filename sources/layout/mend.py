"""Single rows whose cells stand off their columns: moved back where the types of all columns fit in one way only.

Two moves are tried: the whole row by some columns, and the cut of one cell in two (a comma that should have been
quoted). Which cell was cut is decided by words that other rows hold in the same columns. Where no move or more than
one fits, the row stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.layout.cells import cell_of
from sources.layout.columns import Columns
from sources.values import looks_like_amount, looks_like_date

WHOLE_MOVES = (1, -1, 2, -2)
VOCABULARY_ROWS = 2_000
BESIDE_ROWS = 200
VOCABULARY_FIELDS = ("department_family", "entity", "expense_type", "expense_area", "supplier_type", "expenditure_type")
"""Columns whose words repeat from row to row, so that a word tells its column."""

_CUT_AMOUNT = re.compile(r"[-(]?£?-?\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?\)?-?", re.ASCII)
_WRITTEN_MONEY = re.compile(r"[-(]?£?-?(?:\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+\.\d\d)\)?-?", re.ASCII)
_CUT_HEAD = re.compile(r"[-(]?£?-?\d{1,3}", re.ASCII)
_CUT_TAIL = re.compile(r"\d{3}(?:\.\d{1,2})?\)?-?", re.ASCII)


class Mender:
    """Knows a report's columns and their usual words. Built once a report; the vocabulary only when first needed."""

    def __init__(self, columns: Columns, rows: Sequence[Sequence[str]], body: Sequence[int], odd: set[int]) -> None:
        self.columns = columns
        self._rows = rows
        self._good = [i for place, i in enumerate(body) if place not in odd][:VOCABULARY_ROWS]
        self._words: dict[int, set[str]] | None = None
        self._amount = columns.index.get("amount_gbp", -1)
        self._date = columns.index.get("payment_date", -1)
        self._supplier = columns.index.get("supplier_name", -1)

    def mend(self, row: Sequence[str]) -> list[str] | None:
        """The row with its cells in place, or None where none or several moves fit."""
        if self._date < 0 or self._amount < 0 or self._fits(row):
            return None
        whole = [moved for by in WHOLE_MOVES if (moved := _move(row, by)) and self._fits(moved)]
        if len(whole) == 1:
            return whole[0]
        if whole:
            return None
        joined = [moved for at in range(len(row) - 1) if self._fits(moved := _join(row, at))]
        return self._most_usual([moved for moved in joined if not self.holds_number_for_amount(moved)])

    def joined_amount(self, row: Sequence[str], excess: int) -> list[str] | None:
        """The row with an amount that its commas cut joined again, or None.

        `excess` is the number of cells beyond the heading; where there are none (empty ones may stand behind), pence show the end.
        """
        parts = [cell_of(row, self._amount).strip(' "')]
        for cell in row[self._amount + 1 :]:
            parts.append(cell.strip(' "'))
            if not parts[-1].isdigit() or len(parts) - 1 == excess:
                break
        amount = ",".join(parts)
        whole = len(parts) - 1 == excess if excess > 0 else "." in parts[-1]
        if not whole or not _CUT_AMOUNT.fullmatch(amount) or any("," in part for part in parts):
            return None
        return [*row[: self._amount], amount, *row[self._amount + len(parts) :]]

    def has_money_beside(self) -> bool:
        """Whether the column behind the amount usually holds amounts of its own."""
        cells = [text for i in self._good[:BESIDE_ROWS] if (text := cell_of(self._rows[i], self._amount + 1))]
        return 10 * sum(map(looks_like_amount, cells)) > len(cells)

    def holds_cut_amount(self, row: Sequence[str]) -> bool:
        """Whether the amount and the cell behind it look like one figure cut at a comma ('1' and '030.28')."""
        head, tail = (cell_of(row, column).strip(' "') for column in (self._amount, self._amount + 1))
        return bool(_CUT_HEAD.fullmatch(head) and _CUT_TAIL.fullmatch(tail))

    def holds_number_for_amount(self, row: Sequence[str]) -> bool:
        """Whether bare digits stand as the amount and written money in the cell behind: a cell before them was cut in two."""
        amount, beside = (cell_of(row, column).strip(' "') for column in (self._amount, self._amount + 1))
        return amount.isdigit() and not beside.isdigit() and looks_like_amount(beside)

    def holds_long_number(self, row: Sequence[str]) -> bool:
        """Whether digits too long for a sum stand as the amount: of a transaction, which cut cells before it moved there."""
        amount = cell_of(row, self._amount)
        return amount.isdigit() and not looks_like_amount(amount)

    def holds_number_behind_amount(self, row: Sequence[str]) -> bool:
        """Whether written money stands in the cell before the amount, where other rows have none: a cell before it was left out."""
        before = cell_of(row, self._amount - 1)
        others = [cell_of(self._rows[i], self._amount - 1) for i in self._good[:BESIDE_ROWS]]
        written = sum(1 for other in others if _WRITTEN_MONEY.fullmatch(other))
        return bool(_WRITTEN_MONEY.fullmatch(before)) and 10 * written <= len(others)

    def opened_gap(self, row: Sequence[str]) -> list[str] | None:
        """The row with an empty cell put where one was left out before the amount, where one place is the likeliest."""
        candidates = [[*row[:at], "", *row[at:]] for at in range(self._amount)]
        return self._most_usual([moved for moved in candidates if self._fits(moved)])

    def joined_both(self, row: Sequence[str], width: int) -> list[str] | None:
        """The row with a text and the amount that commas cut joined again, where one place is the likeliest."""
        texts = [_join(row, at) for at in range(self._amount) if not row[at + 1].strip().isdigit()]
        joined = [moved for text in texts if (moved := self.joined_amount(text, len(text) - width))]
        return self._most_usual([moved for moved in joined if self._fits(moved)])

    def joined_text(self, row: Sequence[str], width: int) -> list[str] | None:
        """The row with the two halves of a cut cell joined where one place is the likeliest. `width` is the heading's."""
        if len(row) > width + 1:
            return None
        candidates = [moved for at in range(self._amount) if self._fits(moved := _join(row, at))]
        return self._most_usual([moved for moved in candidates if not cell_of(moved, self._amount).isdigit()])

    def closed_gap(self, row: Sequence[str]) -> list[str] | None:
        """The row without its blank supplier cell where the cells behind it then fit, or None: an empty cell was put before them."""
        if self._supplier < 0 or cell_of(row, self._supplier):
            return None
        closed = [*row[: self._supplier], *row[self._supplier + 1 :]]
        return closed if self._fits(closed) and not self.holds_number_for_amount(closed) else None

    def is_misaligned(self, row: Sequence[str]) -> bool:
        """Whether the date or the amount of the row stands in another column than its own."""
        cells = [cell.strip() for cell in row[: len(self.columns.headers) + max(WHOLE_MOVES)]]
        date = cell_of(cells, self._date)
        amount = cell_of(cells, self._amount)
        elsewhere = [cell for column, cell in enumerate(cells) if column not in (self._date, self._amount)]
        date_moved = bool(date) and not looks_like_date(date) and any(map(looks_like_date, elsewhere))
        money = [cell for cell in elsewhere if looks_like_amount(cell) and not cell.isdigit()]
        amount_moved = bool(amount) and not looks_like_amount(amount) and bool(money)
        return date_moved or amount_moved

    def _fits(self, row: Sequence[str]) -> bool:
        supplier = cell_of(row, self._supplier)
        return (
            looks_like_date(cell_of(row, self._date))
            and looks_like_amount(cell_of(row, self._amount))
            and (self._supplier < 0 or 2 * sum(map(str.isalpha, supplier)) > len(supplier))
        )

    def _most_usual(self, candidates: list[list[str]]) -> list[str] | None:
        candidates = [cells for place, cells in enumerate(candidates) if cells not in candidates[:place]]
        scored = sorted(((self._usual(cells), place) for place, cells in enumerate(candidates)), reverse=True)
        if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
            return None
        return candidates[scored[0][1]]

    def _usual(self, row: Sequence[str]) -> int:
        if self._words is None:
            columns = [self.columns.index[name] for name in VOCABULARY_FIELDS if name in self.columns.index]
            self._words = {column: {cell_of(self._rows[i], column) for i in self._good} - {""} for column in columns}
        return sum(cell_of(row, column) in words for column, words in self._words.items())


def _move(row: Sequence[str], by: int) -> list[str] | None:
    """Cells `by` columns to the left (only over empty ones), or to the right where negative."""
    if by > 0:
        return list(row[by:]) if not any(cell.strip() for cell in row[:by]) else None
    return [""] * -by + list(row)


def _join(row: Sequence[str], at: int) -> list[str]:
    # An empty cell is no half of a text that a comma cut: it was put there, and goes.
    text = f"{row[at]},{row[at + 1]}" if row[at].strip() and row[at + 1].strip() else f"{row[at]}{row[at + 1]}"
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return [*row[:at], text, *row[at + 2 :]]
