"""Draws, sampling intervals, ranks, method range, sensitivity, shrinkage, spending bounds."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.scoring.composite.assemble import assemble
from pipelines.scoring.composite.normalise import anchors_score
from pipelines.scoring.composite.structure import build_structure
from pipelines.scoring.uncertainty.draws import measurement_draws
from pipelines.scoring.uncertainty.method_range import alternatives, method_range, rank_sensitivity
from pipelines.scoring.uncertainty.ranks import (
    holm,
    p_beats,
    p_top_quartile,
    pairs_that_differ,
    rank_interval,
    ranks,
)
from pipelines.scoring.uncertainty.sampling import sampling_draws
from pipelines.scoring.uncertainty.sensitivity import design, sensitivity
from pipelines.scoring.uncertainty.shrinkage import between_variance, is_called_for, shrink
from pipelines.scoring.uncertainty.spending_bounds import hhi_bounds, share_bounds, unattributable_share

NAN = np.nan
ROWS = [
    *(("m1", "1.1", "P1"), ("m2", "1.2", "P1"), ("m3", "2.1", "P2"), ("m4", "2.2", "P2")),
    *(("m5", "3.1", "P3"), ("m6", "3.2", "P3"), ("m7", "4.1", "P4"), ("m8", "4.2", "P4")),
]
TREE = build_structure(ROWS)
ANCHORS = np.tile([0.0, 25, 50, 75, 100], (8, 1))


def test_draws_belong_to_body_and_measure_whatever_stands_around_them() -> None:
    one = measurement_draws(np.array([5.0, NAN]), np.array([1.0, 1.0]), "x", ["a", "b"], draws=64)
    other = measurement_draws(np.array([NAN, 5.0]), np.array([1.0, 1.0]), "x", ["b", "a"], draws=64)
    assert one[:, 0].tolist() == other[:, 1].tolist()
    assert np.isnan(one[:, 1]).all()
    assert measurement_draws(np.array([5.0]), np.array([NAN]), "x", ["a"], draws=3).tolist() == [[5], [5], [5]]
    with pytest.raises(ValueError, match="negative"):
        measurement_draws(np.array([5.0]), np.array([-1.0]), "x", ["a"])


def test_sampling_intervals_hold_the_truth_nine_times_in_ten() -> None:
    """500 worlds of 6 bodies: truths drawn, measured with error, scored; how often is the true score in the interval?"""
    generator = np.random.default_rng(20)
    worlds, bodies = 500, 6
    truth = generator.normal(50, 12, (worlds * bodies, 8))
    errors = generator.uniform(1, 6, truth.shape)
    measured = truth + errors * generator.standard_normal(truth.shape)
    names = [f"w{i // bodies}b{i % bodies}" for i in range(len(truth))]
    found = sampling_draws(measured, errors, ANCHORS, TREE, names, draws=512)
    true_index = assemble(anchors_score(truth, ANCHORS), TREE).index
    low, high = found.scores
    by_world = ((low <= true_index) & (true_index <= high)).reshape(worlds, bodies)
    assert 0.86 <= by_world.mean() <= 0.94
    # Every level's interval must keep its word, not the index's only.
    pillars = assemble(anchors_score(truth, ANCHORS), TREE).pillars
    assert 0.86 <= ((found.pillars[0] <= pillars) & (pillars <= found.pillars[1])).mean() <= 0.94
    ranked = np.stack([np.stack(rank_interval(ranks(block))) for block in found.index.reshape(worlds, bodies, -1)])
    true_ranks = np.stack([ranks(block) for block in true_index.reshape(worlds, bodies)])
    inside = (ranked[:, 0] <= true_ranks) & (true_ranks <= ranked[:, 1])
    assert inside.mean() >= 0.86


def small_family() -> tuple[np.ndarray, np.ndarray, list[str]]:
    generator = np.random.default_rng(4)
    values = generator.uniform(10, 90, (6, 8))
    values[2, 5] = NAN
    values[5] = values[4]
    return values, np.full(values.shape, 4.0), [f"body {i}" for i in range(6)]


def test_nothing_moves_when_bodies_are_listed_in_another_order_or_one_is_left_out() -> None:
    values, errors, names = small_family()
    order = [3, 0, 5, 1, 4]
    whole = sampling_draws(values, errors, ANCHORS, TREE, names, draws=128)
    part = sampling_draws(values[order], errors[order], ANCHORS, TREE, [names[i] for i in order], draws=128)
    assert part.index == pytest.approx(whole.index[order], abs=1e-9)
    every = [3, 0, 5, 1, 4, 2]
    ranges = method_range(alternatives(values, ANCHORS, TREE), draws=128)
    assert method_range(alternatives(values[every], ANCHORS, TREE), draws=128).tolist() == ranges[every].tolist()


def test_the_order_and_the_units_of_measures_do_not_move_the_method_range() -> None:
    values, _, _ = small_family()
    order = [7, 2, 0, 5, 1, 3, 6, 4]
    ranges = method_range(alternatives(values, ANCHORS, TREE), draws=128)
    other = build_structure([ROWS[i] for i in order])
    moved = method_range(alternatives(values[:, order] * 1000, ANCHORS * 1000, other), draws=128)
    assert moved.tolist() == ranges.tolist()


def test_equal_inputs_tie_in_every_method() -> None:
    values, _, _ = small_family()
    ranges = method_range(alternatives(values, ANCHORS, TREE), draws=256)
    assert ranges[4].tolist() == ranges[5].tolist()
    assert np.all((ranges >= 1) & (ranges <= 6))


def test_a_body_better_in_everything_is_first_by_every_method() -> None:
    values, _, _ = small_family()
    values[0] = 95.0
    low, high = rank_interval(method_range(alternatives(values, ANCHORS, TREE), draws=256))
    assert (low[0], high[0]) == (1, 1)


def test_rank_sensitivity_names_the_choice_that_matters() -> None:
    values, _, _ = small_family()
    by_unit, shift = rank_sensitivity(alternatives(values, ANCHORS, TREE), points=64)
    assert by_unit.total.shape == (5, 6)
    assert shift.total.shape == (5,)
    assert np.nanmin(by_unit.total) >= 0
    assert shift.total[1] > 0  # weights


def test_sensitivity_of_a_sum_by_hand() -> None:
    found = sensitivity(lambda u: u[:, 0] + 2 * u[:, 1] + 0 * u[:, 2], inputs=3, points=4096)
    assert found.variance == pytest.approx(5 / 12, rel=0.01)
    assert found.first == pytest.approx([0.2, 0.8, 0], abs=0.01)
    assert found.total == pytest.approx([0.2, 0.8, 0], abs=0.01)
    flat = sensitivity(lambda u: np.ones(len(u)), inputs=2, points=8)
    assert np.isnan(flat.first).all()
    with pytest.raises(ValueError, match="power of two"):
        design(100, 2)


def test_ranks_share_the_better_place_and_leave_out_the_missing() -> None:
    found = ranks(np.array([10.0, 30.0, NAN, 30.0 + 1e-12, 20.0]))
    assert found[[0, 1, 3, 4]].tolist() == [4, 1, 1, 3]
    assert np.isnan(found[2])


def test_rank_intervals_quartiles_and_duels_by_hand() -> None:
    scores = np.array([[4.0, 4, 4, 1], [3.0, 3, 3, 3], [2.0, 2, 2, 4], [1.0, 1, 1, 1], [NAN, NAN, NAN, NAN]])
    ranked = ranks(scores)
    low, high = rank_interval(ranked)
    assert low[:4].tolist() == [1, 2, 1, 3]
    assert high[:4].tolist() == [3, 2, 3, 4]
    assert np.isnan(low[4])
    assert p_top_quartile(ranked)[:4].tolist() == [0.75, 0, 0.25, 0]
    beats = p_beats(scores)
    assert beats[0, :4].tolist() == [0.5, 0.75, 0.75, 0.875]
    assert beats[0, 1] + beats[1, 0] == 1
    assert np.isnan(beats[4]).all()


def test_holm_by_hand() -> None:
    adjusted = holm(np.array([0.01, 0.04, 0.03, NAN, 0.005]))
    assert adjusted[[0, 1, 2, 4]].tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[3])


def test_pairs_differ_where_the_gap_is_many_errors_wide() -> None:
    generator = np.random.default_rng(8)
    points = np.array([50.0, 51.0, 80.0, NAN])
    scores = points[:, None] + generator.standard_normal((4, 4096))
    adjusted, differ = pairs_that_differ(points, scores)
    assert differ[:3, :3].tolist() == [[False, False, True], [False, False, True], [True, True, False]]
    assert adjusted[0, 1] == pytest.approx(0.48, abs=0.03)  # z = 1/sqrt(2)
    assert not differ[3].any()


def test_shrinkage_by_hand() -> None:
    # errors of 1 and sample variance 2 x 1: tau^2 = 1, so every value goes half of the way to the mean of 10
    values = 10 + np.sqrt(2) * np.array([-1.0, 1, -1, 1, 0]) * np.sqrt(1.0)
    errors = np.ones(5)
    found = shrink(values, errors)
    assert found.tau2 == pytest.approx(values.var(ddof=1) - 1)
    assert found.mean == pytest.approx(10)
    b = 1 / values.var(ddof=1)
    assert found.values == pytest.approx(10 + (1 - b) * (values - 10))
    assert between_variance(np.full(4, 3.0), np.ones(4)) == 0


def test_the_variance_between_thirteen_trials_of_bcg_vaccine_is_the_one_in_the_books() -> None:
    """Colditz et al. (1994), log relative risks; Paule and Mandel's tau^2 is 0.3181 (metafor, dat.bcg)."""
    trials = np.array(
        [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
         (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
         (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)], dtype=np.float64
    ).T  # fmt: skip
    ill, well, other_ill, other_well = trials
    effects = np.log(ill / (ill + well) / (other_ill / (other_ill + other_well)))
    variances = 1 / ill - 1 / (ill + well) + 1 / other_ill - 1 / (other_ill + other_well)
    assert between_variance(effects, np.sqrt(variances)) == pytest.approx(0.3181, abs=5e-5)


def test_shrinkage_leaves_the_missing_and_the_exact_alone() -> None:
    values, errors = np.array([1.0, NAN, 9.0, 4.0]), np.array([1.0, 1.0, 1.0, 0.0])
    found = shrink(values, errors)
    assert np.isnan(found.values[1])
    assert (found.values[3], found.errors[3]) == (4, 0)
    assert not is_called_for(values, errors)


def test_shrunk_intervals_hold_the_truth_nine_times_in_ten() -> None:
    generator = np.random.default_rng(31)
    inside = []
    for _ in range(300):
        truth = generator.normal(60, 3, 30)
        errors = generator.uniform(2, 6, 30)
        found = shrink(truth + errors * generator.standard_normal(30), errors)
        inside.append(np.abs(truth - found.values) <= 1.6449 * found.errors)
    assert 0.86 <= np.mean(inside) <= 0.94


def test_spending_bounds_by_hand() -> None:
    bound = share_bounds(np.array(0.4), 0.1)
    assert (float(bound.low), float(bound.high)) == pytest.approx((0.36, 0.46))
    bound = hhi_bounds(np.array([0.5, 0.3, 0.2]), 0.2)
    assert float(bound.low) == pytest.approx(0.64 * 3800)
    assert float(bound.high) == pytest.approx(1e4 * (0.64 * 0.13 + 0.6**2))


def test_missing_months_add_the_interval_of_their_money() -> None:
    u = unattributable_share(Decimal(80), Decimal(10), Decimal(10), Decimal(110))
    assert (float(u.low), float(u.high)) == (0.2, 0.6)
    with pytest.raises(ValueError, match="negative"):
        unattributable_share(Decimal(1), Decimal(-1), Decimal(0), Decimal(0))


shares = st.lists(st.floats(0.01, 1), min_size=1, max_size=8).map(lambda x: np.array(x) / sum(x))


@given(shares, st.floats(0, 1), st.floats(0, 1))
def test_less_known_money_never_narrows_a_spending_bound(held: np.ndarray, one: float, other: float) -> None:
    less, more = sorted((one, other))
    for narrow, wide in (
        (share_bounds(held, less), share_bounds(held, more)),
        (hhi_bounds(held, less), hhi_bounds(held, more)),
    ):
        assert np.all(wide.low <= narrow.low + 1e-9)
        assert np.all(wide.high >= narrow.high - 1e-9)
        assert np.all(wide.low <= wide.high + 1e-9)


@settings(max_examples=25)
@given(shares, st.floats(0, 0.9), st.lists(st.floats(0, 1), min_size=9, max_size=9))
def test_hhi_bounds_hold_whoever_got_the_unknown_money(held: np.ndarray, u: float, to: list[float]) -> None:
    places = np.array(to[: len(held)] + to[-1:])
    split = places / places.sum() if places.sum() > 0 else np.eye(len(held) + 1)[0]
    true = np.append((1 - u) * held, 0.0) + u * split
    bound = hhi_bounds(held, u)
    assert bound.low - 1e-6 <= 1e4 * (true**2).sum() <= bound.high + 1e-6


def test_ishigamis_function_against_its_own_formula() -> None:
    def model(u: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) * (1 + 0.1 * x[:, 2] ** 4) + 7 * np.sin(x[:, 1]) ** 2

    found = sensitivity(model, inputs=3, points=16384)
    first = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    second = 49 / 8
    both = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    total = first + second + both
    assert found.variance == pytest.approx(total, abs=0.005)
    assert found.first == pytest.approx([first / total, second / total, 0], abs=0.005)
    assert found.total == pytest.approx([(first + both) / total, second / total, both / total], abs=0.005)


def test_interval_bounds_of_measures_reach_the_index() -> None:
    values, errors, names = small_family()
    found = sampling_draws(values, errors, ANCHORS, TREE, names, draws=256)
    index = assemble(anchors_score(values, ANCHORS), TREE).index
    assert np.all(found.scores[0] < index)
    assert np.all(index < found.scores[1])
    exact = sampling_draws(values, errors * 0, ANCHORS, TREE, names, draws=8)
    assert exact.scores == pytest.approx(np.stack([index, index]))
    withheld = values.copy()
    withheld[0, 2:4] = NAN  # the whole of a required pillar
    assert np.isnan(sampling_draws(withheld, errors, ANCHORS, TREE, names, draws=8).scores[:, 0]).all()
