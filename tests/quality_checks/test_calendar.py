"""Each status of the calendar, by cases made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.schema_duckdb import create_table
from quality_checks.calendar import Withdrawn, build_calendar
from sources.publisher import Change, Publisher
from sources.registry import Registry
from sources.schema.model import table
from sources.searches import Search

SPEND = "spend_over_threshold"
AS_OF = date(2024, 9, 15)
OLD = Publisher(
    id="old-ministry", name="Old", kind="ministerial_department", family="ministerial_department",
    duty_start=date(2024, 1, 1), duty_end=date(2024, 4, 15),
)  # fmt: skip
NEW = Publisher(
    id="new-ministry", name="New", kind="ministerial_department", family="ministerial_department",
    duty_start=date(2024, 4, 15), predecessors=(Change(id="old-ministry", date=date(2024, 4, 15), what="All."),),
)  # fmt: skip
TOWN = Publisher(id="a-town", name="Town", kind="council", family="district_council", duty_start=date(2024, 4, 1))
REGISTRY = Registry([OLD, NEW, TOWN])
MAY, JUNE, JULY, AUGUST = (date(2024, month, 1) for month in (5, 6, 7, 8))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in ("core_distributions", "core_publications", "core_transactions", "core_publication_calendar"):
            con.execute(create_table(table(name)))
        yield con


def publish(
    con: duckdb.DuckDBPyConnection,
    first: str,
    last: str,
    *,
    by: str = "new-ministry",
    on: str | None = None,
    reason: str | None = None,
    series: str = SPEND,
) -> None:
    con.execute(
        "INSERT INTO core_distributions BY NAME SELECT ? AS publisher_id, ? AS publication_id, ? AS distribution_id, "
        "? AS series, ?::DATE AS period_start, ?::DATE AS period_end, ?::DATE AS published_date, ? AS file_reason_code",
        [by, f"{by} {first} {last}", f"{by} {first} {last} {on}", series, first, last, on, reason],
    )


def calendar(con: duckdb.DuckDBPyConnection, **rest: Any) -> dict[tuple[str, date], tuple[str, int | None]]:
    """Publisher and month to status and days late."""
    build_calendar(con, REGISTRY, rest.pop("searches", ()), **{"as_of": AS_OF, **rest})
    rows = con.execute(
        "SELECT publisher_id, due_month, calendar_status, days_late FROM core_publication_calendar"
    ).fetchall()
    return {(publisher_id, month): (status, days) for publisher_id, month, status, days in rows}


def test_on_time_is_the_due_date_itself_and_late_the_day_after(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", on="2024-06-30")
    publish(con, "2024-06-01", "2024-06-30", on="2024-08-01")
    found = calendar(con)
    assert found["new-ministry", MAY] == ("on_time", None)
    assert found["new-ministry", JUNE] == ("late", 1)


def test_an_unknown_date_is_published_and_never_late(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31")
    publish(con, "2024-06-01", "2024-06-30", on="2024-12-24")
    publish(con, "2024-06-01", "2024-06-29")
    found = calendar(con)
    assert found["new-ministry", MAY] == ("published", None)
    assert found["new-ministry", JUNE] == ("published", None)
    assert con.execute("SELECT count(published_date) FROM core_publication_calendar").fetchall() == [(0,)]


def test_one_file_on_time_is_enough(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", on="2024-06-10")
    publish(con, "2024-05-01", "2024-05-30")
    assert calendar(con)["new-ministry", MAY] == ("on_time", None)


def test_a_day_before_the_month_is_that_of_the_page_and_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", on="2023-01-05")
    assert calendar(con)["new-ministry", MAY] == ("published", None)


def test_a_file_for_a_quarter_covers_its_months(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-07-31", on="2024-08-31")
    found = calendar(con)
    assert found["new-ministry", MAY] == ("late", 62)
    assert found["new-ministry", JUNE] == ("late", 31)
    assert found["new-ministry", JULY] == ("on_time", None)


def test_the_shortest_publication_stands_for_the_month(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-04-01", "2025-03-31")
    publish(con, "2024-05-01", "2024-05-31")
    calendar(con)
    found = con.execute(
        "SELECT publication_id FROM core_publication_calendar WHERE publisher_id = 'new-ministry' AND due_month = ?",
        [MAY],
    ).fetchall()
    assert found == [("new-ministry 2024-05-01 2024-05-31",)]


def test_a_nil_return_is_said_but_not_where_another_file_has_lines(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", reason="nil_return", on="2024-06-01")
    publish(con, "2024-06-01", "2024-06-30", reason="nil_return", on="2024-07-01")
    publish(con, "2024-06-01", "2024-06-30", on="2024-07-02")
    found = calendar(con)
    assert found["new-ministry", MAY] == ("nil_return", None)
    assert found["new-ministry", JUNE] == ("on_time", None)


def test_an_unreadable_file_was_published_but_a_web_page_or_no_bytes_were_not(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", reason="pdf")
    publish(con, "2024-06-01", "2024-06-30", reason="web_page")
    publish(con, "2024-07-01", "2024-07-31", reason="no_access")
    found = calendar(con)
    assert [found["new-ministry", month][0] for month in (MAY, JUNE, JULY)] == [
        "published",
        "not_observed",
        "not_observed",
    ]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2024, 9, 1), "too_early"),
        (date(2024, 9, 30), "too_early"),
        (date(2024, 10, 1), "not_observed"),
    ],
)
def test_it_is_too_early_until_the_due_date_is_over(con: duckdb.DuckDBPyConnection, as_of: date, status: str) -> None:
    publish(con, "2024-05-01", "2024-05-31")
    assert calendar(con, as_of=as_of)["new-ministry", AUGUST] == (status, None)


def test_a_month_that_has_not_ended_is_not_in_the_calendar(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31")
    assert ("new-ministry", AUGUST) not in calendar(con, as_of=date(2024, 8, 31))
    assert ("new-ministry", AUGUST) in calendar(con, as_of=date(2024, 9, 1))


def test_missing_needs_a_search_after_the_due_date_and_before_as_of(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-04-15", "2024-04-30")
    searches = [
        Search("new-ministry", SPEND, MAY, date(2024, 6, 30)),
        Search("new-ministry", SPEND, JUNE, date(2024, 8, 1)),
        Search("new-ministry", SPEND, JULY, date(2024, 9, 16)),
    ]
    found = calendar(con, searches=searches)
    assert found["new-ministry", MAY][0] == "not_observed"
    assert found["new-ministry", JUNE][0] == "missing"
    assert found["new-ministry", JULY][0] == "not_observed"
    dates = con.execute(
        "SELECT due_month, searched_date FROM core_publication_calendar WHERE searched_date IS NOT NULL"
    ).fetchall()
    assert dates == [(JUNE, date(2024, 8, 1))]


def test_what_was_searched_for_and_is_held_is_not_missing(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-06-01", "2024-06-30")
    found = calendar(con, searches=[Search("new-ministry", SPEND, JUNE, date(2024, 8, 1))])
    assert found["new-ministry", JUNE][0] == "published"


def test_a_withdrawn_file_makes_its_month_withdrawn_unless_another_is_held(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-06-01", "2024-06-30")
    gone = [Withdrawn("new-ministry", SPEND, MAY, date(2024, 6, 30))]
    found = calendar(con, withdrawn=gone)
    assert found["new-ministry", MAY][0] == "withdrawn"
    assert found["new-ministry", JUNE][0] == "published"


def test_a_duty_that_starts_mid_month_begins_with_that_month_and_one_that_ends_is_over(
    con: duckdb.DuckDBPyConnection,
) -> None:
    publish(con, "2024-05-01", "2024-05-31")
    publish(con, "2024-03-01", "2024-03-31", by="old-ministry")
    found = calendar(con)
    assert min(month for one, month in found if one == "new-ministry") == date(2024, 4, 1)
    assert [month.month for one, month in sorted(found) if one == "old-ministry"] == [1, 2, 3, 4]


def test_in_the_month_of_a_handover_either_body_may_publish_for_both(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-04-01", "2024-04-30", by="new-ministry", on="2024-05-20")
    publish(con, "2024-03-01", "2024-03-31", by="old-ministry")
    found = calendar(con)
    assert found["old-ministry", date(2024, 4, 1)] == ("on_time", None)
    assert found["old-ministry", date(2024, 2, 1)] == ("not_observed", None)


def test_in_that_month_a_body_s_own_list_comes_first(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-04-01", "2024-04-30", by="new-ministry", on="2024-06-01")
    publish(con, "2024-04-01", "2024-04-30", by="old-ministry", on="2024-05-20")
    found = calendar(con)
    assert found["old-ministry", date(2024, 4, 1)] == ("on_time", None)
    assert found["new-ministry", date(2024, 4, 1)] == ("late", 1)


def test_a_council_s_months_are_due_with_their_quarter(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-04-01", "2024-06-30", by="a-town", on="2024-07-31")
    found = calendar(con)
    assert {found["a-town", date(2024, month, 1)] for month in (4, 5, 6)} == {("on_time", None)}
    assert found["a-town", JULY] == ("too_early", None)


def test_a_series_nobody_looked_at_has_no_lines(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31")
    calendar(con)
    assert con.execute("SELECT DISTINCT publisher_id, series FROM core_publication_calendar").fetchall() == [
        ("new-ministry", SPEND)
    ]


def test_a_body_without_a_known_duty_owes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", by="stranger")
    assert calendar(con) == {}


def test_no_figure_grows_with_the_days(con: duckdb.DuckDBPyConnection) -> None:
    publish(con, "2024-05-01", "2024-05-31", on="2024-07-10")
    one, other = calendar(con, as_of=date(2024, 9, 3)), calendar(con, as_of=date(2024, 9, 29))
    assert one == other


def test_an_absent_month_has_an_interval_from_the_publisher_s_own_months(con: duckdb.DuckDBPyConnection) -> None:
    town = [(2025, month) for month in range(1, 9)]
    for year, month in town:
        if month != 4:
            con.execute(
                "INSERT INTO core_publications BY NAME SELECT ? AS publication_id, 'a-town' AS publisher_id, ? AS series, "
                "?::DATE AS period_start, ?::DATE AS period_end",
                [f"p{month}", SPEND, date(year, month, 1), date(year, month, 28)],
            )
            publish(con, f"{year}-{month:02}-01", f"{year}-{month:02}-28", by="a-town")
            con.execute(
                "INSERT INTO core_transactions BY NAME SELECT 'a-town' AS publisher_id, ? AS publication_id, "
                "1000.00 + ? AS amount_gbp, true AS is_counted",
                [f"p{month}", month],
            )
    calendar(con, as_of=date(2025, 9, 15))
    low, high = con.execute(
        "SELECT expected_low_gbp, expected_high_gbp FROM core_publication_calendar WHERE due_month = '2025-04-01'"
    ).fetchall()[0]
    assert 990 < low <= 1005 <= high < 1020
