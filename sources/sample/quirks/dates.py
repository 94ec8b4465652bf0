"""How days are written."""

from __future__ import annotations

from datetime import date

from sources.sample.drafts import Draft

_EPOCH = date(1899, 12, 30)


def iso_dates(draft: Draft) -> None:
    """Year first."""
    draft.day_format = lambda line: f"{line.day:%Y-%m-%d}"


def dates_with_month_names(draft: Draft) -> None:
    """01-Jun-23."""
    draft.day_format = lambda line: f"{line.day:%d-%b-%y}"


def dates_in_words(draft: Draft) -> None:
    """1 June 2023."""
    draft.day_format = lambda line: f"{line.day:%d %B %Y}"


def months_only(draft: Draft) -> None:
    """Jun-23: the day is not published."""
    for line in draft.lines:
        line.day, line.precision = (line.day or date(2022, 4, 1)).replace(day=1), "month"
    draft.day_format = lambda line: f"{line.day:%b-%y}"


def month_first(draft: Draft) -> None:
    """A whole file with American dates."""
    draft.day_format = lambda line: f"{line.day.month}/{line.day.day}/{line.day.year}" if line.day else ""


def mixed_date_forms(draft: Draft) -> None:
    """Two ways of writing days in one file."""
    draft.day_format = lambda line: f"{line.day:%d/%m/%Y}" if int(line.number) % 2 else f"{line.day:%d-%b-%Y}"


def serial_dates(draft: Draft) -> None:
    """A spreadsheet's day numbers."""
    draft.day_format = lambda line: str((line.day - _EPOCH).days) if line.day else ""


def year_with_leading_zero(draft: Draft) -> None:
    """The year 02023 in one line."""
    odd = draft.lines[3]
    draft.day_format = lambda line: f"{line.day:%d/%m/0%Y}" if line is odd else f"{line.day:%d/%m/%Y}"


def impossible_date(draft: Draft) -> None:
    """The 31st of a month that has none, and a blank: neither becomes a date."""
    bad, blank = draft.lines[2], draft.lines[4]
    bad.day, bad.precision, blank.day, blank.precision = None, None, None, None
    draft.day_format = lambda line: "31/02/2023" if line is bad else "" if line is blank else f"{line.day:%d/%m/%Y}"


def dates_with_times(draft: Draft) -> None:
    """A time of day that nobody meant."""
    draft.day_format = lambda line: f"{line.day:%d/%m/%Y} 00:00:00"
