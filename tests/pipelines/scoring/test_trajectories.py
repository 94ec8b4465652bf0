"""Plans, position, forecasts and their choice, likelihood, verdicts, delivery index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.scoring import plans
from pipelines.scoring.delivery_index import delivery_index
from pipelines.scoring.forecast import Bounds, Forecast, drift, latest_run, regression, seasonal_drift
from pipelines.scoring.forecast_choice import Backtest, calibration_factor, choose, clustered_coverage, rolling_origin
from pipelines.scoring.likelihood import brier, p_hit, verdict
from pipelines.scoring.plans import Promise
from pipelines.scoring.residuals import are_uncorrelated, durbin_watson
from pipelines.scoring.trajectory import ambition, delivered, is_met, position, required_rate

NAN = np.nan
UP = Promise(0, 60, 10, 80, direction=1)
DOWN = Promise(0, 60, 10, 40, direction=-1)
SHARE = Bounds(0.0, 100.0)
HOLD = Promise(0, 95, 10, 95, direction=1, tolerance=2)


def test_the_line_is_level_outside_the_promised_time() -> None:
    assert plans.line(UP, np.array([-5.0, 0, 5, 10, 20])).tolist() == [60, 60, 70, 80, 80]


def test_the_logistic_plan_meets_both_ends_and_the_middle() -> None:
    curve = plans.logistic(UP, np.linspace(0, 10, 11))
    assert curve[[0, 5, 10]].tolist() == pytest.approx([60, 70, 80])
    assert np.all(np.diff(curve) > 0)
    assert curve[1] - curve[0] < curve[5] - curve[4]


def test_points_are_joined_and_must_be_in_order() -> None:
    assert plans.points(np.array([0.0, 4, 8]), np.array([10.0, 20, 40]), np.array([2.0, 6, 9])).tolist() == [15, 30, 40]
    with pytest.raises(ValueError, match="two points"):
        plans.points(np.array([4.0, 0]), np.array([1.0, 2]), 1.0)


def test_where_a_promise_stands_in_either_direction() -> None:
    assert (float(delivered(UP, 65)), float(delivered(DOWN, 55)), float(delivered(DOWN, 62))) == (0.25, 0.25, -0.1)
    assert (required_rate(UP, 65, 5), required_rate(DOWN, 55, 5)) == (3, -3)
    assert np.isnan(required_rate(UP, 65, 10))
    assert (float(position(UP, 65, 70)), float(position(DOWN, 55, 50))) == (-0.25, -0.25)


def test_a_hold_target_is_judged_by_its_band() -> None:
    assert np.isnan(delivered(HOLD, 95))
    assert position(HOLD, np.array([97.0, 95, 93, 92]), 95.0).tolist() == [0, 0, 0, -0.5]
    assert [is_met(HOLD, value) for value in (99, 93, 92.9)] == [True, True, False]


def test_ambition_is_the_share_of_the_way_to_the_best_tenth() -> None:
    peers = np.array([*np.arange(0.0, 101.0, 10.0), NAN])  # P90 is 90, P10 is 10
    assert ambition(Promise(0, 60, 1, 75, direction=1), peers) == 0.5
    assert ambition(Promise(0, 60, 1, 50, direction=-1), peers) == pytest.approx(0.2)
    assert np.isnan(ambition(Promise(0, 95, 1, 99, direction=1), peers))


def test_a_gap_breaks_a_series() -> None:
    assert latest_run(np.array([1.0, 2, NAN, 3, 4, NAN])).tolist() == [3, 4]
    assert latest_run(np.array([NAN])).tolist() == []


def test_drift_uses_eight_differences_at_most() -> None:
    series = np.array([1000.0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    found = drift(series, 3)
    assert (float(found.mean), float(found.se), found.df) == (11, 0, 7)


def test_drift_is_vectorised_over_units() -> None:
    both = drift(np.array([[1.0, 2, 4], [1.0, 1, 1]]), 1)
    assert both.mean.tolist() == [5.5, 1]
    assert both.se.tolist() == pytest.approx([np.sqrt(0.5) * np.sqrt(1.5), 0])


def test_seasonal_drift_repeats_the_year_and_carries_its_change_on() -> None:
    year = np.arange(12.0) ** 2
    series = np.concatenate([year, year + 5])
    assert [float(seasonal_drift(series, h).mean) for h in (1, 12, 13)] == [10, 131, 15]
    wobbly = series + np.where(np.arange(24) == 20, 3.0, 0.0)  # steps of the yearly change: one +3, one -3, nine of 0
    sd = np.sqrt(18 / 10)
    assert float(seasonal_drift(wobbly, 4).se) == pytest.approx(2 * sd)
    # 14 months ahead: two steps count twice, twelve once
    assert float(seasonal_drift(wobbly, 14).se) == pytest.approx(np.sqrt(2 * 4 + 12) * sd)


def test_correlated_residuals_forbid_a_regression() -> None:
    generator = np.random.default_rng(3)
    time = np.arange(60.0)
    assert are_uncorrelated(time + generator.standard_normal(60))
    assert not are_uncorrelated(np.cumsum(generator.standard_normal(60)))
    assert not are_uncorrelated(np.arange(7.0))
    assert durbin_watson(np.arange(9.0)) == (2.0, 1.0)


def test_the_durbin_watson_test_keeps_its_level() -> None:
    generator = np.random.default_rng(5)
    rejected = np.mean([durbin_watson(generator.standard_normal(12))[1] < 0.10 for _ in range(2000)])
    assert rejected == pytest.approx(0.10, abs=0.02)


def test_with_fewer_than_five_origins_it_is_drift() -> None:
    line = np.arange(11.0) + np.array([0.1, -0.1] * 5 + [0.1])
    assert choose(line, 1, is_monthly=False) == ("drift", {})  # a regression of 8 points has three origins


def test_the_method_with_the_smaller_rolling_error_is_chosen() -> None:
    generator = np.random.default_rng(11)
    months = np.arange(48)
    seasonal = 10 * np.sin(months / 12 * 2 * np.pi) + 0.1 * generator.standard_normal(48)
    method, errors = choose(seasonal, 3, is_monthly=True)
    assert method == "seasonal_drift"
    assert errors["seasonal_drift"] < errors["drift"]
    assert choose(seasonal, 3, is_monthly=False)[0] != "seasonal_drift"


def test_calibration_makes_past_intervals_hold_their_share() -> None:
    generator = np.random.default_rng(13)
    walks = np.cumsum(generator.standard_normal((200, 40)), axis=1)
    test = rolling_origin(walks, 6, "regression")  # far too narrow on a random walk
    assert test.inside().mean() < 0.6
    factor = calibration_factor(test)
    assert factor > 1.5
    assert test.inside(factor=factor).mean() == pytest.approx(0.8, abs=0.001)
    narrow = rolling_origin(np.zeros((3, 30)) + np.arange(30.0) + 1e-6 * generator.standard_normal((3, 30)), 1, "drift")
    assert calibration_factor(narrow, may_narrow=False) >= 1.0


def test_coverage_takes_units_for_clusters() -> None:
    inside = np.array([[True] * 10, [False] * 10, [True] * 10, [True] * 10])
    found = clustered_coverage(inside)
    assert (found.share, found.units, found.forecasts) == (0.75, 4, 40)
    assert found.low == 0.0  # four units, not forty forecasts
    assert clustered_coverage(inside[:1]).low == 0.0


def at(mean: float, se: float = 1.0) -> Forecast:
    return Forecast(np.array(mean), np.array(se), 5.0, "drift")


def test_the_likelihood_is_half_at_the_target_and_never_certain() -> None:
    assert float(p_hit(at(80), UP)) == 0.5
    assert (float(p_hit(at(99), UP)), float(p_hit(at(0), UP))) == (0.98, 0.02)
    assert float(p_hit(at(39), DOWN)) == pytest.approx(1 - float(p_hit(at(41), DOWN)))
    assert (float(p_hit(at(80, 0), UP)), float(p_hit(at(79, 0), UP))) == (0.98, 0.02)
    assert float(p_hit(at(93), HOLD)) == 0.5


@given(st.floats(0, 100), st.floats(0, 20), st.floats(0.1, 10))
def test_a_better_forecast_is_never_less_likely_to_hit(mean: float, more: float, se: float) -> None:
    assert p_hit(at(mean + more, se), UP) >= p_hit(at(mean, se), UP)
    assert p_hit(at(mean - more, se), DOWN) >= p_hit(at(mean, se), DOWN)


def test_what_lies_beyond_a_bound_is_put_on_it_and_the_chance_is_of_the_same_distribution() -> None:
    free = at(96, 5)
    held = free.within(SHARE)
    reach = 1.475884 * 5  # the 90% point of t with 5 degrees of freedom
    assert (float(held.interval()[0]), float(held.interval()[1])) == (pytest.approx(96 - reach, abs=1e-5), 100.0)
    assert float(held.median) == 96
    assert float(p_hit(held, Promise(0, 60, 1, 99, 1))) == float(p_hit(free, Promise(0, 60, 1, 99, 1)))
    beyond = at(103, 5).within(SHARE)
    assert (float(beyond.median), float(beyond.interval()[1])) == (100.0, 100.0)
    assert float(p_hit(beyond, Promise(0, 60, 1, 100, 1))) == pytest.approx(0.713, abs=5e-4)  # F_5(3/5)
    assert (float(at(-7, 1).within(SHARE).median), float(at(-7, 1).within(SHARE).interval()[1])) == (0.0, 0.0)


def test_a_target_that_cannot_be_missed_or_hit_is_neither_likely_nor_unlikely() -> None:
    half = at(50, 40).within(SHARE)
    cases = [(101, 1), (0, 1), (-1, -1), (100, -1)]
    assert [float(p_hit(half, Promise(0, 60, 1, target, way), clipped=False)) for target, way in cases] == [0, 1, 0, 1]
    assert float(p_hit(at(50, 40), Promise(0, 60, 1, 101, 1), clipped=False)) > 0.1
    with pytest.raises(ValueError, match="lowest must lie below"):
        Bounds(100.0, 0.0)


def test_an_outcome_on_a_bound_lies_in_every_interval_that_ends_there() -> None:
    one = np.array([5.0])
    made = Backtest(
        np.array([100.0, 100.0, 90.0, 104.0]),
        np.array([108.0, 97.0, 108.0, 99.0]),
        np.ones(4),
        np.repeat(one, 4),
        SHARE,
    )
    assert made.miss.tolist() == [0.0, 3.0, 18.0, 5.0]
    assert made.inside(factor=4.0).tolist() == [True, True, False, False]  # 104% is none of what it can be
    assert made.mean_absolute_error == (0 + 3 + 10 + 5) / 4


@given(
    st.lists(st.floats(0, 100), min_size=4, max_size=30),
    st.integers(1, 15),
    st.sampled_from(["drift", "regression"]),
    st.floats(0.5, 3),
)
def test_no_forecast_of_a_share_leaves_what_a_share_can_be(
    values: list[float], ahead: int, method: str, factor: float
) -> None:
    made = {"drift": drift, "regression": regression}[method](np.array(values), ahead).within(SHARE).widened(factor)
    low, high = made.interval()
    assert 0 <= low <= made.median <= high <= 100


@pytest.mark.parametrize(
    ("value", "points", "latest", "as_of", "state", "colour"),
    [
        (65, 3, 5, 5, "too_early", None),
        (65, 4, 5, 5, "forecast", None),
        (79, 8, 9, 11, "awaiting_outcome", None),
        (80, 3, 10, 11, "met", "green"),
        (78, 8, 10, 11, "nearly", "amber-red"),
        (77.9, 8, 10, 11, "missed", "red"),
    ],
)
def test_verdicts(*, value: float, points: int, latest: float, as_of: float, state: str, colour: str | None) -> None:
    found = verdict(UP, points=points, latest_value=value, latest_time=latest, as_of=as_of)
    assert (found.state, found.colour) == (state, colour)


def test_a_hold_target_that_was_not_held_is_missed() -> None:
    assert verdict(HOLD, points=9, latest_value=90, latest_time=10, as_of=10).state == "missed"


def test_the_delivery_index_by_hand() -> None:
    found = delivery_index(p_hit=0.6, elapsed=0.5, g1=80, g2=25, s4=60, s5=40)
    assert found.value == pytest.approx(100 * (0.5 * 0.6 + 0.5 / 3 * (0.75 + 0.8 + 0.5)))
    assert found.missing == ()


def test_a_missing_component_leaves_the_delivery_index_and_is_named() -> None:
    found = delivery_index(p_hit=0.6, elapsed=0.0, g1=NAN, g2=25, s4=60, s5=NAN)
    total = 0.2 + 2 * 0.8 / 3
    assert found.value == pytest.approx(100 * (0.2 * 0.6 + 0.8 / 3 * (0.75 + 0.6)) / total)
    assert found.missing == ("planning", "S5")
    assert sum(found.weights.values()) == pytest.approx(1)
    with pytest.raises(ValueError, match="G1 is 120"):
        delivery_index(p_hit=0.6, elapsed=0.5, g1=120, g2=25, s4=60, s5=40)


def test_too_short_a_series_and_wrong_promises_are_refused() -> None:
    for short in (
        lambda: drift(np.ones(2), 1),
        lambda: seasonal_drift(np.ones(14), 1),
        lambda: regression(np.ones(2), 1),
    ):
        with pytest.raises(ValueError, match="too few"):
            short()
    with pytest.raises(ValueError, match="direction"):
        Promise(0, 1, 2, 3, direction=0)
    with pytest.raises(ValueError, match="after the baseline"):
        Promise(2, 1, 2, 3, direction=1)


def test_the_brier_score_by_hand() -> None:
    assert brier(np.array([0.8, 0.4]), np.array([1.0, 0.0])) == pytest.approx((0.04 + 0.16) / 2)
