"""Credits told by a mark in a column of its own, as in `1,250.00 | CR`: the sign of an amount that is written without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sources.layout.cells import cell_of
from sources.layout.headers import normalise

HEADING_WORDS = frozenset({"cr", "dr", "credit", "debit"})
CREDIT_MARKS = frozenset({"cr", "c", "credit"})
DEBIT_MARKS = frozenset({"dr", "d", "debit"})


def mark_beside(headers: Sequence[str], index: Mapping[str, int], body: Sequence[Sequence[str]]) -> int | None:
    """The column headed as credit and debit that holds both marks and nothing else, where no amount has a sign; or else None."""
    amount = index.get("amount_gbp")
    named = [i for i, header in enumerate(headers) if i not in index.values() and _names_both(header)]
    if amount is None or len(named) != 1:
        return None
    marks = {cell_of(row, named[0]).lower() for row in body} - {""}
    if not marks & CREDIT_MARKS or not marks & DEBIT_MARKS or marks - CREDIT_MARKS - DEBIT_MARKS:
        return None
    signed = any(cell_of(row, amount)[:1] in {"-", "("} or cell_of(row, amount)[-1:] == "-" for row in body)
    return None if signed else named[0]


def is_credit(mark: str) -> bool:
    return mark.lower() in CREDIT_MARKS


def _names_both(header: str) -> bool:
    return len(HEADING_WORDS.intersection(normalise(header).split())) == 2
