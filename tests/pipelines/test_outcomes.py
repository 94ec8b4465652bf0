"""Results on their way: snapshots, lake, and the tables that the warehouse makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import open_home
from pipelines.ingest import held_outcomes, take_snapshots
from pipelines.lake import collect_garbage
from pipelines.outcome_lake import OutcomeLake, update_outcomes
from pipelines.warehouse import build_warehouse
from quality_checks.invariants import check_invariants
from sources.mirror import MirrorSource
from sources.outcome_sets import declared_sets
from sources.registry import Registry, load_registry

HEADINGS = "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,Attendances over 4hrs Type 1\n"
Build = Callable[[dict[str, str]], tuple[duckdb.DuckDBPyConnection, OutcomeLake]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Writes outcome files under a mirror, and builds a warehouse of them alone."""

    def of(files: dict[str, str]) -> tuple[duckdb.DuckDBPyConnection, OutcomeLake]:
        mirror = tmp_path / "mirror"
        for name, text in {"spend/cabinet-office/april-2024.csv": "Nothing\n", **files}.items():
            path = mirror / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        home = open_home(tmp_path / "home")
        taken = take_snapshots(home, MirrorSource(mirror))
        assert held_outcomes(home, "mirror") == taken.outcomes
        lake = update_outcomes(home, taken.outcomes, declared_sets())
        con = duckdb.connect()
        build_warehouse(con, [], [], load_registry(), as_of=date(2024, 12, 31), outcomes=lake)
        assert [one.detail for one in check_invariants(con) if not one.passed] == []
        return con, lake

    return of


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def month(name: str, code: str, attended: int, over: int) -> str:
    return f"{HEADINGS}MSitAE-{name},{code},LONDON,KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST,{attended},{over}\n"


WAITS = "outcomes/nhs-accident-and-emergency"


def test_a_revised_file_is_current_and_what_differs_is_restated(build: Build) -> None:
    con, _ = build({
        f"{WAITS}/June-2021.csv": month("JUNE-2021", "RJZ", 2000, 500),
        f"{WAITS}/June-2021-revised.csv": month("JUNE-2021", "RJZ", 2000, 600),
    })  # fmt: skip
    found = rows(
        con,
        """
        SELECT metric_id, value, is_current, list_contains(outcome_flags, 'restated'), list_contains(outcome_flags, 'repeated')
        FROM core_outcomes WHERE entity_kind = 'trust' AND metric_id IN ('attendances', 'four_hour_pct') ORDER BY ALL""",
    )
    assert found == [
        ("attendances", 2000.0, False, False, True),
        ("attendances", 2000.0, True, False, False),
        ("four_hour_pct", 70.0, True, True, False),
        ("four_hour_pct", 75.0, False, True, False),
    ]


def test_a_series_breaks_where_a_trust_reports_again(build: Build) -> None:
    con, _ = build({
        f"{WAITS}/April-2023.csv": month("APRIL-2023", "RJZ", 2000, 0),
        f"{WAITS}/May-2023.csv": month("MAY-2023", "RJZ", 2000, 0),
        f"{WAITS}/June-2023.csv": month("JUNE-2023", "RJZ", 2000, 500),
        f"{WAITS}/July-2023.csv": month("JULY-2023", "RJZ", 2000, 500),
    })  # fmt: skip
    found = rows(
        con,
        """
        SELECT period_label, value, outcome_status, list_contains(outcome_flags, 'series_break') FROM core_outcomes
        WHERE entity_id = 'kings-college-hospital-nhs-foundation-trust' AND metric_id = 'four_hour_pct' ORDER BY period_start""",
    )
    assert found == [
        ("2023-04", None, "not_reported", False),
        ("2023-05", None, "not_reported", False),
        ("2023-06", 75.0, "reported", True),
        ("2023-07", 75.0, "reported", False),
    ]


def test_a_figure_leads_back_to_its_bytes_line_and_column(build: Build) -> None:
    con, _ = build({f"{WAITS}/June-2021.csv": month("JUNE-2021", "RJZ", 2000, 500)})
    found = rows(
        con,
        """
        SELECT o.line_number, o.source_column, o.value_raw, f.file_name, o.snapshot_sha256 = f.snapshot_sha256
        FROM core_outcomes AS o JOIN core_outcome_files AS f ON f.distribution_id = o.distribution_id
        WHERE metric_id = 'over_four_hours_type_1'""",
    )
    assert found == [(2, "Attendances over 4hrs Type 1", "500", "June-2021.csv", True)]


