from __future__ import annotations

from datetime import date

from published.reports.facts import Report
from published.reports.timelines import calendars


def months(year: int, *statuses: str) -> list[dict[str, object]]:
    return [
        {"series": "spend_over_threshold", "due_month": date(year, place, 1), "calendar_status": status}
        for place, status in enumerate(statuses, start=1)
    ]


def test_years_that_follow_one_another_with_one_status_make_one_row_of_the_table() -> None:
    absent = ["not_observed"] * 12
    report = Report("hm-example", "HM Example", "hm-example")
    report.calendar = [
        *months(2010, "published", *absent[1:]),
        *months(2011, *absent),
        *months(2012, *absent),
        *months(2013, *["late"] * 12),
        *months(2014, *["published"] * 12),
        *months(2015, "too_early"),
    ]
    (one,) = calendars(report)
    assert [(years, len(row), alike) for years, row, alike in one["rows"]] == [
        ("2010", 12, ""),
        ("2011 to 2012", 0, "not_observed"),
        ("2013", 12, ""),  # how many days each was late is told month by month
        ("2014", 0, "published"),
        ("2015", 12, ""),
    ]
