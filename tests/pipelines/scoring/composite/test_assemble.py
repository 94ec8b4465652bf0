"""Structure, assembly, coverage, bounds, and the rules that withhold an index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.scoring.composite.assemble import assemble, level_weights
from pipelines.scoring.composite.coverage import bounds, coverage
from pipelines.scoring.composite.publishable import family_reasons, withheld_reasons
from pipelines.scoring.composite.structure import Structure, build_structure

NAN = np.nan
ROWS = [
    ("m1", "1.1", "P1"),
    ("m2", "1.1", "P1"),
    ("m3", "1.2", "P1"),
    ("m4", "2.1", "P2"),
    ("m5", "3.1", "P3"),
    ("m6", "3.2", "P3"),
    ("m7", "4.1", "P4"),
]
TREE = build_structure(ROWS)
FULL = np.array([20.0, 40.0, 90.0, 50.0, 10.0, 30.0, 80.0])
rows = hnp.arrays(np.float64, 7, elements=st.one_of(st.just(NAN), st.floats(0, 100, width=32)))


def test_a_whole_body_by_hand() -> None:
    made = assemble(FULL, TREE)
    assert made.areas.tolist() == pytest.approx([30, 90, 50, 10, 30, 80])
    assert made.pillars.tolist() == pytest.approx([60, 50, 20, 80])
    assert float(made.index) == pytest.approx((60.4 * 50.5 * 20.8 * 80.2) ** 0.25)


def test_declared_weights_count_at_their_level() -> None:
    made = assemble(FULL, build_structure(ROWS, weights={"m1": 3, "1.2": 2, "P4": 0}))
    assert made.areas[0] == pytest.approx(25)
    assert made.pillars[0] == pytest.approx((25 + 2 * 90) / 3)
    assert float(made.index) == pytest.approx(((1 + 0.99 * 205 / 3) * 50.5 * 20.8) ** (1 / 3))


def test_half_of_an_area_is_enough_and_less_is_not() -> None:
    half = FULL.copy()
    half[1] = NAN
    assert assemble(half, TREE).areas[0] == 20
    less = assemble(half, build_structure(ROWS, weights={"m2": 1.1}))
    assert np.isnan(less.areas[0])
    assert less.pillars[0] == 90  # the pillar still has half of its areas


def test_a_pillar_below_half_of_its_areas_is_withheld_and_the_index_goes_on_without_it() -> None:
    scores = FULL.copy()
    scores[6] = NAN
    made = assemble(scores, TREE)
    assert np.isnan(made.pillars[3])
    assert float(made.index) == pytest.approx((60.4 * 50.5 * 20.8) ** (1 / 3))


@pytest.mark.parametrize("lost", [[3], [4, 5, 6]])
def test_without_a_required_pillar_or_with_two_only_there_is_no_index(lost: list[int]) -> None:
    scores = FULL.copy()
    scores[lost] = NAN
    assert np.isnan(assemble(scores, TREE).index)


def test_what_is_not_applicable_leaves_the_denominator() -> None:
    scores = FULL.copy()
    scores[[1, 2]] = NAN
    asked = np.ones(7, dtype=np.bool_)
    assert coverage(~np.isnan(scores), TREE).pillars[0] == pytest.approx(0.25)
    asked[[1, 2]] = False
    held = coverage(~np.isnan(scores), TREE, asked)
    assert (held.areas[0], held.pillars[0], held.index) == (1, 1, 1)
    assert np.isnan(held.areas[1])
    assert assemble(scores, TREE, asked).pillars[0] == 20


def test_bounds_by_hand() -> None:
    scores = FULL.copy()
    scores[1] = NAN
    low, high = bounds(scores, scores, TREE)
    assert (low.areas[0], high.areas[0]) == (10, 60)
    assert (low.pillars[0], high.pillars[0]) == (50, 75)
    with pytest.raises(ValueError, match="lower bound"):
        bounds(FULL + 1, FULL, TREE)


def test_a_wrong_tree_or_score_is_refused() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        build_structure([*ROWS, ("m1", "1.1", "P1")])
    with pytest.raises(ValueError, match="two pillars"):
        build_structure([*ROWS, ("m8", "1.1", "P2")])
    with pytest.raises(ValueError, match="no measure, area or pillar"):
        build_structure(ROWS, weights={"m99": 1})
    with pytest.raises(ValueError, match="between 0 and 100"):
        assemble(FULL + 50, TREE)


def test_reasons_for_withholding() -> None:
    scores = np.vstack([FULL, FULL, FULL, FULL])
    scores[1, 3] = NAN
    scores[2, 4:] = NAN
    periods = np.full((4, 7), 2023.0)
    periods[3, 0] = 2019.5
    reasons = withheld_reasons(level_weights(~np.isnan(scores), TREE), TREE, periods)
    assert reasons == [None, "required_pillar_missing", "too_few_pillars", "periods_too_far_apart"]


def test_a_family_needs_ten_bodies_that_qualify() -> None:
    families = ["a"] * 10 + ["b"] * 9 + ["b"]
    reasons: list[str | None] = [None] * 19 + ["too_few_pillars"]
    assert family_reasons(reasons, families) == [None] * 10 + ["family_too_small"] * 9 + ["too_few_pillars"]


def reordered(order: list[int]) -> Structure:
    return build_structure([ROWS[i] for i in order])


@given(rows)
def test_scores_lie_on_their_scale_and_within_their_bounds(scores: np.ndarray) -> None:
    made = assemble(scores, TREE)
    low, high = bounds(scores, scores, TREE)
    for level in ("areas", "pillars", "index"):
        value = np.atleast_1d(getattr(made, level))
        known = ~np.isnan(value)
        below, above = np.atleast_1d(getattr(low, level)), np.atleast_1d(getattr(high, level))
        assert np.all((value[known] >= 0) & (value[known] <= 100 + 1e-9))
        assert np.all(below[known] <= value[known] + 1e-9)
        assert np.all(value[known] <= above[known] + 1e-9)


@given(rows, st.integers(0, 6))
def test_more_missing_never_narrows_a_bound(scores: np.ndarray, lost: int) -> None:
    fewer = scores.copy()
    fewer[lost] = NAN
    before, after = bounds(scores, scores, TREE), bounds(fewer, fewer, TREE)
    for level in ("areas", "pillars", "index"):
        assert np.all(getattr(after[0], level) <= getattr(before[0], level) + 1e-9)
        assert np.all(getattr(after[1], level) >= getattr(before[1], level) - 1e-9)


@given(rows, st.permutations(range(7)))
def test_the_order_of_measures_does_not_matter(scores: np.ndarray, order: list[int]) -> None:
    assert np.array_equal(
        np.round(assemble(scores, TREE).index, 9),
        np.round(assemble(scores[order], reordered(order)).index, 9),
        equal_nan=True,
    )


@given(rows, st.integers(0, 6), st.floats(0, 50))
def test_a_better_measure_never_lowers_the_index(scores: np.ndarray, measure: int, more: float) -> None:
    better = scores.copy()
    better[measure] = np.minimum(100.0, better[measure] + more)  # missing stays missing
    before, after = assemble(scores, TREE).index, assemble(better, TREE).index
    assert np.isnan(before) == np.isnan(after)
    assert np.isnan(before) or after >= before - 1e-9
