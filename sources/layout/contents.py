"""What a column's cells are like, from a sample of rows: shares of dates, amounts, words, digits."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sources.layout.find import MAXIMUM_COLUMNS
from sources.values import looks_like_amount, looks_like_date, looks_like_serial

SAMPLE_ROWS = 120
"""Rows looked at, spread evenly over the table."""
CLEAR_SHARE = 0.9
"""Share of a column's cells that must be of one kind for its meaning to be inferred without a heading."""
LETTERS = string.ascii_letters.encode()
WRONG_SHARE = 0.5
"""A column headed as date or amount of which fewer cells are so stands under the wrong heading."""


@dataclass(frozen=True, slots=True)
class Content:
    """Cells filled; the shares of these that are dates, amounts, amounts written as money, words, digits only, a
    spreadsheet's numbers of days; and how many different texts they are.
    """

    filled: int = 0
    dates: float = 0.0
    amounts: float = 0.0
    money: float = 0.0
    words: float = 0.0
    digits: float = 0.0
    serials: float = 0.0
    kinds: int = 0


def contents_of(body: Sequence[Sequence[str]], at_least: int = 0) -> list[Content]:
    """Contents of each column, as many as the widest row has, or `at_least`; at most MAXIMUM_COLUMNS.

    The width is that of all rows, since a cell to the right of the others would be lost where its row is not sampled.
    """
    step = max(1, len(body) // SAMPLE_ROWS)
    rows = [row for row in body[::step] if any(row)] or [row for row in body if any(row)][:SAMPLE_ROWS]
    width = max(at_least, max(map(len, rows), default=0))
    if max(map(len, body), default=0) > width:
        width = max(width, max((len(row) for row in body if any(row)), default=0))
    return [
        _content([text for row in rows if column < len(row) and (text := row[column].strip())])
        for column in range(min(MAXIMUM_COLUMNS, width))
    ]


def _content(cells: list[str]) -> Content:
    count = len(cells)
    if not count:
        return Content()
    times = Counter(cells)  # most columns repeat few texts

    def share(texts: Iterable[str]) -> float:
        return sum(map(times.__getitem__, texts)) / count

    amounts = list(filter(looks_like_amount, times))
    return Content(
        filled=count,
        dates=share(filter(looks_like_date, times)),
        amounts=share(amounts),
        # Bare digits may be a number of anything; one pound sign, comma or decimal point in the column shows money.
        money=share(amounts) if any(not cell.isdigit() for cell in amounts) else 0.0,
        words=share(filter(_is_wordy, times)),
        digits=share(filter(str.isdigit, times)),
        serials=share(filter(looks_like_serial, times)),
        kinds=len(times),
    )


def _is_wordy(text: str) -> bool:
    """Whether letters are more than half of the text."""
    if text.isascii():  # most texts; five times as fast
        return 2 * len(text.encode().translate(None, LETTERS)) < len(text)
    return 2 * sum(map(str.isalpha, text)) > len(text)
