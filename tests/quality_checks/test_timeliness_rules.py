"""The two rules of timeliness, over a calendar made by hand. They need the calendar, so their files hold no examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.schema_duckdb import create_table
from quality_checks.engine import run_rules
from quality_checks.rule import all_rules
from sources.schema.model import table, table_names

DAY = date(2024, 9, 15)
RULES = tuple(rule for rule in all_rules() if rule.id in {"published_late", "month_missing"})
BODY = {"publisher_id": "hills", "series": "spend_over_threshold"}
MONTHS: list[dict[str, Any]] = [
    {"due_month": "2024-03-01", "due_date": "2024-04-30", "calendar_status": "on_time", "published_date": "2024-04-30", "publication_id": "p3"},
    {"due_month": "2024-04-01", "due_date": "2024-05-31", "calendar_status": "late", "published_date": "2024-07-10", "days_late": 40, "publication_id": "p4"},
    {"due_month": "2024-05-01", "due_date": "2024-06-30", "calendar_status": "late", "published_date": "2024-07-10", "days_late": 10, "publication_id": "p4"},
    {"due_month": "2024-06-01", "due_date": "2024-07-31", "calendar_status": "missing", "searched_date": "2024-08-05", "expected_low_gbp": "1200000.00", "expected_high_gbp": "3400000.00"},
    {"due_month": "2024-07-01", "due_date": "2024-08-31", "calendar_status": "not_observed"},
    {"due_month": "2024-02-01", "due_date": "2024-03-31", "calendar_status": "published", "publication_id": "p2"},
]  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in table_names():
            if table(name).layer != "lake":
                con.execute(create_table(table(name)))
        for publication in ("p2", "p3", "p4"):
            both = {"publisher_id": "hills", "publication_id": publication, "series": "spend_over_threshold"}
            insert(con, "core_publications", both)
            insert(con, "core_distributions", {**both, "distribution_id": f"d{publication}", "columns": "[]", "notes": "[]", "file_status": "read"})  # fmt: skip
        for month in MONTHS:
            insert(con, "core_publication_calendar", {**BODY, **month})
        yield con


def insert(con: duckdb.DuckDBPyConnection, name: str, row: dict[str, Any]) -> None:
    con.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def test_a_late_publication_is_found_once_with_its_days(con: duckdb.DuckDBPyConnection) -> None:
    run_rules(con, RULES, as_of=DAY)
    found = con.execute(
        "SELECT publication_id, raw_value, finding_detail FROM core_findings WHERE rule_id = 'published_late'"
    ).fetchall()
    words = "Due on 2024-05-31 for 2024-04, published on 2024-07-10: 40 days late; 2 of its months are late"
    assert found == [("p4", "2024-07-10", words)]


def test_on_time_passes_and_an_unknown_day_is_not_applicable(con: duckdb.DuckDBPyConnection) -> None:
    run_rules(con, RULES, as_of=DAY)
    found = con.execute(
        "SELECT publication_id, rule_result FROM core_rule_results WHERE rule_id = 'published_late' ORDER BY 1"
    ).fetchall()
    assert found == [("p2", "not_applicable"), ("p3", "pass"), ("p4", "fail")]


def test_only_a_searched_month_is_found_missing_with_the_money(con: duckdb.DuckDBPyConnection) -> None:
    run_rules(con, RULES, as_of=DAY)
    found = con.execute(
        "SELECT raw_value, finding_detail FROM core_findings WHERE rule_id = 'month_missing'"
    ).fetchall()
    words = (
        "Due on 2024-07-31; not there when the source was searched on 2024-08-05. "
        "The publisher's other months suggest between £1,200,000 and £3,400,000"
    )
    assert found == [("spend_over_threshold 2024-06", words)]


def test_without_a_missing_month_the_publisher_passes_and_without_any_month_it_is_not_applicable(
    con: duckdb.DuckDBPyConnection,
) -> None:
    result = "SELECT rule_result FROM core_rule_results WHERE rule_id = 'month_missing'"
    con.execute("DELETE FROM core_publication_calendar WHERE calendar_status = 'missing'")
    run_rules(con, RULES, as_of=DAY)
    assert con.execute(result).fetchall() == [("pass",)]
    con.execute("DELETE FROM core_publication_calendar")
    run_rules(con, RULES, as_of=DAY)
    assert con.execute(result).fetchall() == [("not_applicable",)]


def test_one_file_alone_cannot_answer_them(con: duckdb.DuckDBPyConnection) -> None:
    run_rules(con, RULES, as_of=DAY, without={"calendar"})
    assert con.execute("SELECT DISTINCT rule_result FROM core_rule_results").fetchall() == [("not_applicable",)]
