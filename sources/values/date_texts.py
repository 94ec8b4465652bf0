"""One text to the dates it can mean. Which of several is meant is decided from the whole column, in dates.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sources.periods.model import Period
from sources.periods.months import MONTH_PATTERN, MONTHS

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are implausible for a payment and are not read."""

_LONGEST = 80
_SERIAL_ORIGIN = date(1899, 12, 30)  # day 0 of the 1900 system, for days after its false 29 February 1900
_TEXT_MARKS = str.maketrans({"\u00a0": " ", "’": "'", **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")})

_SEPARATOR = r"(?: ?[-/.\\] ?| )"
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})", re.ASCII)
_NUMERIC = re.compile(rf"(\d\d?){_SEPARATOR}(\d\d?){_SEPARATOR}(\d{{2}}|\d{{4}}|0\d{{4}})", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d\d?){_SEPARATOR}(\d\d?)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\.0+)?", re.ASCII)
SERIALS = range(20_000, 60_001)
"""Days that a spreadsheet may write as a number: October 1954 to April 2064."""
_SERIAL = re.compile(r"(\d{5})(?:\.\d*)?", re.ASCII)
_BETWEEN = r"[-/., ]{0,3}"
_NAMED = re.compile(
    rf"(\d\d?)(?:st|nd|rd|th)?{_BETWEEN}(?:of )?({MONTH_PATTERN})(?![a-z]){_BETWEEN}'?(\d{{2}}|\d{{4}}|0\d{{4}})",
    re.ASCII,
)
_NAME_FIRST = re.compile(
    rf"({MONTH_PATTERN})(?![a-z]){_BETWEEN}(\d\d?)(?:st|nd|rd|th)?[-/., ]{{1,3}}(\d{{4}})", re.ASCII
)
_YEAR_NAMED = re.compile(rf"(\d{{4}}){_BETWEEN}({MONTH_PATTERN})(?![a-z]){_BETWEEN}(\d\d?)", re.ASCII)
_MONTH_YEAR = re.compile(rf"({MONTH_PATTERN})(?![a-z]){_BETWEEN}'?(\d{{4}}|\d{{2}})", re.ASCII)
_YEAR_MONTH_NAME = re.compile(rf"(\d{{4}}){_BETWEEN}({MONTH_PATTERN})", re.ASCII)
_MONTH_NUMBERS = re.compile(r"(?:(\d{4})[-/. ]?(\d\d)|(\d\d?)[-/](\d{4}))", re.ASCII)
_DAY_AND_NAME = re.compile(rf"(\d\d?)(?:st|nd|rd|th)?{_BETWEEN}({MONTH_PATTERN})", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?(?:[.,] ?| )")
_TIME = re.compile(
    r"(?:t| |, ?)\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?z| ?utc| ?gmt| ?bst| ?[-+]\d\d:?\d\d)?",
    re.ASCII,
)
_TRAILING = re.compile(r"(.*\d)[ ,;(][^\d]*", re.ASCII)
_DAMAGED = re.compile(r"[\d/.\- ]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class DateText:
    """What one text can mean.

    `day_first` and `month_first` differ where the order matters: both set means ambiguous (or equal), one alone proves the
    order. `fixed` says that no order is in question. `candidates` are readings of a damaged text, for the period to choose.
    """

    day_first: date | None = None
    month_first: date | None = None
    fixed: bool = True
    precision: str = "day"
    flags: tuple[str, ...] = ()
    candidates: tuple[date, ...] = ()


UNREADABLE = DateText()


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day or the year is implausible."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_date_text(text: str, period: Period | None) -> DateText:
    """All that one cell says; blank texts are the caller's. Never raises."""
    if len(text) > _LONGEST:
        return UNREADABLE
    text = " ".join(text.translate(_TEXT_MARKS).lower().split()).lstrip("'").strip(" .,;")
    text = _WEEKDAY.sub("", text)
    found = _read_bare(text, period)
    if found is not UNREADABLE:
        return found
    for time in _TIME.finditer(text):
        if time.end() == len(text):
            found = _read_bare(text[: time.start()], period)
            if found is not UNREADABLE:
                return found
    trailing = _TRAILING.fullmatch(text)
    if trailing:
        found = _read_bare(trailing[1], period)
        if found is not UNREADABLE and not found.candidates:
            return DateText(
                found.day_first, found.month_first, found.fixed, found.precision, (*found.flags, "date_extra_text")
            )
    return UNREADABLE


def _read_bare(text: str, period: Period | None) -> DateText:
    for read in (_numeric, _named, _month_only, _serial, _damaged):
        found = read(text, period)
        if found is not None:
            return found
    return UNREADABLE


def _numeric(text: str, period: Period | None) -> DateText | None:
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        year, month, day = map(int, match.groups())
        return _fixed(day_of(year, month, day))
    match = _SLASHED.fullmatch(text) or _NUMERIC.fullmatch(text)
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    year, flags = _year(match[3], period)
    day_first, month_first = day_of(year, second, first), day_of(year, first, second)
    if day_first is None and month_first is None:
        return UNREADABLE
    return DateText(day_first, month_first, day_first == month_first, "day", flags)


def _named(text: str, period: Period | None) -> DateText | None:
    match = _NAMED.fullmatch(text)
    if match:
        day, name, year_text = match.groups()
    elif match := _NAME_FIRST.fullmatch(text):
        name, day, year_text = match.groups()
    elif match := _YEAR_NAMED.fullmatch(text):
        year_text, name, day = match.groups()
    else:
        return None
    year, flags = _year(year_text, period)
    return _fixed(day_of(year, MONTHS[name], int(day)), flags=flags)


def _month_only(text: str, period: Period | None) -> DateText | None:
    if match := _MONTH_YEAR.fullmatch(text):
        month, year_text = MONTHS[match[1]], match[2]
    elif match := _YEAR_MONTH_NAME.fullmatch(text):
        month, year_text = MONTHS[match[2]], match[1]
    elif match := _MONTH_NUMBERS.fullmatch(text):
        month, year_text = int(match[2] or match[3]), match[1] or match[4]
    else:
        return None
    year, flags = _year(year_text, period)
    return _fixed(day_of(year, month, 1), "month", ("date_month_only", *flags))


def _serial(text: str, _period: Period | None) -> DateText | None:
    match = _SERIAL.fullmatch(text)
    if match and int(match[1]) in SERIALS:
        day = _SERIAL_ORIGIN + timedelta(days=int(match[1]))
        return _fixed(day_of(day.year, day.month, day.day), flags=("date_serial",))
    return None


def _damaged(text: str, period: Period | None) -> DateText | None:
    """Texts with a separator too many, or a day and month or a month alone without a year: the period may leave one reading."""
    days: set[date | None] = set()
    precision = "day"
    if text in MONTHS:
        precision = "month"
        days = {month for month in period.months if month.month == MONTHS[text]} if period else set()
    elif match := _DAY_AND_NAME.fullmatch(text):
        years = sorted({month.year for month in period.months}) if period else []
        days = {day_of(year, MONTHS[match[2]], int(match[1])) for year in years}
    elif _DAMAGED.fullmatch(text):
        parts = re.findall(r"\d+", text)
        triples = [parts] if len(parts) == 3 else []
        if len(parts) == 4:
            triples = [[*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :]] for at in range(3)]
        for first, second, year in triples:
            if len(first) <= 2 and len(second) <= 2 and len(year) == 4:
                days |= {day_of(int(year), int(second), int(first)), day_of(int(year), int(first), int(second))}
    found = tuple(sorted(day for day in days if day))
    flags = ("date_month_only",) if precision == "month" else ()
    return DateText(precision=precision, flags=flags, candidates=found) if found else None


def _fixed(day: date | None, precision: str = "day", flags: tuple[str, ...] = ()) -> DateText:
    return DateText(day, day, True, precision, flags) if day else UNREADABLE


def _year(text: str, period: Period | None) -> tuple[int, tuple[str, ...]]:
    number = int(text)
    if len(text) == 4 and number >= 100:
        return number, ()
    if len(text) == 5:
        return number, ("date_year_repaired",)
    # Two digits: the plausible century that is nearest to the period, or else the one that began before 2090.
    near = period.start.year if period else 2040
    fitting = [year for year in (1900 + number, 2000 + number) if FIRST_YEAR <= year <= LAST_YEAR and number < 100]
    return min(fitting, key=lambda year: (abs(year - near), year), default=0), (
        () if len(text) <= 2 else ("date_year_repaired",)
    )
