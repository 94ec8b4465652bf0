"""Rules about results: each on rows of our own, and every file walked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality_checks.outcome_checks import RULES, outcome_rules, run_outcome_rules
from sources.errors import PublicValueError
from sources.schema.duckdb_sql import DUCKDB_TYPES
from sources.schema.model import table

TABLES = ("core_outcomes", "core_outcome_metrics", "core_outcome_files", "core_outcome_findings")
FIGURE = {
    "outcome_dataset_id": "d", "entity_id": "e", "entity_name": "E", "metric_id": "m", "period_label": "2024-04",
    "period_start": date(2024, 4, 1), "period_end": date(2024, 4, 30), "value": 50.0, "value_raw": "50", "metric_unit": "%",
    "outcome_status": "reported", "outcome_flags": [], "is_current": True, "distribution_id": "f", "line_number": 2,
    "source_column": "Share",
}  # fmt: skip
METRIC = {
    "outcome_dataset_id": "d", "metric_id": "m", "metric_frequency": "monthly", "metric_direction": "higher",
    "is_derived_metric": False, "lowest_possible": 0.0, "highest_possible": 100.0,
}  # fmt: skip
FILE = {
    "outcome_dataset_id": "d", "distribution_id": "f", "file_name": "a.csv", "file_status": "read", "container": "csv", "notes": "[]",
}  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        for name in TABLES:
            columns = ", ".join(f"{field.name} {DUCKDB_TYPES[field.type]}" for field in table(name).fields)
            opened.execute(f"CREATE TABLE {name} ({columns})")
        add(opened, "core_outcome_metrics", METRIC)
        yield opened


def add(con: duckdb.DuckDBPyConnection, name: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    con.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def found(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    run_outcome_rules(con)
    return con.execute("SELECT rule_id, finding_detail FROM core_outcome_findings ORDER BY 1, 2").fetchall()


@pytest.mark.parametrize("path", sorted(RULES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_rule_is_complete_and_runs(path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert path.stem in {rule.id for rule in outcome_rules()}
    add(con, "core_outcomes", FIGURE)
    add(con, "core_outcome_files", FILE)
    assert found(con) == []


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"value": 101.0, "outcome_flags": ["out_of_range"]}, "outcome_value_possible", "possible are 0.0 to 100.0"),
        ({"value": None, "value_raw": "ok", "outcome_status": "unreadable"}, "outcome_value_readable", "Under Share"),
        ({"is_current": False, "outcome_flags": ["restated"]}, "outcome_past_not_restated", "This file says 50.0"),
        (
            {"metric_id": "m_pct", "value": None, "outcome_status": "not_reported", "outcome_flags": ["derived"]},
            "outcome_waits_reported",
            "not reported",
        ),
    ],
)
def test_a_figure_that_fails_is_found_once(
    con: duckdb.DuckDBPyConnection, change: dict[str, Any], rule: str, words: str
) -> None:
    add(con, "core_outcomes", FIGURE | change)
    ((rule_id, detail),) = found(con)
    assert rule_id == rule
    assert words in detail


def test_a_hole_in_a_monthly_series_is_counted(con: duckdb.DuckDBPyConnection) -> None:
    for month in (4, 5, 8):
        add(con, "core_outcomes", FIGURE | {"period_start": date(2024, month, 1), "period_end": date(2024, month, 28)})
    assert found(con) == [("outcome_series_complete", "3 of 5 periods are there from 2024-04-01 to 2024-08-01")]


def test_a_level_that_changes_overnight_is_found(con: duckdb.DuckDBPyConnection) -> None:
    year = {"period_label": "2015-16", "period_start": date(2015, 4, 1), "period_end": date(2016, 3, 31)}
    after = {"period_label": "2016-17", "period_start": date(2016, 4, 1), "period_end": date(2017, 3, 31)}
    for entity, opens in (("e", 40.0), ("other", 50.0)):
        add(con, "core_outcomes", FIGURE | year | {"entity_id": entity, "metric_id": "r_closing"})
        add(con, "core_outcomes", FIGURE | after | {"entity_id": entity, "metric_id": "r_opening", "value": opens})
    assert found(con) == [("outcome_levels_carry_over", "Opens at 40.0; 2015-16 closed at 50.0 (%)")]


def test_what_readers_noted_and_files_under_a_wrong_name_are_found(con: duckdb.DuckDBPyConnection) -> None:
    notes = [
        {"code": code, "detail": f"about {code}", "line": 7}
        for code in ("total_differs", "label_contradicts", "sheet_empty")
    ]
    add(con, "core_outcome_files", FILE | {"notes": json.dumps(notes), "container": "ods"})
    assert found(con) == [
        ("outcome_file_readable", "By its content the file is ods, by its name csv"),
        ("outcome_labels_agree", "about label_contradicts"),
        ("outcome_totals_add_up", "about total_differs"),
    ]


def test_a_second_run_gives_the_same_findings(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "core_outcomes", FIGURE | {"value": 101.0, "outcome_flags": ["out_of_range"]})
    first = found(con), con.execute("SELECT finding_id FROM core_outcome_findings").fetchall()
    assert (found(con), con.execute("SELECT finding_id FROM core_outcome_findings").fetchall()) == first


def test_a_wrong_rule_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "outcome_broken.yaml").write_text("id: outcome_broken\nversion: 1\n", encoding="utf-8")
    with pytest.raises(PublicValueError, match=r"outcome_broken\.yaml: title"):
        outcome_rules(tmp_path)
