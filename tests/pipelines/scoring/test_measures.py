"""Every measure of the catalogue: complete, as the method has it, and its worked example comes out."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.scoring.catalogue import Measure, by_id, measures
from pipelines.scoring.fill import columns, create_empty, give
from pipelines.scoring.values import compute, promised

METHOD = os.environ.get("PUBLICVALUE_METHOD")
AS_OF = date(2025, 6, 30)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_there_are_thirty_two_measures_and_each_has_a_place() -> None:
    assert len(measures()) == 32
    assert {one.pillar[1] for one in measures()} == {"1", "2", "3", "4"}
    assert all(one.area.startswith(one.pillar[1]) for one in measures())


@pytest.mark.parametrize("measure", measures(), ids=lambda one: one.id)
def test_worked_example_comes_out(con: duckdb.DuckDBPyConnection, measure: Measure) -> None:
    create_empty(con)
    example = measure.example
    assert set(example.inputs) <= set(measure.inputs) <= set(columns())
    give(con, example.inputs)
    rows = compute(con, measure, AS_OF, promised(con, AS_OF)[0])
    wanted = (example.entity_id, example.period_label, example.breakdown)
    (row,) = [one for one in rows if (one.entity_id, one.period_label, one.breakdown) == wanted]
    assert row.value == pytest.approx(example.value, abs=example.tolerance)
    if example.n is not None:
        assert row.n == example.n
    if example.note is not None:
        assert row.note == example.note


@pytest.mark.parametrize("measure", measures(), ids=lambda one: one.id)
def test_without_data_there_is_no_value(con: duckdb.DuckDBPyConnection, measure: Measure) -> None:
    create_empty(con)
    assert compute(con, measure, AS_OF, promised(con, AS_OF)[0]) == []


@pytest.mark.skipif(METHOD is None, reason="PUBLICVALUE_METHOD is not set: the method's catalogue is not at hand")
def test_catalogue_is_that_of_the_method() -> None:
    assert METHOD is not None
    with (Path(METHOD) / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == set(by_id())
    directions = {"+": "higher", "-": "lower", "n/a": "neither"}
    for row in rows:
        one = by_id()[row["id"]]
        assert (one.name, one.pillar, one.area, one.question) == (
            row["name"],
            row["pillar"],
            row["area"],
            row["question"],
        )
        assert one.direction == directions[row["direction"]]
        assert one.speaks_to == row["speaks_to"]
        assert one.is_value_for_money == (row["is_value_for_money"] == "yes")
        assert one.is_scored == row["scored"].startswith("yes")
        given = row["anchors_0_25_50_75_100"]
        if one.id != "C6" and given != "none":
            assert one.anchors == tuple(float(part) for part in given.split(","))
        status = {"computable": "computed", "partial": "partial", "no": "no_open_source"}[
            row["on_real_data"].split(" ")[0]
        ]
        assert one.status == status
