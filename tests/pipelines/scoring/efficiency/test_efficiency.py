from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.efficiency import dea
from pipelines.scoring.efficiency.bootstrap import bias_corrected
from pipelines.scoring.efficiency.dea import CRS, VRS, input_efficiency, is_large_enough, output_expansion
from pipelines.scoring.efficiency.malmquist import malmquist
from pipelines.scoring.efficiency.productivity import annual_growth_pct, chained_volume, productivity
from pipelines.scoring.efficiency.stochastic import stochastic_efficiency
from pipelines.scoring.frontiers import repeats_for

X = np.array([[2.0], [3.0], [6.0], [4.0]])
Y = np.array([[1.0], [3.0], [4.0], [1.0]])
quantities = hnp.arrays(np.float64, (5, 2), elements=st.floats(1, 100))


def test_one_input_and_output_by_hand() -> None:
    assert input_efficiency(X, Y, CRS).tolist() == pytest.approx([0.5, 1, 2 / 3, 0.25])
    assert input_efficiency(X, Y, VRS).tolist() == pytest.approx([1, 1, 1, 0.5])
    assert output_expansion(X, Y, CRS).tolist() == pytest.approx([2, 1, 1.5, 4])
    assert output_expansion(X, Y, VRS)[3] == pytest.approx(10 / 3)


def test_another_periods_frontier_may_leave_no_answer() -> None:
    beyond = input_efficiency(X[2:3], Y[2:3] * 2, VRS, frontier=(X, Y))
    assert np.isnan(beyond).all()


@settings(max_examples=20, deadline=None)
@given(quantities, quantities)
def test_efficiency_is_a_share_larger_under_vrs_and_blind_to_units(x: np.ndarray, y: np.ndarray) -> None:
    crs, vrs = input_efficiency(x, y, CRS), input_efficiency(x, y, VRS)
    assert np.all((crs > 0) & (crs <= vrs + 1e-7) & (vrs <= 1 + 1e-7))
    assert crs.max() == pytest.approx(1)
    assert input_efficiency(x * [1000, 0.01], y * 50, CRS) == pytest.approx(crs, abs=1e-7)
    assert output_expansion(x, y, CRS) == pytest.approx(1 / crs, rel=1e-6)


def test_what_is_not_a_quantity_is_refused() -> None:
    for bad in (np.array([[1.0], [np.nan], [1], [1]]), np.array([[1.0], [0.0], [1], [1]]), X[:2]):
        with pytest.raises(ValueError, match="unit"):
            input_efficiency(bad, Y, CRS)
    with pytest.raises(ValueError, match="crs or vrs"):
        input_efficiency(X, Y, "drs")


def test_a_small_group_is_not_enough_for_a_frontier() -> None:
    assert [is_large_enough(n, 2, 2) for n in (11, 12)] == [False, True]
    assert not is_large_enough(20, 3, 4)


def test_malmquist_by_hand() -> None:
    # outputs a unit of input: from 1 and 2 to 3 and 4; the frontier doubles, the first unit catches up from 1/2 to 3/4
    ones = np.ones((2, 1))
    found = malmquist(ones, np.array([[1.0], [2.0]]), ones, np.array([[3.0], [4.0]]))
    assert found.catch_up.tolist() == pytest.approx([1.5, 1])
    assert found.frontier_shift.tolist() == pytest.approx([2, 2])
    assert found.index.tolist() == pytest.approx([3, 2])


def test_malmquist_of_no_change_is_one() -> None:
    assert malmquist(X, Y, X, Y).index.tolist() == pytest.approx([1, 1, 1, 1])


def test_the_bias_of_a_frontier_is_taken_off_the_same_way_each_time() -> None:
    generator = np.random.default_rng(2)
    x = generator.uniform(1, 10, (12, 1))
    y = x * generator.uniform(0.5, 1, (12, 1))
    found = bias_corrected(x, y, np.random.default_rng(1), CRS, repeats=30)
    again = bias_corrected(x, y, np.random.default_rng(1), CRS, repeats=30)
    assert found.corrected.tolist() == again.corrected.tolist()
    assert np.all(found.corrected <= found.theta + 1e-12)
    assert found.corrected.max() < 1


def test_chained_volumes_by_hand() -> None:
    costs = np.array([[2.0, 1.0], [1.0, 3.0], [9.0, 9.0]])
    amounts = np.array([[10.0, 10.0], [12.0, 11.0], [12.0, 13.0]])
    assert chained_volume(costs, amounts).tolist() == pytest.approx([100, 100 * 35 / 30, 100 * 35 / 30 * 51 / 45])
    with pytest.raises(ValueError, match="add up to nothing"):
        chained_volume(costs * 0, amounts)


def test_productivity_and_its_growth_by_hand() -> None:
    assert productivity(np.array([100.0, 110.0]), np.array([100.0, 88.0])).tolist() == pytest.approx([100, 125])
    assert annual_growth_pct(np.array([100.0, 1, 1, 133.1])) == pytest.approx(10)
    assert np.isnan(annual_growth_pct(np.array([100.0, 101.0, 102.0])))


def noisy_frontier(units: int, inefficiency: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Two inputs, one output, and the true efficiency exp(-u)."""
    dice = np.random.default_rng(7)
    ratio, output = dice.normal(0, 0.3, units), dice.uniform(0, 1, units)
    short = np.abs(dice.normal(0, inefficiency, units))
    first = -(0.1 + 0.4 * ratio - 0.5 * output + dice.normal(0, 0.1, units) - short)
    return np.exp(np.column_stack([first, first + ratio])), np.exp(output)[:, None], np.exp(-short)


def test_a_stochastic_frontier_finds_the_inefficiency_that_was_put_in() -> None:
    inputs, outputs, truth = noisy_frontier(400, 0.3)
    found = stochastic_efficiency(inputs, outputs)
    assert found.mean() == pytest.approx(truth.mean(), abs=0.03)
    assert np.corrcoef(found, truth)[0, 1] > 0.8
    assert stochastic_efficiency(inputs * [3.0, 7.0], outputs * 11.0) == pytest.approx(found, abs=1e-4)


def test_a_stochastic_frontier_needs_fifty_units_and_quantities_above_nothing() -> None:
    inputs, outputs, _ = noisy_frontier(60, 0.3)
    with pytest.raises(ValueError, match="49 units are too few"):
        stochastic_efficiency(inputs[:49], outputs[:49])
    outputs[3] = 0
    with pytest.raises(ValueError, match="above 0"):
        stochastic_efficiency(inputs, outputs)


@pytest.mark.parametrize("at_once", [1, 20, 4096])
def test_solving_units_together_changes_nothing(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, outputs, _ = noisy_frontier(9, 0.3)
    monkeypatch.setattr(dea, "MOST_AT_ONCE", 1)
    alone = input_efficiency(inputs, outputs)
    monkeypatch.setattr(dea, "MOST_AT_ONCE", at_once)
    assert input_efficiency(inputs, outputs) == pytest.approx(alone, abs=1e-9)


def test_large_families_are_bootstrapped_less_often() -> None:
    assert [repeats_for(units) for units in (12, 30, 60, 500)] == [200, 200, 100, 40]
