"""Text of a period -> its days and a label that sorts. Each form is declared by the dataset, never guessed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
FINANCIAL_YEAR = re.compile(r"(?:FY\s*)?((?:19|20)\d\d)\s*[-/\N{EN DASH}]\s*((?:19|20)?\d\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
FIRST_MONTHS_OF_QUARTERS = {1: 1, 2: 4, 3: 7, 4: 10}
DECEMBER, MARCH, APRIL = 12, 3, 4


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and the label: 2024-25, 2024, 2024-06, 2024-Q2, 'year to 2024-06' or a day."""

    label: str
    start: date
    end: date


def month(year: int, number: int) -> Period:
    return Period(f"{year}-{number:02d}", date(year, number, 1), month_end(year, number))


def month_end(year: int, number: int) -> date:
    return date(year, number, calendar.monthrange(year, number)[1])


def financial_year(begins: int) -> Period:
    return Period(f"{begins}-{(begins + 1) % 100:02d}", date(begins, APRIL, 1), date(begins + 1, MARCH, 31))


def twelve_months_to(end: date) -> Period:
    """The twelve months that end with the month of `end`."""
    last = month_end(end.year, end.month)
    first = last.replace(year=last.year - 1, day=1)
    start = date(first.year + first.month // DECEMBER, first.month % DECEMBER + 1, 1)
    return Period(f"year to {last:%Y-%m}", start, last)


def between(start: date, end: date) -> Period:
    """A range of days as the shortest label that says it."""
    if end == twelve_months_to(end).end and twelve_months_to(end).start == start:
        return twelve_months_to(end)
    return Period(f"{start.isoformat()} to {end.isoformat()}", start, end)


@lru_cache(maxsize=4096)
def read_period(text: str, form: str) -> Period | None:
    """The period that `text` names in the declared form; None where it names none. Raises KeyError for an unknown form."""
    try:
        return FORMS[form](" ".join(text.split()))
    except (ValueError, OverflowError):
        return None


def _financial_year(text: str) -> Period | None:
    found = FINANCIAL_YEAR.search(text)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
        return None
    return financial_year(int(found[1]))


def _financial_year_begun(text: str) -> Period | None:
    return financial_year(int(text)) if YEAR.fullmatch(text) else None


def _calendar_year(text: str) -> Period | None:
    found = YEAR.search(text)
    return Period(found[0], date(int(found[0]), 1, 1), date(int(found[0]), DECEMBER, 31)) if found else None


def _month(text: str) -> Period | None:
    if found := re.fullmatch(r"((?:19|20)\d\d)-(\d\d)(?:-\d\d)?", text):
        return month(int(found[1]), int(found[2]))
    if found := re.search(r"([A-Za-z]{3,9})[-_ ]+((?:19|20)\d\d)", text):
        return month(int(found[2]), MONTHS[found[1].lower()]) if found[1].lower() in MONTHS else None
    return None


def _quarter(text: str) -> Period | None:
    """2024-Q2 is April to June 2024; 2024-25 Q1 is the same quarter, counted from April."""
    if found := re.search(r"((?:19|20)\d\d)-(\d\d) Q([1-4])", text):
        year = financial_year(int(found[1]))
        if year.label[-2:] != found[2]:
            return None
        at = int(found[3])
        calendar_year, number = (
            (int(found[1]), at + 1) if at < max(FIRST_MONTHS_OF_QUARTERS) else (int(found[1]) + 1, 1)
        )
        return _calendar_quarter(calendar_year, number)
    if found := re.search(r"((?:19|20)\d\d)[- ]?Q([1-4])", text):
        return _calendar_quarter(int(found[1]), int(found[2]))
    return None


def _calendar_quarter(year: int, number: int) -> Period:
    first = FIRST_MONTHS_OF_QUARTERS[number]
    return Period(f"{year}-Q{number}", date(year, first, 1), month_end(year, first + 2))


def _year_before_quarter(text: str) -> Period | None:
    """The twelve months before the quarter in which they were published: 2013-Q2 is April 2012 to March 2013."""
    quarter = _quarter(text)
    return twelve_months_to(quarter.start - timedelta(days=1)) if quarter else None


def _months_range(text: str) -> Period | None:
    """April 2012 to March 2013, or 2012-04/2013-03."""
    if found := re.search(r"((?:19|20)\d\d)-(\d\d)/((?:19|20)\d\d)-(\d\d)", text):
        start, end = month(int(found[1]), int(found[2])), month(int(found[3]), int(found[4]))
    elif found := re.search(r"([A-Za-z]+) ((?:19|20)\d\d) to ([A-Za-z]+) ((?:19|20)\d\d)", text):
        names = (found[1].lower(), found[3].lower())
        if not all(name in MONTHS for name in names):
            return None
        start, end = month(int(found[2]), MONTHS[names[0]]), month(int(found[4]), MONTHS[names[1]])
    else:
        return None
    return between(start.start, end.end) if start.start < end.end else None


def _day(text: str) -> Period | None:
    day = date.fromisoformat(text[:10])
    return Period(day.isoformat(), day, day)


FORMS: dict[str, Callable[[str], Period | None]] = {
    "financial_year": _financial_year,
    "financial_year_begun": _financial_year_begun,
    "calendar_year": _calendar_year,
    "month": _month,
    "quarter": _quarter,
    "year_before_quarter": _year_before_quarter,
    "months_range": _months_range,
    "day": _day,
}
"""Name of a form, as a dataset declares it, to the function that reads it."""
