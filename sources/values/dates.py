"""Text to dates, by the evidence of the whole column and of the publication's period.

Whether a date lies outside its period or in the future is a rule's business, not the reader's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from sources.periods.model import Period
from sources.values.date_texts import FIRST_YEAR, LAST_YEAR, SERIALS, DateText, read_date_text

Decided = tuple[date | None, str | None, tuple[str, ...]]

_DIGIT = re.compile(r"\d", re.ASCII)
_SUM = re.compile(r"-?£?(?:\d{1,3}|\d{5,}|\d{1,3}(?:,\d{3})+)\.\d\d", re.ASCII)
"""Pounds and pence, which no date looks like; four digits before the point may be a year before its month."""
_BLANK: Decided = (None, None, ("date_blank",))
_UNREADABLE: Decided = (None, None, ("date_unreadable",))


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of dates. `dates[i]` and `precisions[i]` (schema/codes/date_precisions.yaml) are None where cell i is empty or not
    read; `flags` has only cells that carry any; `order` is a code of schema/codes/date_orders.yaml.
    """

    dates: list[date | None]
    precisions: list[str | None]
    flags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    order: str = "none"


def parse_dates(texts: Sequence[str], period: Period | None = None, declared: str | None = None) -> Dates:
    """The dates of one column, in one order of day and month for the whole file where its dates allow. Never raises.

    Dates that can be read one way only prove the order; where none does, the period decides if most dates lie in it in one
    reading only; else day comes first and the dates that could be read both ways are flagged. Where both orders are proved
    (`mixed`), a date that could be either is taken as the period allows, else as the majority, and flagged. `declared` is
    the order that the publisher's entry states, for columns that prove none.
    """
    counts = Counter(texts)
    readings = {text: read_date_text(text, period) for text in counts if text and not text.isspace()}
    open_texts = [text for text, reading in readings.items() if not reading.fixed]
    order, proved = _order([(readings[text], counts[text]) for text in open_texts], period, declared)
    decided = {text: _decide(reading, order, proved, period) for text, reading in readings.items()}
    for text in counts:
        decided.setdefault(text, _BLANK)
    flagged = {text: flags for text, (_, _, flags) in decided.items() if flags}
    days = {text: day for text, (day, _, _) in decided.items()}
    precisions = {text: precision for text, (_, precision, _) in decided.items()}
    shown = "mixed" if order.startswith("mixed") else order
    return Dates(
        [days[text] for text in texts],
        [precisions[text] for text in texts],
        {index: flagged[text] for index, text in enumerate(texts) if text in flagged} if flagged else {},
        shown,
    )


def _order(open_readings: list[tuple[DateText, int]], period: Period | None, declared: str | None) -> tuple[str, bool]:
    """The order of the column, and whether anything decided it. `mixed_month` is a mixed column with more month-first dates."""
    if not open_readings:
        return "none", True
    day = sum(count for reading, count in open_readings if reading.month_first is None)
    month = sum(count for reading, count in open_readings if reading.day_first is None)
    if day or month:
        exchanged = (
            bool(day) != bool(month) and period is not None and _mostly_exchanged(open_readings, bool(month), period)
        )
        if exchanged or (day and month):
            return ("mixed_month" if month > day else "mixed"), True
        return ("day_first" if day else "month_first"), True
    if declared in {"day_first", "month_first"}:
        return declared, True
    return _order_by_period(open_readings, period)


def _order_by_period(open_readings: list[tuple[DateText, int]], period: Period | None) -> tuple[str, bool]:
    """The order in which alone most dates lie in the period; else day first, undecided."""
    if period:
        half = sum(count for _, count in open_readings) / 2
        day = sum(count for reading, count in open_readings if reading.day_first and period.contains(reading.day_first))
        month = sum(
            count for reading, count in open_readings if reading.month_first and period.contains(reading.month_first)
        )
        if (day > half) != (month > half):
            return ("day_first" if day > half else "month_first"), True
    return "day_first", False


def _decide(reading: DateText, order: str, proved: bool, period: Period | None) -> Decided:
    if reading.candidates:
        inside = [day for day in reading.candidates if period and period.contains(day)]
        return (inside[0], reading.precision, (*reading.flags, "date_mended")) if len(inside) == 1 else _UNREADABLE
    day_first, month_first = reading.day_first, reading.month_first
    if day_first is None and month_first is None:
        return _UNREADABLE
    if reading.fixed:
        return day_first, reading.precision, reading.flags
    month_wins = day_first is None
    flags = reading.flags
    if day_first and month_first:
        month_wins = order in {"month_first", "mixed_month"}
        if order.startswith("mixed"):
            if period and period.contains(day_first) != period.contains(month_first):
                month_wins = period.contains(month_first)
            flags = (*flags, "date_ambiguous")
        elif not proved:
            flags = (*flags, "date_ambiguous")
        elif period and _inside_only_if_exchanged(day_first, month_first, month_wins, period):
            flags = (*flags, "date_perhaps_exchanged")
    if month_wins:
        flags = (*flags, "date_month_first")
    return (month_first if month_wins else day_first), reading.precision, flags


def _mostly_exchanged(open_readings: list[tuple[DateText, int]], month_wins: bool, period: Period) -> bool:
    """Whether more of the dates up to the 12th lie in the period with day and month exchanged than in the proved order.

    A spreadsheet of another country's settings turns just these round and leaves the later days as they were typed. The
    later days have to bear the period out: a file named after another month than it holds proves nothing.
    """
    exchanged = inside = proved = proved_inside = 0
    for reading, count in open_readings:
        if not (reading.day_first and reading.month_first):
            proved += count
            day = reading.day_first or reading.month_first
            proved_inside += count if day and period.contains(day) else 0
        elif reading.day_first != reading.month_first:
            if _inside_only_if_exchanged(reading.day_first, reading.month_first, month_wins, period):
                exchanged += count
            elif period.contains(reading.month_first if month_wins else reading.day_first):
                inside += count
    return exchanged > max(inside, 1) and 2 * proved_inside > proved


def _inside_only_if_exchanged(day_first: date, month_first: date, month_wins: bool, period: Period) -> bool:
    read, other = (month_first, day_first) if month_wins else (day_first, month_first)
    return period.contains(other) and not period.contains(read)


@lru_cache(maxsize=65536)
def looks_like_date(text: str) -> bool:
    """Whether the text alone is a date or a month: for telling columns apart.

    Strict: a spreadsheet's serial number, six digits, a damaged date or one within other text is no evidence.
    """
    bare = text.strip()
    if not _DIGIT.search(bare) or _SUM.fullmatch(bare):
        return False
    if bare.isdigit() and (len(bare) != 8 or not FIRST_YEAR <= int(bare[:4]) <= LAST_YEAR):
        return False
    reading = read_date_text(bare, None)
    readable = reading.day_first is not None or reading.month_first is not None
    return readable and not {"date_serial", "date_extra_text"} & set(reading.flags)


def looks_like_serial(text: str) -> bool:
    """Whether the text may be a date as a spreadsheet counts it: evidence only under a heading that says so."""
    return len(text) == 5 and text.isdigit() and int(text) in SERIALS