def test_a_baseline_that_the_register_leaves_to_the_figures_is_taken_from_them(build: Build) -> None:
    con, _ = build({f"{WAITS}/December-2022.csv": month("DECEMBER-2022", "RJZ", 2000, 500)})
    assert rows(
        con, "SELECT baseline_value, target_value FROM core_targets WHERE target_id = 'four-hour-76-by-march-2024'"
    ) == [(75.0, 76.0)]


def test_a_folder_without_entry_is_listed_and_not_read(build: Build) -> None:
    con, lake = build({"outcomes/lost-umbrellas/figures.csv": "year,lost\n2024,7\n"})
    assert rows(
        con, "SELECT outcome_dataset_id, is_declared, distribution_count, value_count FROM core_outcome_datasets"
    ) == [("lost-umbrellas", False, 1, 0)]
    assert rows(con, "SELECT file_status, file_reason_code FROM core_outcome_files") == [("explained", "not_declared")]
    assert len(lake.problems) == 1
    assert "no sources/outcomes/lost-umbrellas.yaml" in lake.problems[0]


def test_a_file_of_the_wrong_kind_has_its_reason_and_the_others_go_on(build: Build) -> None:
    con, _ = build(
        {f"{WAITS}/June-2021.csv": month("JUNE-2021", "RJZ", 2000, 500), f"{WAITS}/July-2021.csv": "%PDF-1.7\n"}
    )
    found = rows(
        con, "SELECT file_name, file_status, file_reason_code, value_count > 0 FROM core_outcome_files ORDER BY 1"
    )
    assert found == [("July-2021.csv", "unreadable", "pdf", False), ("June-2021.csv", "read", None, True)]


def test_targets_and_shares_published_as_data_join_the_registers(build: Build) -> None:
    con, _ = build({
        "outcomes/outcome-plans/targets.csv":
            "outcome_id,organisation_id,organisation,outcome,metric,direction,baseline_value,baseline_date,target_value,target_date,owner,plan_shape,source_url\n"
            "co-1,cabinet-office,Cabinet Office,days to decide,days,-,40,2022-04-01,30,2027-03-31,,logistic,\n"
            "co-2,cabinet-office,Cabinet Office,kept level,%,+,50,2022-04-01,50,,Director,linear,\n",
        "outcomes/outcome-attribution/shares.csv":
            "department,programme,outcome,year,alpha,basis,confidence,programme_spend_gbp_m,source_url\n"
            "cabinet-office,P,A,2024-25,0.25,equal split,low,1.5,\ncabinet-office,P,B,2024-25,0.75,equal split,low,1.5,\n",
    })  # fmt: skip
    assert rows(con, """
        SELECT target_id, metric_direction, baseline_value, baseline_date, target_value, target_owner, plan_shape
        FROM core_targets WHERE target_origin = 'outcome-plans' ORDER BY 1""") == [
        ("co-1", "lower", 40.0, date(2022, 4, 30), 30.0, None, "logistic"),
        ("co-2", "higher", 50.0, date(2022, 4, 30), 50.0, "Director", "hold"),
    ]  # fmt: skip
    shares = rows(con, "SELECT target_outcome, alpha, programme_spend_gbp::VARCHAR FROM core_attribution ORDER BY 1")
    assert shares == [("A", 0.25, "1500000.00"), ("B", 0.75, "1500000.00")]


def test_unchanged_files_are_not_read_again_and_stay_in_the_lake(build: Build, tmp_path: Path) -> None:
    files = {f"{WAITS}/June-2021.csv": month("JUNE-2021", "RJZ", 2000, 500)}
    _, first = build(files)
    home = open_home(tmp_path / "home")
    assert collect_garbage(home, "mirror", {}, Registry([]), [*first.rows, *first.files]) == 0
    _, second = build(files)
    assert (first.read_files, second.read_files) == (1, 0)
    assert first.rows == second.rows
    assert collect_garbage(home, "mirror", {}, Registry([])) == 2


def test_a_breakdown_is_the_same_text_whatever_the_order_of_columns(build: Build) -> None:
    con, _ = build({
        "outcomes/unit-costs/a.csv": "year,organisation_id,organisation,unit,activity,volume,unit_cost_gbp,quality_index\n2024-25,x,X,u,act,10,2.5,100\n",
    })  # fmt: skip
    found = rows(con, "SELECT breakdown, value, sample_size FROM core_outcomes WHERE metric_id = 'unit_cost'")
    assert [(json.loads(text), value, size) for text, value, size in found] == [
        ({"activity": "act", "unit": "u"}, 2.5, 10)
    ]
    assert found[0][0] == '{"activity": "act", "unit": "u"}'
