"""The small steps before assembly: denominate, screen, outliers, weights, carrying forward."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.scoring.composite.carry_forward import carry_forward
from pipelines.scoring.composite.denominate import denominate
from pipelines.scoring.composite.outliers import treat_outliers
from pipelines.scoring.composite.screen import availability, screen
from pipelines.scoring.composite.weights import normalise_weights, weight_draws

NAN = np.nan


def test_denominators_of_zero_give_missing_not_infinity() -> None:
    found = denominate(np.array([[10.0, 3.0], [4.0, 5.0]]), np.array([[2.0, 1.0], [0.0, 1.0]]))
    assert found[0].tolist() == [5, 3]
    assert np.isnan(found[1, 0])
    with pytest.raises(ValueError, match="negative"):
        denominate(np.array([[1.0]]), np.array([[-2.0]]))


def test_a_unit_at_the_limit_of_availability_passes() -> None:
    values = np.ones((3, 10))
    values[1, :1] = NAN
    values[2, :2] = NAN
    assert availability(values).tolist() == [1.0, 0.9, 0.8]
    assert screen(values, minimum=0.9).tolist() == [True, True, False]


def test_what_is_not_applicable_is_not_asked_for() -> None:
    values, asked = np.array([[1.0, NAN, 2.0]]), np.array([[True, False, True]])
    assert screen(values, minimum=1.0, applicable=asked).tolist() == [True]
    assert np.isnan(availability(values, np.zeros((1, 3), dtype=np.bool_))).all()


def test_one_far_point_is_set_to_the_next() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, NAN])
    treated = treat_outliers(values)
    assert (treated.method, treated.points) == ("winsorised", 1)
    assert treated.values[:11].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert np.isnan(treated.values[11])


def test_a_far_point_below_is_raised() -> None:
    treated = treat_outliers(np.array([-100.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    assert treated.values.min() == 1


def test_values_without_outliers_are_left_alone() -> None:
    treated = treat_outliers(np.array([1.0, 2, 3, 4, 5]))
    assert (treated.method, treated.values.tolist()) == ("none", [1, 2, 3, 4, 5])


def test_where_five_points_are_not_enough_the_logarithm_is_taken_of_the_values_as_they_were() -> None:
    values = np.array([*np.linspace(0, 1, 60), *(10.0 ** np.arange(1, 9))])
    treated = treat_outliers(values)
    assert treated.method == "log"
    assert treated.values[0] == pytest.approx(np.log(0.01 * 1e8))
    assert treated.values[-1] == pytest.approx(np.log(1e8 + 0.01 * 1e8))


def test_weights_add_up_to_one_or_are_refused() -> None:
    assert normalise_weights(np.array([2.0, 1.0, 1.0])).tolist() == [0.5, 0.25, 0.25]
    for bad in ([-1.0, 2.0], [0.0, 0.0], [NAN, 1.0]):
        with pytest.raises(ValueError, match="weights"):
            normalise_weights(np.array(bad))


def test_drawn_weights_keep_their_mean_and_have_dirichlet_25s_variance() -> None:
    drawn = weight_draws(np.array([0.5, 0.3, 0.2, 0.0]), 20_000, np.random.default_rng(7))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(20_000))
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.3, 0.2, 0.0], abs=0.003)
    assert drawn[:, 0].var() == pytest.approx(0.25 / 26, rel=0.05)
    assert np.all(drawn[:, 3] == 0)


def test_a_value_stands_for_two_periods_more() -> None:
    carried, age = carry_forward(np.array([NAN, 5.0, NAN, NAN, NAN, 7.0]))
    assert age.tolist() == [-1, 0, 1, 2, -1, 0]
    assert carried[[1, 2, 3, 5]].tolist() == [5, 5, 5, 7]
    assert np.isnan(carried[[0, 4]]).all()


@given(st.lists(st.one_of(st.none(), st.floats(-10, 10)), min_size=1, max_size=20))
def test_carrying_forward_never_alters_what_is_known(row: list[float | None]) -> None:
    values = np.array([NAN if v is None else v for v in row])
    carried, age = carry_forward(values)
    known = ~np.isnan(values)
    assert carried[known].tolist() == values[known].tolist()
    assert np.all((age == 0) == known)
