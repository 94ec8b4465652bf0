"""What a report shows over time: calendars and trends, as pictures with what the tables beside them say.

Does not belong here: how a picture is drawn (charts.py), or what the months and publications are (facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from published.reports import charts, facts
from published.reports.words import SEVERITIES, STATUS_WORDS, TIERS
from sources.schema.model import codes

if TYPE_CHECKING:
    from published.reports.facts import Publication, Report

TREND_PUBLICATIONS = 60
TREND_LEAST = 4
COMPARED = 12


def calendars(report: Report) -> list[dict[str, Any]]:
    """By series: its picture, the rows of the table that says the same, and the statuses that occur."""
    found: list[dict[str, Any]] = []
    for place, (series, months) in enumerate(facts.by_series(report.calendar).items(), start=1):
        years = facts.by_year(months)
        statuses = [row["calendar_status"] for row in months]
        picture = charts.calendar(
            f"calendar-{place}",
            f"Calendar of {facts.series_name(series).lower()}",
            f"A square a month, a row a year: {charts.in_words(statuses)}. The table below says the same.",
            {year: [one["calendar_status"] if one else None for one in twelve] for year, twelve in years.items()},
        )
        used = [status for status in STATUS_WORDS if status in statuses]
        found.append({"series": series, "rows": _year_rows(years), "picture": picture, "statuses": used})
    return found


def _year_rows(years: Mapping[int, Sequence[facts.Row | None]]) -> list[tuple[str, Sequence[facts.Row | None], str]]:
    """Years, months, and the status that all months share, empty where they do not or where days are told beside it. Years
    that follow one another with one status throughout make one row.
    """
    found: list[tuple[str, Sequence[facts.Row | None], str]] = []
    for alike, group in groupby(years.items(), key=lambda item: _shared_status(item[1])):
        some = list(group)
        if alike:
            first, last = some[0][0], some[-1][0]
            found.append((str(first) if first == last else f"{first} to {last}", (), alike))
        else:
            found += [(str(year), months, "") for year, months in some]
    return found


def _shared_status(months: Sequence[facts.Row | None]) -> str:
    statuses = {month["calendar_status"] if month else "" for month in months}
    return statuses.pop() if len(statuses) == 1 and "late" not in statuses else ""


def trends(report: Report) -> list[dict[str, Any]]:
    """The newest publications with a period, by series; a few publications are no trend."""
    found: list[dict[str, Any]] = []
    for series in codes("series"):
        newest_first = [
            one
            for one in report.publications.values()
            if one.row["series"] == series and one.row["period_start"] is not None
        ]
        if len(newest_first) < TREND_LEAST:
            continue
        shown = newest_first[:TREND_PUBLICATIONS][::-1]
        bars = [charts.Bar(one.period, *(one.failed(severity) for severity in SEVERITIES)) for one in shown]
        picture = charts.trend(
            f"trend-{len(found) + 1}",
            f"Rules failed by publication, {facts.series_name(series).lower()}",
            f"{len(bars)} publications from {bars[0].label} to {bars[-1].label}. The table below says the same.",
            bars,
        )
        found.append({"series": series, "bars": bars, "picture": picture, "compared": _better(newest_first)})
    return found


def _better(newest_first: Sequence[Publication]) -> str:
    """The newest publications beside as many before them, by tier; empty where there are too few to compare."""
    if len(newest_first) < 2 * COMPARED:
        return ""
    now, before = newest_first[:COMPARED], newest_first[COMPARED : 2 * COMPARED]
    said = []
    for tier, words in TIERS.items():
        counts = [sum(1 for one in some if one.tier == tier) for some in (now, before)]
        if any(counts):
            said.append(f"{words.lower()}: {counts[0]}, before {counts[1]}")
    return f"The newest {COMPARED} publications, and the {COMPARED} before: {'; '.join(said)}."
