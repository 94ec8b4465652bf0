"""Text cells to money and dates, column by column. No knowledge of files, headings or rows."""

from __future__ import annotations

from sources.values.amounts import Amounts, amounts_to_decimal, looks_like_amount, parse_amounts
from sources.values.dates import Dates, looks_like_date, looks_like_serial, parse_dates

__all__ = [
    "Amounts",
    "Dates",
    "amounts_to_decimal",
    "looks_like_amount",
    "looks_like_date",
    "looks_like_serial",
    "parse_amounts",
    "parse_dates",
]
