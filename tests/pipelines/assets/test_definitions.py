from __future__ import annotations

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.columns import column_schema
from pipelines.assets.launch import launch
from pipelines.choose import RunOptions
from pipelines.definitions import defs
from pipelines.progress import Progress
from quality_checks.rule import all_rules

ASSETS = {
    "ingest": ["lake_files", "lake_outcomes", "lake_rows", "snapshots"],
    "transform": [
        "core_attribution", "core_corrections", "core_distributions", "core_findings", "core_judgements", "core_outcome_datasets",
        "core_outcome_files", "core_outcome_findings", "core_outcome_metrics", "core_outcomes", "core_payments", "core_programme_facts",
        "core_programmes", "core_publication_calendar", "core_publications", "core_publishers", "core_reasons",
        "core_revisions", "core_rule_results", "core_rules", "core_set_aside_rows", "core_suppliers", "core_targets", "core_transactions",
        "mart_quality_by_publication", "mart_spend_by_expense_type", "mart_spend_by_publisher_month", "mart_spend_by_supplier_year", "raw_snapshots",
    ],
    "score": [
        "mart_budget_reconciliation", "mart_comparisons", "mart_efficiency", "mart_flows", "mart_forecast_coverage", "mart_forecasts", "mart_funnels", "mart_measure_coverage",
        "mart_measure_values", "mart_measures", "mart_outcome_spending", "mart_score_changes", "mart_score_draws", "mart_scores", "mart_sensitivity",
        "mart_supplier_exposure", "mart_trajectories",
    ],
    "publish": ["release"],
    "quality": ["data_docs"],
}  # fmt: skip


def _specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_daemon_and_the_web_interface_can_load_them() -> None:
    """A run in our own process loads one job, and says nothing of two things that share a name."""
    defs.get_repository_def().load_all_definitions()


def test_the_assets_are_these_by_stage() -> None:
    found: dict[str, list[str]] = {}
    for name, spec in sorted(_specs().items()):
        found.setdefault(str(spec.group_name), []).append(name)
    assert found == ASSETS


def test_every_asset_has_description_owner_and_kind_and_every_table_its_columns() -> None:
    for name, spec in _specs().items():
        assert spec.description, name
        assert spec.owners == ["team:public-value"], name
        assert spec.kinds, name
        if name not in {"snapshots", "release", "data_docs"}:
            assert spec.metadata["dagster/column_schema"] == column_schema(name), name


def test_columns_carry_type_and_meaning_as_declared() -> None:
    (amount,) = [column for column in column_schema("core_transactions").columns if column.name == "amount_gbp"]
    assert amount.type == "DECIMAL(18,2)"
    assert amount.description is not None
    assert amount.description.endswith("Unit: GBP.")


def test_a_run_is_recorded_publisher_by_publisher_with_rows_files_and_checks(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")  # launch sets both; they are put back afterwards
    monkeypatch.setenv("PUBLICVALUE_HOME", "")
    options = RunOptions(mirror=mirror, home=tmp_path / "home", as_of=date(2025, 1, 31), charts=True)
    launch(options, Progress())
    assert list((tmp_path / "home/charts").glob("*.svg"))
    with dg.DagsterInstance.get() as instance:
        assert instance.root_directory == str(tmp_path / "home/dagster")
        assert instance.get_materialized_partitions(dg.AssetKey("lake_rows")) == {"north-hill", "south-hill"}
        event = instance.get_latest_materialization_event(dg.AssetKey("core_transactions"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["dagster/row_count"].value == 5
        runs = instance.get_runs()
        assert sorted(run.job_name for run in runs) == ["build", "ingest"]
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
    launch(options, Progress())
    with dg.DagsterInstance.get() as instance:
        assert sorted(run.job_name for run in instance.get_runs()) == ["build", "ingest", "ingest"]


def test_every_rule_is_a_check_of_the_findings_that_stops_nothing() -> None:
    specs = [spec for check in defs.asset_checks or [] for spec in check.check_specs]  # type: ignore[union-attr]
    of_rules = {spec.name: spec for spec in specs if spec.asset_key == dg.AssetKey("core_findings")}
    assert set(of_rules) == {rule.id for rule in all_rules()}
    assert not any(spec.blocking for spec in of_rules.values())
