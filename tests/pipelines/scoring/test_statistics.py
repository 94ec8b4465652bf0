"""The small statistics of the catalogue, each by an example worked by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.scoring import index_numbers as ix
from pipelines.scoring.appraisal import cost_effectiveness, discount_factor, net_present_value, quadrant
from pipelines.scoring.attribution import (
    Attribution,
    alpha_draws,
    equal_split,
    fragmentation,
    mismatch,
    non_lead_share,
    outcome_flows,
    outcome_spend,
    spread,
)
from pipelines.scoring.benford import conformity, expected_shares, first_digits
from pipelines.scoring.concentration import exposed, hhi, hhi_after_merger, largest_share, supplier_shares
from pipelines.scoring.deflate import in_prices_of, real_terms
from pipelines.scoring.funnel import funnel, limits
from pipelines.scoring.proportions import difference_z, perception_gap_pp, perception_gap_z, two_sided_p, wilson
from pipelines.scoring.ratios import byar, engagement_index, exact_poisson, share_of, weighted_mean
from pipelines.scoring.reserves import years_left
from pipelines.scoring.survival import kaplan_meier_median

NAN = np.nan
P = np.array([[1.0, 2.0, 1.0], [2.0, 3.0, 2.0]])
Q = np.array([[4.0, 3.0, 4.0], [3.0, 4.0, 3.0]])


def test_index_numbers_by_hand() -> None:
    assert ix.fixed_base(ix.laspeyres, P, Q).tolist() == pytest.approx([1, 17 / 10, 1])
    assert ix.fixed_base(ix.paasche, P, Q).tolist() == pytest.approx([1, 18 / 11, 1])
    assert ix.fixed_base(ix.fisher, P, Q)[1] == pytest.approx((17 / 10 * 18 / 11) ** 0.5)
    assert ix.chained(ix.laspeyres, P, Q)[2] == pytest.approx(1.7 * 11 / 18)
    shares = (np.array([0.4, 0.6]) + np.array([6, 12]) / 18) / 2
    assert ix.fixed_base(ix.tornqvist, P, Q)[1] == pytest.approx(2 ** shares[0] * 1.5 ** shares[1])
    root = 12**0.5
    assert ix.fixed_base(ix.walsh, P, Q)[1] == pytest.approx((2 * root + 3 * root) / (root + 2 * root))


def test_geks_is_transitive_where_chains_drift_and_fisher_gives_the_value() -> None:
    for formula in (ix.fisher, ix.tornqvist, ix.walsh):
        assert ix.geks(formula, P, Q)[2] == pytest.approx(1)  # prices and quantities are back where they were
    assert ix.fixed_base(ix.fisher, P, Q) * ix.fixed_base(ix.fisher, Q, P) == pytest.approx(ix.value_index(P, Q))
    with pytest.raises(ValueError, match="above 0"):
        ix.chained(ix.fisher, P * 0, Q)


def test_kaplan_meier_by_hand() -> None:
    # at 20: 4 of 5 left; at 30 one leaves unseen; at 40: 2/3 of that, 0.533; at 50: half of that, 0.267
    found = kaplan_meier_median(np.array([20.0, 30, 40, 50, 60]), np.array([True, False, True, True, False]))
    assert (found.value, found.events, found.censored) == (50, 3, 2)
    assert found.low <= 50 <= found.high


def test_without_enough_events_the_median_is_not_reached() -> None:
    assert kaplan_meier_median(np.array([10.0, 20, 30]), np.array([True, False, False])).value == np.inf
    assert kaplan_meier_median(np.array([10.0]), np.array([False])).value == np.inf
    assert np.isnan(kaplan_meier_median(np.array([]), np.array([], dtype=np.bool_)).value)


def test_the_median_without_censoring_is_the_middle_and_its_interval_is_brookmeyer_and_crowleys() -> None:
    found = kaplan_meier_median(np.arange(1.0, 22.0), np.ones(21, dtype=np.bool_))
    assert found.value == 11
    assert 5 <= found.low <= 8
    assert 13 <= found.high <= 17


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilsons_interval_holds_the_share_within_bounds(share: float, n: int) -> None:
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_wilson_at_nothing_of_ten_by_hand() -> None:
    low, high = wilson(0.0, 10, z=2.0)
    assert (float(low), float(high)) == pytest.approx((0, 0.4 / 1.4))
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1.2, 10)


def test_differences_of_shares_by_hand() -> None:
    assert float(difference_z(0.5, 100, 0.3, 100)) == pytest.approx(0.2 / (0.0025 + 0.0021) ** 0.5)
    assert float(two_sided_p(1.959964)) == pytest.approx(0.05, abs=1e-7)
    peers = np.array([0.66, 0.75, 0.42])
    assert perception_gap_pp(0.64, peers) == pytest.approx(3.0)
    assert np.isnan(perception_gap_z(0.64, 1000, peers, np.array([1000, 1000, NAN])))
    assert perception_gap_z(0.5, 100, np.array([0.3]), np.array([100.0])) == pytest.approx(
        float(difference_z(0.5, 100, 0.3, 100))
    )


def test_ratios_by_hand() -> None:
    assert float(share_of(1000, 2000)) == 0.5
    assert np.isnan(share_of(1, 0))
    assert weighted_mean(np.array([0.0, 50, NAN]), np.array([1.0, 3, 9])) == 37.5
    ratio, low, high = byar(np.array([0.0, 20.0]), np.array([4.0, 10.0]))
    assert ratio.tolist() == [0, 2]
    assert (low[0], low[1], high[1]) == pytest.approx((0, 1.221, 3.089), abs=0.001)
    assert exact_poisson(20, 10) == pytest.approx((1.2217, 3.0888), abs=0.0005)
    with pytest.raises(ValueError, match="25, 50"):
        engagement_index(np.array([1.0, 5.0]))


def test_concentration_by_hand() -> None:
    shares = supplier_shares([Decimal(50), Decimal(30), Decimal(20), Decimal(-5)])
    assert shares.tolist() == [0.5, 0.3, 0.2, 0]
    assert hhi(shares) == pytest.approx(3800)
    assert hhi_after_merger(shares, 1, 2) == pytest.approx(5000)
    assert largest_share(shares) == 0.5
    assert np.isnan(hhi(shares, months=8))
    assert hhi(shares, months=9) == pytest.approx(3800)
    assert np.isnan(largest_share(supplier_shares([Decimal(-1)])))
    assert exposed(np.array([[0.1, 0.11]])).tolist() == [[False, True]]


def test_benford_needs_a_thousand_payments_above_a_hundred_thousand() -> None:
    few = first_digits([Decimal("150000.00")] * 999 + [Decimal(90000)])
    assert (few.counts[0], few.deviation, few.verdict) == (999, None, None)
    same = first_digits([Decimal("150000.00")] * 1000)
    assert same.deviation == pytest.approx((1 - np.log10(2) + (1 - np.log10(2))) / 9)
    assert same.verdict == "nonconforming"
    law = np.round(expected_shares() * 2000).astype(int)
    close = first_digits([Decimal(f"{d}00000.01") for d, n in enumerate(law, start=1) for _ in range(n)])
    assert close.verdict == "close"
    assert [conformity(x) for x in (0.006, 0.0061, 0.0121, 0.0151)] == [
        "close",
        "acceptable",
        "marginal",
        "nonconforming",
    ]


def test_years_of_reserves_by_hand() -> None:
    reserves = np.array([[100.0, 90.0], [100.0, 100.0], [100.0, 120.0], [100.0, -5.0], [NAN, 5.0]])
    found = years_left(reserves)
    assert found[:4].tolist() == [9, np.inf, np.inf, 0]
    assert np.isnan(found[4])
    with pytest.raises(ValueError, match="year ends"):
        years_left(reserves, 2)


def test_a_funnel_by_hand_and_its_allowance_for_variety() -> None:
    low, high = limits(0.5, 100, 2.0)
    assert (float(low), float(high)) == pytest.approx((0.4, 0.6))
    generator = np.random.default_rng(6)
    n = np.full(100, 5000.0)
    varied = generator.binomial(5000, np.clip(generator.normal(0.7, 0.05, 100), 0, 1)).astype(np.float64)
    varied[0] = 1000
    plain, allowed = funnel(varied, n, overdispersed=False), funnel(varied, n)
    assert plain.outside() > 40
    assert 1 <= allowed.outside() <= 3
    assert np.argmax(np.abs(allowed.z)) == 0
    assert funnel(generator.binomial(5000, 0.7, 100).astype(np.float64), n).tau2 < 1e-4
    assert funnel(np.zeros(3), np.full(3, 10.0)).z.tolist() == [0, 0, 0]


def test_real_terms_by_hand() -> None:
    assert float(real_terms(110.0, 1.1, 1.0)) == pytest.approx(100)
    assert in_prices_of(50.0, "2010-11", "2020-21", {"2010-11": 80.0, "2020-21": 100.0}) == 62.5
    with pytest.raises(KeyError, match="no deflator for 2031"):
        in_prices_of(50.0, "2031", "2020", {"2020": 100.0})
    with pytest.raises(ValueError, match="above 0"):
        real_terms(1.0, 0.0, 1.0)


def test_appraisal_by_hand() -> None:
    assert net_present_value([-1.0, 1.035]) == pytest.approx(0)
    assert discount_factor(76) == pytest.approx(discount_factor(75) / 1.025)
    with pytest.raises(ValueError, match="year 126"):
        discount_factor(126)
    assert np.isnan(cost_effectiveness(5, 0))
    pairs = [(-1, 1), (1, -1), (1, 1), (-1, -1), (0, 0), (0, 1), (1, 0)]
    named = ["dominant", "dominated", "costs_more_does_more", "costs_less_does_less", "same", "dominant", "dominated"]
    assert [quadrant(*pair) for pair in pairs] == named


def register(*alphas: float) -> list[Attribution]:
    return [Attribution("d", "p", f"o{i}", "2020-21", a, "cofog_2", "medium") for i, a in enumerate(alphas)]


def test_flows_by_hand() -> None:
    flows = outcome_flows({("d", "p", "2020-21"): 100}, register(1 / 3, 1 / 3, 1 / 3))
    assert [flow.pence for flow in flows] == [34, 33, 33]
    assert outcome_spend(flows) == {("o0", "2020-21"): 34, ("o1", "2020-21"): 33, ("o2", "2020-21"): 33}


def test_spending_without_a_whole_attribution_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="d / p / 2020-21 has no attribution"):
        outcome_flows({("d", "p", "2020-21"): 100}, [])
    with pytest.raises(ValueError, match="d / p / 2020-21: shares"):
        outcome_flows({("d", "p", "2020-21"): 100}, register(0.5, 0.4))


@given(st.integers(-(10**15), 10**15), st.lists(st.floats(0.001, 1), min_size=1, max_size=9))
def test_attribution_conserves_money_to_the_penny(pence: int, parts: list[float]) -> None:
    shares = [part / sum(parts) for part in parts]
    amounts = spread(pence, shares)
    assert sum(amounts) == pence
    assert all(
        abs(amount - pence * share) <= 1 + abs(pence) * 1e-9 for amount, share in zip(amounts, shares, strict=True)
    )


def test_joined_up_shares_by_hand() -> None:
    shares = np.array([0.5, 0.5])
    assert (fragmentation(shares), non_lead_share(shares)) == (0.5, 0.5)
    assert mismatch(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1
    assert [row.alpha for row in equal_split("d", "p", "y", ["b", "a"])] == [0.5, 0.5]
    drawn = alpha_draws(np.array([0.7, 0.3, 0.0]), 10, 5000, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx([0.7, 0.3, 0], abs=0.01)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(5000))
