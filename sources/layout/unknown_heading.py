"""A heading of which too few wordings are known: the row of words right above a table whose contents tell its columns."""

from __future__ import annotations

from collections.abc import Sequence

from sources.layout.columns import columns_of
from sources.layout.find import LEAST_TARGETS, TOP_ROWS, Heading, holds_values
from sources.layout.headers import match

LONGEST_WORDING = 60


def unknown_heading(rows: Sequence[list[str]], filled: Sequence[int]) -> Heading | None:
    """The last row of nothing but different words above the first row of values, if what stands below it shows one column of
    dates and one of amounts; or else None. `filled` are the rows that hold anything.
    """
    first = next((place for place, i in enumerate(filled[:TOP_ROWS]) if holds_values(rows[i])), 0)
    if not first:
        return None
    at, body = filled[first - 1], [rows[i] for i in filled[first:]]
    words = [cell.strip() for cell in rows[at] if cell.strip()]
    beside = sum(1 for cell in body[0] if cell.strip())
    if len(words) < LEAST_TARGETS or 2 * len(words) <= beside or len(set(words)) < len(words):
        return None
    if any(len(word) > LONGEST_WORDING or not any(map(str.isalpha, word)) for word in words):
        return None
    heading = Heading((at,), tuple(rows[at]), tuple(map(match, rows[at])))
    return heading if {"payment_date", "amount_gbp"} <= columns_of(heading, body).index.keys() else None
