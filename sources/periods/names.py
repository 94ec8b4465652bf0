"""The periods that a file name, title or sheet name speaks of. Which of them a file is for is decided in publication.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sources.periods.model import Period
from sources.periods.months import MONTH_PATTERN, MONTHS

Found = list[Period]
Pattern = tuple[re.Pattern[str], Callable[[re.Match[str]], Found]]

_YEARS = range(2000, 2050)
_YEARS_OF_FOUR_DIGITS = range(2009, 2040)
"""Years that YYMM can mean: publication began in 2010, of spending from 2009 on. Wider, and any number would be a month."""

_M = rf"(?<![a-z])(?:{MONTH_PATTERN})(?![a-z])"
_GAP = r"[^a-z0-9|]{0,3}"
_DAY = r"(?:\d\d?(?:st|nd|rd|th)?[^a-z0-9|]{1,3})?"
_TO = r"[^a-z0-9|]{1,3}(?:(?:to|until|and|through)[^a-z0-9|]{1,3})?"
_Y = r"(?<!\d)(?:20\d\d|\d\d)(?!\d)"
_FY = r"(?<!\d)20\d\d[-_/ ]?(?:20)?\d\d(?!\d)"
_SEP = r"[-_/. ]"

_EXTENSION = re.compile(r"\.(?:csv|xlsx?|ods|zip|html?|txt)_?(?=\.|$)")
_ENCODED_SPACE = re.compile(r"_20(?=[a-z]|\d{4}(?:\D|$)|\d{2,3}k)")
_MONEY = re.compile(
    r"(?:_c2)?_a3(?=\d)"  # what is left of an address-encoded pound sign
    r"|(?:£|gbp|(?<![a-z0-9]))\d{1,3}(?:,?000)? ?k(?![a-z])"
    r"|(?:over|above|exceeding)[^a-z0-9]{1,4}(?:gbp ?)?(?:\d{1,3}[,_ ]\d{3}|\d{1,3}|\d{1,2}00|\d{2,3}000)(?:[.]\d\d)?(?!\d)"
    r"|£\d[\d,]*(?:[.]\d\d)?"
)


def periods_in_text(text: str) -> Found:
    """Candidate periods, most specific first, without repetitions; days of publication and months without a year are none."""
    return _periods(text, _PATTERNS)


def unsure_periods_in_text(text: str) -> Found:
    """Those of `periods_in_text` that rest on a digit between month and year ('may1_12'), which may mean something else."""
    sure = _periods(text, [pattern for pattern in _PATTERNS if pattern not in _UNSURE])
    return [period for period in periods_in_text(text) if period not in sure]


def publication_days_in_text(text: str) -> Found:
    """The months of numeric days such as `18-10-2011`: mostly the day of an upload, so weak evidence."""
    return _periods(text, _DAYS)


def months_in_text(text: str) -> Iterator[tuple[int, int]]:
    """Months without a year, as number of the first month and count of months; ranges first."""
    clean = _clean(text)
    for match in re.finditer(rf"({_M}){_TO}({_M})", clean):
        first, last = MONTHS[match[1]], MONTHS[match[2]]
        yield first, (last - first) % 12 + 1
    for match in re.finditer(_M, clean):
        yield MONTHS[match[0]], 1


def _clean(text: str) -> str:
    text = text[:500].lower().replace("%20", " ").replace("+", " ").replace("–", "-").replace("—", "-")
    text = _EXTENSION.sub(" ", text)
    if text.count("_20") > 1 and re.search("_20[a-z]", text):
        text = _ENCODED_SPACE.sub(" ", text)
    return _MONEY.sub(" | ", text)


def _periods(text: str, patterns: list[Pattern]) -> Found:
    clean = _clean(text)
    found: dict[Period, None] = {}
    for pattern, read in patterns:
        for match in pattern.finditer(clean):
            periods = read(match)
            if periods:
                found.update(dict.fromkeys(periods))
                # A longer form explains its characters; a shorter one must not read them again.
                clean = clean[: match.start()] + "|" * len(match[0]) + clean[match.end() :]
    return list(found)


def _months(year: int, month: int, count: int = 1) -> Found:
    if year in _YEARS and 1 <= month <= 12 and 0 < count <= 36:
        return [Period.of_months(year, month, count)]
    return []


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _financial_start(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    start = int(digits[:4])
    return start if int(digits[-2:]) == (start + 1) % 100 else None


def _range(match: re.Match[str]) -> Found:
    first, last, year = MONTHS[match["first"]], MONTHS[match["last"]], _year(match["year"])
    start = _year(match["start"]) if match["start"] else year - (first > last)
    return _months(start, first, (year - start) * 12 + last - first + 1)


def _in_financial_year(match: re.Match[str]) -> Found:
    start = _financial_start(match["year"])
    if start is None:
        return []
    first, last = MONTHS[match["first"]], MONTHS[match["last"] or match["first"]]
    return _months(start + (first < 4), first, (last - first) % 12 + 1)


def _month(match: re.Match[str]) -> Found:
    return _months(_year(match["year"]), MONTHS[match["month"]])


def _numbers(match: re.Match[str]) -> Found:
    return _months(_year(match["year"]), int(match["month"]))


def _numeric_range(match: re.Match[str]) -> Found:
    year, month = _year(match["year1"]), int(match["month1"])
    return _months(year, month, (_year(match["year2"]) - year) * 12 + int(match["month2"]) - month + 1)


def _quarter(match: re.Match[str]) -> Found:
    start, quarter = _financial_start(match["year"]), int(match["quarter"])
    if start is None:
        return []
    return _months(start + (quarter == 4), 1 if quarter == 4 else 1 + 3 * quarter, 3)


def _two_numbers(match: re.Match[str]) -> Found:
    """`2010-08` is a month, `2012-13` a financial year, `2010-11` either: the financial year first, as it is written so."""
    financial = _financial_year(match)
    month = _months(int(match["year"][:4]), int(match["year"][-2:]))
    return financial + month


def _six_digits(match: re.Match[str]) -> Found:
    """`201008` is a month; `201213` a financial year; `201112` either: the month first; `122015` the month before the year."""
    digits = match["year"]
    found = _months(int(digits[:4]), int(digits[4:]))
    if int(digits[:4]) in _YEARS:
        found += _financial_year(match)
    return found or _months(int(digits[2:]), int(digits[:2]))


def _four_digits(match: re.Match[str]) -> Found:
    """`1105` is May 2011; `1011` that or a financial year; what can be a year as it stands is no month."""
    year, last = 2000 + int(match["year"][:2]), int(match["year"][2:])
    if year not in _YEARS_OF_FOUR_DIGITS or int(match["year"]) in _YEARS:
        return []
    financial = [Period.of_financial_year(year)] if last == (year + 1) % 100 else []
    return _months(year, last) + financial


def _financial_year(match: re.Match[str]) -> Found:
    start = _financial_start(match["year"])
    return [Period.of_financial_year(start)] if start is not None and start in _YEARS else []


def _compiled(*patterns: tuple[str, Callable[[re.Match[str]], Found]]) -> list[Pattern]:
    return [(re.compile(pattern, re.ASCII), read) for pattern, read in patterns]


_NUMERIC_DAY = r"(?<!\d)\d\d?[-_/.](?P<month>\d\d?)[-_/.](?P<year>20\d\d|\d\d)(?!\d)"
_NUMERIC_RANGE = (
    r"(?<!\d)\d\d?[-/.](?P<month1>\d\d?)[-/.](?P<year1>20\d\d|\d\d)"
    rf"{_TO}\d\d?[-/.](?P<month2>\d\d?)[-/.](?P<year2>20\d\d|\d\d)(?!\d)"
)
_QUARTER = r"(?<![a-z0-9])q(?:uarter|tr)?[-_ ]?(?P<quarter>[1-4])"

_DIGIT_BETWEEN = rf"(?P<month>{_M})\d[-_ ](?P<year>{_Y})"

_PATTERNS = _compiled(
    (rf"(?P<first>{_M})(?:{_TO}(?P<last>{_M}))?{_GAP}(?P<year>{_FY})", _in_financial_year),
    (rf"(?P<first>{_M}){_GAP}(?P<start>{_Y})?{_TO}{_DAY}(?P<last>{_M}){_GAP}(?P<year>{_Y})", _range),
    (_NUMERIC_RANGE, _numeric_range),
    (rf"{_QUARTER}[^a-z0-9|]{{1,3}}(?:fy)?(?P<year>{_FY})", _quarter),
    (rf"(?P<year>{_FY})[^a-z0-9|]{{1,3}}{_QUARTER}(?!\d)", _quarter),
    (rf"(?P<month>{_M}){_GAP}(?P<year>{_Y})", _month),
    # "copy 1 of May 12": a digit between month and year
    (_DIGIT_BETWEEN, _month),
    (rf"(?<!\d)(?P<year>20\d\d){_GAP}(?P<month>{_M})", _month),
    # a full name that other letters run into, with the year right behind it
    (
        r"(?P<month>january|february|march|april|june|july|august|september|october|november|december)(?P<year>20\d\d)(?!\d)",
        _month,
    ),
    (rf"(?<![\d])(?<!\d[-_/.])(?P<year>20\d\d{_SEP}\d\d)(?![\d])(?!{_SEP}\d)", _two_numbers),
    (rf"(?<![\d])(?P<year>20\d\d{_SEP}20\d\d)(?![\d])", _financial_year),
    (rf"(?<!\d)(?<!\d[-_/.])(?P<month>0\d|1[0-2]){_SEP}(?P<year>20\d\d)(?!\d)", _numbers),
    (r"(?<!\d)(?P<year>\d{6})(?!\d)", _six_digits),
    (r"(?<![a-z0-9])(?P<year>\d{4})(?![a-z0-9])", _four_digits),
)

_UNSURE = _compiled((_DIGIT_BETWEEN, _month))
_DAYS = _compiled(
    (_NUMERIC_DAY, _numbers),
    (r"(?<!\d)(?P<year>20\d\d)[-_/.](?P<month>\d\d?)[-_/.]\d\d?(?!\d)", _numbers),
)
