"""When a month's list is due."""

from __future__ import annotations

from datetime import date

import pytest

from sources.timetable import months_between, timetable, timing


@pytest.mark.parametrize(
    ("kind", "series", "month", "due"),
    [
        ("ministerial_department", "spend_over_threshold", date(2024, 1, 1), date(2024, 2, 29)),
        ("ministerial_department", "spend_over_threshold", date(2023, 12, 1), date(2024, 1, 31)),
        ("agency", "spend_over_threshold", date(2010, 4, 1), date(2010, 11, 30)),
        ("nhs_trust", "spend_over_threshold", date(2010, 11, 1), date(2010, 12, 31)),
        ("ministerial_department", "purchasing_card", date(2020, 6, 1), date(2020, 7, 31)),
        ("council", "spend_over_threshold", date(2020, 4, 1), date(2020, 7, 31)),
        ("council", "spend_over_threshold", date(2020, 6, 1), date(2020, 7, 31)),
        ("council", "spend_over_threshold", date(2020, 10, 1), date(2021, 1, 31)),
        ("council", "spend_over_threshold", date(2011, 2, 1), date(2011, 4, 30)),
    ],
)
def test_a_list_is_due_at_the_end_of_the_month_after_its_period(kind: str, series: str, month: date, due: date) -> None:
    found = timing(kind, series, month)
    assert found is not None
    assert found.due_date(month) == due


def test_before_the_first_request_nothing_is_due() -> None:
    assert timing("ministerial_department", "spend_over_threshold", date(2010, 3, 1)) is None
    assert timing("ministerial_department", "purchasing_card", date(2011, 3, 1)) is None


def test_every_entry_is_cited_and_says_whether_it_was_verified() -> None:
    for one in timetable():
        assert one.source.startswith("https://www.gov.uk/")
        assert one.clause
        assert one.is_verified is False


def test_months_run_over_the_turn_of_a_year() -> None:
    assert months_between(date(2023, 11, 30), date(2024, 1, 1)) == [
        date(2023, 11, 1),
        date(2023, 12, 1),
        date(2024, 1, 1),
    ]
    assert months_between(date(2024, 2, 1), date(2024, 1, 31)) == []
