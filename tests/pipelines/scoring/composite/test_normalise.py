from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.scoring.composite.normalise import (
    anchor_score,
    check_anchors,
    distance_to_reference,
    min_max,
    percentile_rank,
    z_score,
    z_scores,
)

UP, DOWN = np.array([1.0]), np.array([-1.0])
RISING = np.array([20.0, 40.0, 60.0, 80.0, 95.0])
FALLING = np.array([5000.0, 2500.0, 1800.0, 1000.0, 250.0])
finite = st.floats(-1e6, 1e6, allow_nan=False, width=32)
columns = hnp.arrays(np.float64, st.tuples(st.integers(2, 12), st.just(1)), elements=finite)


def test_anchors_are_met_exactly_and_joined_by_lines() -> None:
    assert anchor_score(RISING, RISING).tolist() == [0, 25, 50, 75, 100]
    assert anchor_score(np.array([30.0, 87.5]), RISING).tolist() == [12.5, 87.5]
    assert anchor_score(np.array([1400.0, 3750.0]), FALLING).tolist() == [62.5, 12.5]


def test_anchors_clamp_infinity_and_leave_missing_missing() -> None:
    scored = anchor_score(np.array([-np.inf, np.inf, np.nan]), RISING)
    assert scored[:2].tolist() == [0, 100]
    assert np.isnan(scored[2])


@pytest.mark.parametrize("bad", [[1, 2, 3, 4], [1, 2, 2, 3, 4], [1, 2, 3, 2, 5], [1, 2, 3, 4, np.nan]])
def test_anchors_that_are_not_five_in_order_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="five finite values"):
        check_anchors(np.array(bad, dtype=np.float64))


@given(st.lists(finite, min_size=2, max_size=2), st.sampled_from([RISING, FALLING]))
def test_a_better_value_never_scores_less(pair: list[float], anchors: np.ndarray) -> None:
    worse, better = sorted(pair, reverse=anchors is FALLING)
    low, high = anchor_score(np.array([worse, better]), anchors)
    assert 0 <= low <= high <= 100


@given(st.floats(0, 100), st.floats(0.01, 100))
def test_anchors_do_not_care_about_the_unit(value: float, factor: float) -> None:
    same = anchor_score(np.array(value * factor), RISING * factor)
    assert same == pytest.approx(float(anchor_score(np.array(value), RISING)), abs=1e-9)


def test_min_max_by_hand() -> None:
    values = np.array([[2.0], [6.0], [10.0], [np.nan]])
    assert min_max(values, UP)[:3, 0].tolist() == [0, 50, 100]
    assert min_max(values, DOWN)[:3, 0].tolist() == [100, 50, 0]
    assert np.isnan(min_max(values, UP)[3, 0])


def test_z_scores_by_hand() -> None:
    values = np.array([[2.0], [4.0], [6.0]])  # mean 4, sample standard deviation 2
    assert z_scores(values, UP)[:, 0].tolist() == [-1, 0, 1]
    assert z_score(values, DOWN)[:, 0].tolist() == [60, 50, 40]


def test_percentile_ranks_by_hand() -> None:
    values = np.array([[10.0], [30.0], [20.0], [30.0], [np.nan]])
    assert percentile_rank(values, UP)[:4, 0] == pytest.approx([0, 250 / 3, 100 / 3, 250 / 3])
    assert percentile_rank(values, DOWN)[:4, 0] == pytest.approx([100, 50 / 3, 200 / 3, 50 / 3])


def test_distance_to_a_reference_by_hand() -> None:
    values = np.array([[10.0], [20.0], [60.0]])
    assert distance_to_reference(values, np.array([50.0]), UP)[:, 0].tolist() == [0, 25, 100]
    assert distance_to_reference(values, np.array([10.0]), DOWN)[:, 0].tolist() == [100, 80, 0]
    assert np.isnan(distance_to_reference(values, np.array([5.0]), UP)).all()


@pytest.mark.parametrize("method", [min_max, z_score, percentile_rank])
def test_a_measure_on_which_all_are_equal_gives_all_the_middle(method) -> None:  # noqa: ANN001 - one of three functions
    assert method(np.full((4, 1), 0.1), UP)[:, 0].tolist() == [50, 50, 50, 50]
    assert np.isnan(method(np.full((3, 1), np.nan), UP)).all()


@pytest.mark.parametrize("method", [min_max, z_score, percentile_rank])
@given(values=columns, direction=st.sampled_from([UP, DOWN]), data=st.data())
def test_scores_are_bounded_monotone_and_blind_to_order_and_unit(method, values, direction, data) -> None:  # noqa: ANN001
    scores = method(values, direction)
    assert np.all((scores >= 0) & (scores <= 100))
    order = np.argsort(values[:, 0] * direction[0], kind="stable")
    assert np.all(np.diff(scores[order, 0]) >= -1e-9)
    shuffled = np.array(data.draw(st.permutations(range(len(values)))))
    assert method(values[shuffled], direction) == pytest.approx(scores[shuffled], abs=1e-6)
    assert method(values * 1024.0, direction) == pytest.approx(scores, abs=1e-6)
    for value in np.unique(values):
        assert len(np.unique(scores[values == value])) == 1
