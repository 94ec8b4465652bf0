"""A date in two columns: the month in one, its year in another, as in `April | 2023` or `April | 2023/24`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sources.layout.cells import cell_of
from sources.layout.headers import normalise
from sources.periods.months import MONTHS

YEAR_HEADINGS = frozenset({"year", "calendar year", "financial year", "fiscal year", "accounting year", "fy"})

_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FINANCIAL_YEAR = re.compile(r"((?:19|20)\d\d) ?[-/] ?(?:20)?\d\d", re.ASCII)
FIRST_MONTH = 4
"""Of a financial year."""


def year_beside(headers: Sequence[str], index: Mapping[str, int], body: Sequence[Sequence[str]]) -> int | None:
    """The column of years, where the column of dates holds nothing but months without one; or else None."""
    months = index.get("payment_date")
    years = [i for i, header in enumerate(headers) if i not in index.values() and normalise(header) in YEAR_HEADINGS]
    if months is None or len(years) != 1:
        return None
    pairs = {(cell_of(row, months), cell_of(row, years[0])) for row in body} - {("", "")}
    dated = [pair for pair in pairs if month_of(*pair)]
    return years[0] if 2 * len(dated) > len(pairs) else None


def month_of(month: str, year: str) -> str:
    """The month as `yyyy-mm`, or '' where the two texts are no month and year."""
    number = MONTHS.get(month.lower().strip(" ."), 0)
    if not number and month.isdigit() and month.isascii() and 1 <= int(month) <= 12 and _YEAR.fullmatch(year):
        number = int(month)
    found = _YEAR.fullmatch(year)
    financial = _FINANCIAL_YEAR.fullmatch(year)
    if not number or not (found or financial):
        return ""
    first = int(found[0]) if found else int(financial[1]) + (number < FIRST_MONTH) if financial else 0
    return f"{first}-{number:02d}"
