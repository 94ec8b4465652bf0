"""Which period a file is for, and on what evidence. What the name and titles can mean is found in names.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sources.periods.model import Period
from sources.periods.names import (
    months_in_text,
    periods_in_text,
    publication_days_in_text,
    unsure_periods_in_text,
)

_MOST = 0.5
_FEW = 0.1
_NEARLY_ALL = 0.9


def publication_period(
    file_name: str,
    titles: Sequence[str],
    dates: Sequence[date | None],
    declared: Period | None = None,
    *,
    title: str = "",
    page_title: str = "",
) -> tuple[Period | None, str]:
    """The period and its evidence, a code of schema/codes/period_evidence.yaml.

    `titles` stand in the file; `title` and `page_title` are what the source's page calls the file, and itself.

    What the source declares comes first, then the name, then the page's title of the file, then the titles inside, then the
    page's own title, then the dates. A page can be one of a whole year: its own title gives way where nine dates in ten lie
    in a shorter period within. Of several periods in one text, the
    shortest that holds most of the dates is taken, or else the first. A name keeps its word where the dates lie elsewhere: the
    file was published as that month, and a rule says that its lines are of another. Only where a digit between month and
    year makes it doubtful which period the name means is it dropped when no date lies in it.
    """
    if declared:
        return declared, "declared"
    found = Counter(dates)
    days: Counter[date] = Counter({day: count for day, count in found.items() if day})
    if named := _named_period(file_name, days):
        return named, "name_and_dates" if _share(named, days) > _MOST else "file_name"
    return next(_unnamed(titles, days, title, page_title), None) or _uploaded(file_name, title, titles)


def _unnamed(titles: Sequence[str], days: Counter[date], title: str, page_title: str) -> Iterator[tuple[Period, str]]:
    """The period of a file whose name tells none: by each other kind of evidence, the strongest first."""
    if announced := _named_period(title, days):
        yield announced, "declared"
    for inside in titles:
        if titled := _named_period(inside, days):
            yield titled, "title"
    dated, paged = _dated_period(days), _named_period(page_title, days)
    if paged and not (dated and len(dated.months) < len(paged.months) and paged.contains(dated.start)):
        yield paged, "declared"
    if dated:
        yield dated, "dates"


def _uploaded(file_name: str, title: str, titles: Sequence[str]) -> tuple[Period | None, str]:
    """A day in a name is mostly that of the upload; better than nothing where there is nothing else."""
    for text, evidence in [(file_name, "file_name"), (title, "declared"), *((inside, "title") for inside in titles)]:
        for period in publication_days_in_text(text):
            return period, evidence
    return None, "none"


def _named_period(text: str, days: Counter[date]) -> Period | None:
    found = periods_in_text(text)
    if days and (unsure := unsure_periods_in_text(text)):
        found = [period for period in found if period not in unsure or _share(period, days)]
    if found:
        # A year holds the dates of each of its months, so the shortest that holds most of them says more.
        agreeing = [period for period in found if _share(period, days) > _MOST]
        return min(agreeing, key=lambda period: len(period.months), default=found[0])
    for first, count in months_in_text(text):
        year = _year_of_month(first, count, days)
        if year:
            return Period.of_months(year, first, count)
    return None


def _year_of_month(first: int, count: int, days: Counter[date]) -> int | None:
    """The year in which most of the dates lie in the `count` months from `first` on.

    Or else the year that holds the most of them, where hardly any lie later: lists dated by invoice reach back for months.
    """
    years = sorted({day.year for day in days} | {day.year - 1 for day in days})
    held = {year: _share(Period.of_months(year, first, count), days) for year in years}
    best = max(years, key=lambda year: held[year], default=None)
    if best is None or held[best] < _FEW:
        return None
    end = Period.of_months(best, first, count).end
    not_later = sum(n for day, n in days.items() if day <= end)
    return best if held[best] > _MOST or not_later >= _NEARLY_ALL * sum(days.values()) else None


def _dated_period(days: Counter[date]) -> Period | None:
    """The shortest of month, quarter and financial year that holds nine dates in ten."""
    for months in (1, 3, 12):
        starts: Counter[Period] = Counter()
        for day, count in days.items():
            # Quarters and financial years both start from April.
            month = day.year * 12 + (day.month - 1 - 3) // months * months + 3
            starts[Period.of_months(month // 12, month % 12 + 1, months)] += count
        period, held = max(starts.items(), key=lambda item: (item[1], item[0].start), default=(None, 0))
        if period and held >= _NEARLY_ALL * sum(days.values()):
            return period
    return None


def _share(period: Period, days: Counter[date]) -> float:
    total = sum(days.values())
    return sum(count for day, count in days.items() if period.contains(day)) / total if total else 0.0
