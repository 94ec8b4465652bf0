"""What the formulas do at their edges: no variance, one unit, nothing known, nothing to divide by, figures that cannot be.

A wrong input is refused in words; a figure that cannot be had is NaN where the function says so, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest

from pipelines.scoring import (
    attribution,
    concentration,
    deflate,
    forecast,
    funnel,
    index_numbers,
    likelihood,
    plans,
    proportions,
    ratios,
    reserves,
    survival,
)
from pipelines.scoring.catalogue import by_id
from pipelines.scoring.composite import aggregate, normalise, outliers, weights
from pipelines.scoring.efficiency import bootstrap, dea, malmquist, productivity
from pipelines.scoring.explain import bennet, lmdi, logmean, unit_cost
from pipelines.scoring.fill import POSSIBLE, create_empty, give
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertainty import draws, ranks, shrinkage, spending_bounds
from pipelines.scoring.values import compute, promised

NAN, INF = float("nan"), float("inf")
PLUS = np.array([1.0])
ONE = np.array([[3.0]])
RISING = np.array([0.0, 25, 50, 75, 100])
PROMISE = plans.Promise(0, 60, 10, 80, direction=1)


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def column(*values: float) -> np.ndarray:
    return a(*values)[:, None]


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: forecast.drift(a(1, NAN, 3, 4), 1), "unbroken run"),
    (lambda: forecast.drift(a(1, 2, 3, 4), 0), "after the last value"),
    (lambda: forecast.drift(a(1, 2, 3, 4), 1).interval(80), "between 0 and 1"),
    (lambda: likelihood.brier(a(0.5, 0.5), a(1)), "one probability"),
    (lambda: likelihood.brier(a(50), a(1)), "between 0 and 1"),
    (lambda: plans.Promise(0, NAN, 1, 80, direction=1), "finite"),
    (lambda: plans.logistic(PROMISE, 5, start_share=0.5), "between 0 and a half"),
    (lambda: plans.points(a(1), a(2), 1), "two points"),
    (lambda: normalise.min_max(column(1, INF), PLUS), "infinite"),
    (lambda: normalise.z_score(column(1, INF), PLUS), "infinite"),
    (lambda: normalise.anchors_score(a(1, 2), RISING[None]), "each measure needs its five"),
    (lambda: normalise.anchor_score(a(1), a(0, 25, 25, 75, 100)), "all rising or all falling"),
    (lambda: aggregate.arithmetic(a(1, 2), a(2, -1)), "negative"),
    (lambda: aggregate.geometric(a(101), a(1)), "between 0 and 100"),
    (lambda: weights.normalise_weights(a(0, 0)), "above 0"),
    (lambda: outliers.treat_outliers(a(1, 2, 3, INF)), "infinite"),
    (lambda: outliers.log_of_range(a(5, 5, 5)), "no range"),
    (lambda: draws.measurement_draws(a(1), a(INF), "x", ["m"]), "infinite"),
    (lambda: ranks.difference_p_values(a(1, 2), np.ones((2, 1))), "two draws"),
    (lambda: shrinkage.between_variance(a(1, 2), a(1, 0)), "above 0"),
    (lambda: spending_bounds.share_bounds(a(0.5), NAN), "between 0 and 1"),
    (lambda: spending_bounds.share_bounds(a(50), 0.1), "between 0 and 1"),
    (lambda: spending_bounds.hhi_bounds(a(0.5, NAN), 0.1), "add up to 1"),
    (lambda: logmean.log_mean(1.0, NAN), "above 0"),
    (lambda: unit_cost.unit_cost(10.0, NAN, 5.0), "above 0"),
    (lambda: unit_cost.unit_cost(10.0, 1.0, 0.0), "above 0"),
    (lambda: bennet.bennet(a(1, 2), a(0.5, 0.6), a(1, 2), a(0.5, 0.5)), "old period's weights"),
    (lambda: lmdi.lmdi(a(0, 2), a(0.5, 0.5), a(1, 2), a(0.5, 0.5)), "above 0"),
    (lambda: dea.input_efficiency(column(1, 2), column(0, 1)), "outputs: unit 1"),
    (lambda: dea.input_efficiency(column(1, -2), column(1, 1)), "inputs: unit 2"),
    (lambda: dea.input_efficiency(np.empty((0, 1)), np.empty((0, 1))), "one unit at least"),
    (lambda: malmquist.malmquist(column(1, 2), column(1, 1), column(1), column(1)), "same units"),
    (lambda: productivity.chained_volume(np.zeros((2, 1)), np.ones((2, 1))), "add up to nothing"),
    (lambda: productivity.productivity(a(100, 101), a(100, 0)), "above 0"),
    (lambda: productivity.annual_growth_pct(a(100, 1, 1, -1)), "above 0"),
    (lambda: index_numbers.chained(index_numbers.fisher, np.ones((2, 2)), np.zeros((2, 2))), "above 0"),
    (lambda: concentration.hhi(a(30, 30, 20, 20)), "divide per cent by 100"),
    (lambda: concentration.supplier_shares([Decimal("NaN")]), "missing"),
    (lambda: survival.kaplan_meier_median(a(3, NAN), np.array([True, True])), "missing"),
    (lambda: proportions.wilson(0.5, 0), "sample of one"),
    (lambda: proportions.standard_error(64, 1000), "divide per cent by 100"),
    (lambda: ratios.byar(5, 0), "must be expected"),
    (lambda: ratios.exact_poisson(-1, 5), "cannot be negative"),
    (lambda: ratios.weighted_mean(a(1, 2), a(1, -1)), "negative"),
    (lambda: ratios.engagement_index(a(100, 60)), "an answer counts"),
    (lambda: funnel.funnel(a(), a()), "a unit at least"),
    (lambda: funnel.funnel(a(0), a(0)), "size above 0"),
    (lambda: funnel.limits(0.5, 0, 1.96), "sizes above 0"),
    (lambda: deflate.real_terms(1.0, NAN, 100.0), "above 0"),
    (lambda: deflate.growth(0.0, 5.0), "from 0"),
    (lambda: attribution.spread(100, [0.5, NAN]), "add up to 1"),
    (lambda: attribution.fragmentation(a(0.5, NAN)), "add up to 1"),
    (lambda: attribution.mismatch(a(0.5, 0.5), a(1.0)), "same bodies"),
    (lambda: attribution.equal_split("d", "p", "y", []), "no outcome"),
    (lambda: reserves.years_left(a(10.0)), "2 year ends"),
]


@pytest.mark.parametrize(("call", "said"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_is_refused_in_words(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()


FOUND: list[tuple[Callable[[], Any], Any]] = [
    # one unit, or units that do not differ: the middle of the scale, and no error of arithmetic
    (lambda: normalise.min_max(ONE, PLUS), [[50]]),
    (lambda: normalise.z_score(ONE, PLUS), [[50]]),
    (lambda: normalise.percentile_rank(ONE, PLUS), [[50]]),
    (lambda: normalise.min_max(column(7, 7, NAN), PLUS), [[50], [50], [NAN]]),
    (lambda: aggregate.copeland_score(column(5.0), a(1)), [50]),
    (
        lambda: aggregate.copeland_score(np.array([[[1.0], [2], [3]], [[3.0], [2], [NAN]]]), a(1)),
        [[0, 50, 100], [100, 0, NAN]],
    ),
    (lambda: outliers.has_outliers(1e9 + a(0, 0, 0, 0, 1e-7)), False),
    (lambda: ranks.ranks(column(5.0, 5.0, NAN)), [[1], [1], [NAN]]),
    (lambda: ranks.pairs_that_differ(a(3.0), np.full((1, 8), 3.0))[1], [[False]]),
    (lambda: shrinkage.between_variance(a(4, 4, 4), a(1, 1, 1)), 0),
    (lambda: dea.input_efficiency(ONE, ONE), [1]),
    (lambda: bootstrap.bias_corrected(ONE, ONE, np.random.default_rng(1), repeats=3).corrected, [1]),
    (lambda: funnel.funnel(a(3), a(10)).z, [0]),
    (lambda: funnel.funnel(a(0, 0), a(10, 20)).z, [0, 0]),
    # weights that do not add up to 1 are made to; nothing known is nothing
    (lambda: aggregate.arithmetic(a(10, 20), a(3, 1)), 12.5),
    (lambda: aggregate.arithmetic(a(NAN, NAN), a(1, 1)), NAN),
    (lambda: aggregate.geometric(a(0, 0), a(1, 1)), 1),
    (lambda: weights.normalise_weights(a(3, 1)), [0.75, 0.25]),
    (lambda: normalise.min_max(column(NAN, NAN), PLUS), [[NAN], [NAN]]),
    # no change between two periods
    (lambda: malmquist.malmquist(column(1, 2), column(1, 1), column(1, 2), column(1, 1)).index, [1, 1]),
    (lambda: productivity.chained_volume(np.ones((1, 2)), np.ones((1, 2))), [100]),
    (lambda: index_numbers.chained(index_numbers.fisher, np.ones((2, 1)), np.ones((2, 1))), [1]),
    (lambda: bennet.bennet(a(5, 5), a(0.5, 0.5), a(5, 5), a(0.5, 0.5)).coverage, [0, 0]),
    (lambda: logmean.log_mean(4.0, 4.0), 4),
    # shares of 0 and of 1, and events of none
    (lambda: proportions.wilson(0.0, 100)[0], 0),
    (lambda: np.round(proportions.wilson(1.0, 100)[0], 6), 0.963007),  # 1/(1 + 1.96^2/100)
    (lambda: proportions.standard_error(1.0, 100), 0),
    (lambda: proportions.perception_gap_z(0.5, 100, a(), a()), NAN),
    (lambda: np.round(ratios.byar(0, 2)[2], 5), 1.83401),  # (1 - 1/9 + 1.959964/3)^3/2
    (lambda: ratios.share_of(5, 0), NAN),
    # a drawn-down reserve is no time, one that grows is no end
    (lambda: reserves.years_left(a(10.0, -5.0)), 0),
    (lambda: reserves.years_left(a(10.0, 10.0)), INF),
    (lambda: reserves.years_left(a(NAN, 10.0)), NAN),
    (lambda: concentration.supplier_shares([Decimal(-5), Decimal(0)]), []),
    (lambda: concentration.hhi(a()), NAN),
    (lambda: concentration.hhi(a(0.5, 0.2)), 2900),
    (lambda: forecast.drift(a(5, 5, 5, 5), 3).interval(), (5, 5)),
    (lambda: likelihood.p_hit(forecast.drift(a(80, 80, 80, 80), 3), PROMISE), 0.98),
]


@pytest.mark.parametrize(("call", "expected"), FOUND)
def test_edges_have_a_value_of_their_own(call: Callable[[], Any], expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(call(), dtype=np.float64), np.asarray(expected, dtype=np.float64), atol=1e-9)


def test_a_unit_without_an_input_that_all_others_need_has_no_measure_in_the_other_year() -> None:
    old, new = np.array([[0.0, 5], [1, 1], [2, 2]]), np.array([[1.0, 5], [1, 1], [2, 2]])
    outputs = column(1, 1, 2)
    found = malmquist.malmquist(old, outputs, new, outputs)
    assert np.isnan(found.index).tolist() == [True, False, False]


@pytest.fixture
def con() -> Any:
    with duckdb.connect() as connection:
        create_empty(connection)
        yield connection


def values(con: duckdb.DuckDBPyConnection, measure: str, **inputs: list[list[Any]]) -> list[ValueRow]:
    give(con, inputs)
    day = date(2025, 6, 30)
    return compute(con, by_id()[measure], day, promised(con, day)[0])


def with_first_row(measure: str, table: str, place: int, value: Any) -> dict[str, list[list[Any]]]:
    inputs = {name: [list(row) for row in rows] for name, rows in by_id()[measure].example.inputs.items()}
    inputs[table][0][place] = value
    return inputs


def test_a_body_with_a_negative_quantity_is_left_out_of_the_frontier_and_stops_nobody(
    con: duckdb.DuckDBPyConnection,
) -> None:
    inputs = with_first_row("I10", "frontier", 2, -1.0)
    hurt = inputs["frontier"][0][0]
    twin = [row for row in inputs["frontier"] if row[0] == inputs["bodies"][-1][0]]
    inputs["frontier"] += [["another", *row[1:]] for row in twin]  # so that as many as are needed are left
    inputs["bodies"].append(["another", *inputs["bodies"][-1][1:]])
    rows = values(con, "I10", **inputs)
    assert {row.entity_id for row in rows} == {row[0] for row in inputs["bodies"]} - {hurt}
    assert all(row.value is not None for row in rows)


def test_a_change_that_no_frontier_measures_says_why(con: duckdb.DuckDBPyConnection) -> None:
    inputs = with_first_row("I10", "frontier", 2, 0.0)
    rows = {row.entity_id: row for row in values(con, "I10", **inputs)}
    lost = rows[inputs["frontier"][0][0]]
    assert (lost.value, lost.se) == (None, None)
    assert "lacks an input" in (lost.reason or "")


@pytest.mark.parametrize(
    ("measure", "table", "place", "impossible"),
    [("C7", "survey", 6, -5), ("C5", "services", 5, -1.0), ("S4", "engagement", 2, -1.0), ("G5", "projects", 3, -1.0)],
)
def test_figures_that_cannot_be_make_no_value_that_cannot_be(
    con: duckdb.DuckDBPyConnection, measure: str, table: str, place: int, impossible: float
) -> None:
    for row in values(con, measure, **with_first_row(measure, table, place, impossible)):
        assert row.value is None or measure == "C7" or 0 <= row.value <= 100
        assert row.se is None or row.se >= 0


def test_a_figure_beyond_its_metrics_bounds_is_published_and_nothing_is_made_of_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("CREATE TEMP TABLE core_outcomes (value DOUBLE, outcome_flags VARCHAR[])")
    con.execute("INSERT INTO core_outcomes VALUES (103, ['out_of_range']), (97, ['revised']), (96, []), (95, NULL)")
    con.execute(POSSIBLE)
    assert con.execute("SELECT value FROM possible_outcomes ORDER BY value").fetchall() == [(95,), (96,), (97,)]
