"""Measure I7: variation among units, chance among the small ones taken out."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.scoring.variation import drawn_savings, noise_and_spread, savings_share


def test_without_chance_it_is_the_plain_formula() -> None:
    saved, spent = savings_share(np.array([10.0, 10.0, 20.0]), np.array([10.0, 10.0, 10.0]))
    assert saved / spent == 0.25


def test_small_units_are_drawn_further_to_the_mean_by_the_formula() -> None:
    # Mean (100*10 + 10*20 + 100*10)/210 = 10.476; chance 1/v against spread 0.01: B = 0.5 at v = 100, 10/11 at v = 10.
    saved, spent = savings_share(np.array([10.0, 20.0, 10.0]), np.array([100.0, 10.0, 100.0]), noise=1.0, spread=0.01)
    mean = 2200 / 210
    shrunk = [mean + (10 - mean) / 2, mean + (20 - mean) / 11, mean + (10 - mean) / 2]
    assert saved == pytest.approx(10 * (shrunk[1] - shrunk[0]))
    assert spent == 2200


def test_equal_volumes_tell_nothing_of_chance() -> None:
    assert noise_and_spread(np.array([0.1, -0.1] * 10), np.full(20, 50.0)) == (0.0, pytest.approx(0.01))


def test_few_units_are_not_shrunk() -> None:
    assert noise_and_spread(np.array([0.1, -0.2, 0.1]), np.array([5.0, 50.0, 500.0]))[0] == 0


def test_chance_and_real_spread_are_told_apart_in_a_made_world() -> None:
    dice = np.random.default_rng(3)
    volumes = np.exp(dice.uniform(2, 8, 20_000))
    deviations = dice.normal(0, np.sqrt(4.0 / volumes + 0.02))
    noise, spread = noise_and_spread(deviations, volumes)
    assert noise == pytest.approx(4.0, rel=0.1)
    assert spread == pytest.approx(0.02, rel=0.2)


def test_the_error_of_what_would_be_saved_is_that_of_the_units_costs() -> None:
    # Two units far above and one at the median: what is saved moves with the difference of their costs alone.
    costs, volumes = np.array([10.0, 10.0, 40.0]), np.array([1e9, 1e9, 100.0])
    drawn = drawn_savings(costs, volumes, 1.0, 1e6, np.random.default_rng(1), draws=20_000)
    mean = (2e10 + 4000) / (2e9 + 100)
    assert drawn.mean() == pytest.approx(3000, rel=0.01)
    assert drawn.std() == pytest.approx(100 * mean * np.sqrt(1 / 100), rel=0.02)
    assert (
        drawn_savings(costs, volumes, 1.0, 0.0, np.random.default_rng(1)).max() < 1e-6
    )  # no real spread, none to save
