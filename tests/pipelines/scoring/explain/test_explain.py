"""Bennet, LMDI, the waterfall, its words, unit cost: they add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.scoring.composite.assemble import assemble
from pipelines.scoring.composite.structure import build_structure
from pipelines.scoring.explain.bennet import bennet
from pipelines.scoring.explain.index_waterfall import index_waterfall, release_waterfall
from pipelines.scoring.explain.lmdi import index_change, lmdi
from pipelines.scoring.explain.logmean import log_mean
from pipelines.scoring.explain.unit_cost import unit_cost_change, unit_cost_logs
from pipelines.scoring.explain.waterfall import waterfall
from pipelines.scoring.explain.words import in_words

NAN = np.nan
TREE = build_structure(
    [
        ("a", "1.1", "P1"),
        ("b", "1.1", "P1"),
        ("c", "2.1", "P2"),
        ("d", "3.1", "P3"),
        ("e", "3.2", "P3"),
        ("f", "4.1", "P4"),
    ]
)
scores = st.one_of(st.just(NAN), st.floats(0, 100, width=32))


@st.composite
def bodies(draw: st.DrawFn) -> np.ndarray:
    """Scores of which any of a, d and f may be missing: half an area, half a pillar, a whole pillar. The index stays."""
    body = draw(hnp.arrays(np.float64, 6, elements=st.floats(0, 100, width=32)))
    body[sorted(draw(st.sets(st.sampled_from([0, 3, 5]))))] = NAN
    return body


def weights_of(values: np.ndarray) -> np.ndarray:
    known = ~np.isnan(values)
    return known / known.sum()


def test_bennet_by_hand() -> None:
    old, new = np.array([40.0, 60.0, NAN]), np.array([50.0, 60.0, 85.0])
    split = bennet(old, weights_of(old), new, weights_of(new))
    assert (split.start, split.end) == (50, 65)
    assert split.performance.tolist() == pytest.approx([50 / 12, 0, 0])
    # (mean(z) - 57.5) dw: (45 - 57.5)(-1/6), (60 - 57.5)(-1/6), (85 - 57.5)/3
    assert split.coverage.tolist() == pytest.approx([12.5 / 6, -2.5 / 6, 27.5 / 3])


def test_lmdi_by_hand() -> None:
    half = np.array([0.5, 0.5])
    split = lmdi(np.array([4.0, 9.0]), half, np.array([16.0, 9.0]), half)
    assert (split.start, split.end) == (pytest.approx(6), pytest.approx(12))
    assert split.performance.tolist() == pytest.approx([6, 0])
    assert split.coverage.tolist() == [0, 0]


def test_weights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="not to 1"):
        bennet(np.array([1.0, NAN]), np.array([0.5, 0.5]), np.array([1.0, 2.0]), np.array([0.5, 0.5]))


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_the_logarithmic_mean_lies_between_and_is_the_value_where_equal(a: float, b: float) -> None:
    mean = float(log_mean(a, b))
    assert min(a, b) * (1 - 1e-12) <= mean <= max(a, b) * (1 + 1e-12)
    assert mean == pytest.approx(float(log_mean(b, a)))
    assert float(log_mean(a, a)) == a


@given(hnp.arrays(np.float64, 5, elements=scores), hnp.arrays(np.float64, 5, elements=scores))
def test_bennet_and_lmdi_leave_no_residual(old: np.ndarray, new: np.ndarray) -> None:
    assume(not np.isnan(old).all() and not np.isnan(new).all())
    assert abs(bennet(old, weights_of(old), new, weights_of(new)).residual) < 1e-9
    assert abs(lmdi(1 + 0.99 * old, weights_of(old), 1 + 0.99 * new, weights_of(new)).residual) < 1e-9


@given(bodies(), bodies())
def test_an_index_change_adds_up_by_measure(old: np.ndarray, new: np.ndarray) -> None:
    before, after = assemble(old, TREE).index, assemble(new, TREE).index
    change = index_change(old, new, TREE)
    assert (change.start, change.end) == (pytest.approx(float(before)), pytest.approx(float(after)))
    assert abs(change.residual) < 1e-9


def test_measures_that_cancel_inside_a_pillar_still_show() -> None:
    old = np.array([40.0, 60.0, 50.0, 50.0, 50.0, 50.0])
    new = np.array([60.0, 40.0, 50.0, 50.0, 50.0, 50.0])
    change = index_change(old, new, TREE)
    assert change.start == pytest.approx(change.end)
    # dI/dz of pillar P1 at 50 is 0.25 x 0.99, and each measure moves the pillar by 10
    assert change.performance[:2].tolist() == pytest.approx([2.475, -2.475])


def test_a_withheld_index_has_no_change() -> None:
    with pytest.raises(ValueError, match="no index"):
        index_change(np.full(6, NAN), np.full(6, 50.0), TREE)


def a_waterfall(**changed: float):  # noqa: ANN201 - a Waterfall
    figures = {"published": 50.0, "revised": 49.4, "restated": 49.4, "end": 54.1, **changed}
    return waterfall(**figures, coverage={"c": 0.0}, performance={"waits": 2.9, "cost": 1.8})


def test_a_waterfall_keeps_its_order_and_adds_up() -> None:
    made = a_waterfall()
    assert list(made.by_stage()) == ["data_revision", "method_change", "coverage", "performance"]
    assert made.by_stage() == pytest.approx(
        {"data_revision": -0.6, "method_change": 0, "coverage": 0, "performance": 4.7}
    )
    with pytest.raises(ArithmeticError, match="unexplained"):
        a_waterfall(end=54.2)


def test_restated_figures_are_named_where_they_are_known_by_item() -> None:
    made = waterfall(
        published=50,
        revised=49.4,
        restated=49.9,
        end=49.9,
        coverage={},
        performance={},
        revision={"waits": -0.8, "cost": 0.2},
    )
    assert made.by_stage() == pytest.approx(
        {"data_revision": -0.6, "method_change": 0.5, "coverage": 0, "performance": 0}
    )
    assert in_words(made, {"waits": "shorter waits"}) == (
        "Of the 0.1 points lost, -0.8 come from shorter waits (figures restated since), 0.5 from a change of method, "
        "0.2 from cost (figures restated since)."
    )


@given(*[hnp.arrays(np.float64, 6, elements=st.floats(0, 100))] * 3, st.floats(1, 100))
def test_between_releases_the_steps_add_up_whatever_was_published(
    then: np.ndarray, restated: np.ndarray, new: np.ndarray, published: float
) -> None:
    all_asked = np.ones(6, dtype=np.bool_)
    made = release_waterfall(published, *((scores, all_asked, TREE) for scores in (then, restated, new)))
    assert made.start == published
    assert sum(step.amount for step in made.steps) == pytest.approx(made.end - made.start, abs=1e-9)


def test_a_waterfall_in_words() -> None:
    names = {"waits": "shorter waits", "cost": "lower unit cost"}
    assert in_words(a_waterfall(), names) == (
        "Of the 4.1 points gained, 2.9 come from shorter waits, 1.8 from lower unit cost, -0.6 from data restated since."
    )
    assert in_words(a_waterfall(), names, largest=1) == (
        "Of the 4.1 points gained, 2.9 come from shorter waits, 1.2 from all else."
    )
    still = waterfall(published=50, revised=50, restated=50, end=50, coverage={}, performance={})
    assert in_words(still, {}).startswith("No part")


def test_unit_cost_by_hand_and_without_residual() -> None:
    old, new = (100.0, 1.0, 50.0), (121.0, 1.1, 55.0)  # 2 to 2: all the extra money is prices and volume
    spending, prices, volume = unit_cost_logs(old, new)
    assert (spending, prices, volume) == pytest.approx((2 * np.log(1.1), -np.log(1.1), -np.log(1.1)))
    change = unit_cost_change(old, new)
    assert change.spending == pytest.approx(2 * 2 * np.log(1.1))
    assert abs(change.residual) < 1e-9
    with pytest.raises(ValueError, match="above 0"):
        unit_cost_change(old, (1.0, 1.0, 0.0))


@given(bodies(), bodies(), st.floats(1, 100), st.floats(1, 100))
def test_an_index_waterfall_starts_and_ends_at_what_was_published(
    restated: np.ndarray, new: np.ndarray, published: float, revised: float
) -> None:
    made = index_waterfall(published=published, revised=revised, restated=restated, new=new, structure=TREE)
    assert made.start == published
    assert made.end == pytest.approx(float(assemble(new, TREE).index))
    assert sum(step.amount for step in made.steps) == pytest.approx(made.end - made.start, abs=1e-9)
    assert made.by_stage()["data_revision"] == revised - published


def test_a_pillar_that_goes_is_coverage_and_not_performance() -> None:
    old = np.full(6, 50.0)
    old[5] = 80.0
    new = np.where(np.arange(6) == 5, NAN, old)
    made = index_waterfall(published=50.0, revised=50.0, restated=old, new=new, structure=TREE)
    assert made.by_stage()["performance"] == 0
    assert [step.item for step in made.steps if step.stage == "coverage" and step.item == "P4"] == ["P4"]
    assert made.by_stage()["coverage"] < 0
