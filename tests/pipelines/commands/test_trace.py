"""The way back leads to the bytes: the cells shown are read again from the stored copy."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from duckdb import DuckDBPyConnection

from pipelines.choose import RunOptions
from pipelines.cli import cli
from pipelines.run import run
from published.release import build_release
from sources.errors import UsageError

DAY = date(2025, 1, 31)


@pytest.fixture
def home(mirror: Path, tmp_path: Path) -> Path:
    run(RunOptions(mirror=mirror, home=tmp_path / "home", as_of=DAY))
    return tmp_path / "home"


def test_a_transaction_leads_to_file_line_and_cells_and_damage_is_told(home: Path) -> None:
    with (home / "releases/mirror/latest/transactions.csv").open(encoding="utf-8", newline="") as file:
        line = next(row for row in csv.DictReader(file) if row["amount_gbp"] == "150000.50")
    asked = ["trace", line["transaction_id"], "--home", str(home)]
    words = CliRunner().invoke(cli, asked).output
    assert "File          north-hill-spend-may-2024.csv (spend/north-hill/north-hill-spend-may-2024.csv)" in words
    assert "Place         line 3" in words
    assert "Amount: '150000.50'" in words
    assert "the bytes as published, whose checksum is the one in the release" in words
    found = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).output)
    assert found["source"]["raw_line"] == (
        "Hills,North Hill Department,02/05/2024,Consultancy,Finance,Supplier 2 Ltd,5002,150000.50"
    )
    assert found["source"]["raw_cells"][6:] == ["5002", "150000.50"]
    stored = home / "snapshots/objects" / line["snapshot_sha256"][:2] / line["snapshot_sha256"]
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes().replace(b"150000.50", b"150000.51"))
    assert "THE STORED COPY IS DAMAGED" in CliRunner().invoke(cli, asked).output
    stored.unlink()
    assert "not in this home" in CliRunner().invoke(cli, asked).output

    for wrong, remedy in (
        (["nothing"], "has no transaction nothing"),
        ([], "give a TRANSACTION_ID, or --score ENTITY"),
        (["--score", "nobody"], "has no scores of nobody"),
    ):
        error = CliRunner().invoke(cli, ["trace", *wrong, "--home", str(home)]).exception
        assert isinstance(error, UsageError)
        assert remedy in str(error)


def test_a_score_leads_to_measures_and_the_rows_that_they_were_worked_out_from(
    warehouse: DuckDBPyConnection, tmp_path: Path
) -> None:
    entity = "'dept-of-kites', '2024-25'"
    warehouse.execute(
        f"INSERT INTO mart_scores (entity_id, period_label, score_level, score_item, score) VALUES ({entity}, 'index', 'index', 61.5)"
    )
    warehouse.execute(
        "INSERT INTO mart_measures (measure_id, measure_name, formula) VALUES ('M1', 'late pay', 'late / all')"
    )
    warehouse.execute(
        "INSERT INTO mart_measure_values (entity_id, period_label, measure_id, value, measure_unit, score, method_version, "
        f"input_sources, breakdown) VALUES ({entity}, 'M1', 12.5, '%', 61.5, '1.0', ['transactions', 'outcomes:nothing'], '')"
    )
    build_release(
        warehouse, tmp_path / "releases", channel="sample", provenance={}, inputs_digest="1", is_sample=True, as_of=DAY
    )
    asked = ["trace", "--score", "dept-of-kites", "--home", str(tmp_path)]
    words = CliRunner().invoke(cli, asked).output
    assert words.startswith("Scores of     dept-of-kites, 2024-25, in release 1.0.0, channel sample\n")
    assert "Measure       M1 late pay: 12.5 %, score 61.5\n" in words
    assert "formula (method 1.0): late / all" in words
    assert (
        """transactions, 4 rows: SELECT * FROM 'transactions.parquet' WHERE "publisher_id" = 'dept-of-kites'""" in words
    )
    assert "outcomes:nothing, 0 rows" in words
    assert "kites-april-2024.csv (https://example.org/kites-april-2024.csv)" in words
    assert "has no scores for 1066-67" in str(CliRunner().invoke(cli, [*asked, "--period", "1066-67"]).exception)
