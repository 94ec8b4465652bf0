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
from pipelines.scoring.rows import ValueRow
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
def test_complete_counts_have_no_error_and_unknown_errors_stay_empty(
    con: duckdb.DuckDBPyConnection, measure: Measure
) -> None:
    create_empty(con)
    give(con, measure.example.inputs)
    rows = [row for row in compute(con, measure, AS_OF, promised(con, AS_OF)[0]) if row.value is not None]
    assert rows
    if measure.error_kind == "complete_count":
        assert {row.se for row in rows} == {0.0}
        assert measure.standard_error.startswith("0")
    elif measure.error_kind == "not_known":
        assert {row.se for row in rows} == {None}
        assert measure.standard_error.startswith("Not known.")
    else:
        assert all(row.se is None or row.se >= 0 for row in rows)


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


def _values(con: duckdb.DuckDBPyConnection, measure: str) -> list[ValueRow]:
    return compute(con, by_id()[measure], AS_OF, promised(con, AS_OF)[0])


def test_a_survey_without_a_year_keeps_its_own_name_for_the_period(con: duckdb.DuckDBPyConnection) -> None:
    create_empty(con)
    rows = [
        ["uk", "advanced", country, country == "UK", None, share, 1000 if country == "UK" else None, "second year"]
        for country, share in (("UK", 64.0), ("France", 66.0), ("Norway", 75.0), ("Germany", 42.0))
    ]
    give(con, {"survey": [*rows, ["uk", "asked at home only", "UK", True, None, 44.0, 1000, "second year"]]})
    (row,) = _values(con, "C7")
    assert (row.period_label, row.value, row.n, row.se) == ("second year", 3.0, 1000, None)
    assert row.note == "advanced: +3.0; no z-test, since the sizes of the peers' samples are not published"


def test_where_all_sizes_are_known_the_gap_is_tested(con: duckdb.DuckDBPyConnection) -> None:
    create_empty(con)
    give(con, {"survey": [["a", "q", c, c == "H", "2025-03-31", p, 1000, None] for c, p in (("H", 64.0), ("P", 75.0))]})
    (row,) = _values(con, "C7")
    assert row.note == "q: -11.0; z -5.38"


def test_concentration_is_also_told_by_kind_of_expense(con: duckdb.DuckDBPyConnection) -> None:
    create_empty(con)
    give(con, by_id()["S1"].example.inputs)
    found = {row.breakdown: (row.value, row.n, row.low) for row in _values(con, "S1")}
    assert found == {
        None: (3800.0, 3, 3800.0),
        '{"expense_type":"cleaning"}': (pytest.approx(5312.5), 2, None),  # (50/80)^2 + (30/80)^2
        '{"expense_type":"paper"}': (10000.0, 1, None),
    }


def test_costs_without_a_unit_are_marked_and_make_no_variation(con: duckdb.DuckDBPyConnection) -> None:
    create_empty(con)
    costs = [[body, None, "x", "2015-03-31", 10.0, cost] for body, cost in (("a", 12.0), ("b", 10.0), ("c", 8.0))]
    give(con, {"unit_costs": costs, "bodies": [[body, body, "service", "service"] for body in "abc"]})
    assert [(row.value, row.note) for row in _values(con, "I6")] == [
        (1.2, "kinds of transaction guessed from names, not like for like"),
        (1.0, "kinds of transaction guessed from names, not like for like"),
        (0.8, "kinds of transaction guessed from names, not like for like"),
    ]
    assert _values(con, "I7") == []
