from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.scoring.composite.aggregate import arithmetic, copeland, copeland_score, geometric, outranking, positive

NAN = np.nan
EQUAL = np.array([1.0, 1.0])
tables = hnp.arrays(np.float64, (6, 3), elements=st.one_of(st.just(NAN), st.floats(0, 100, width=32)))


def test_means_by_hand() -> None:
    assert arithmetic(np.array([20.0, 80.0]), np.array([3.0, 1.0])) == 35
    assert positive(np.array([0.0, 50.0, 100.0])).tolist() == [1, 50.5, 100]
    # 100/99 and 3900/99 are the scores with p = 2 and p = 40; sqrt(2 x 40) = 8.944
    assert float(geometric(np.array([100 / 99, 3900 / 99]), EQUAL)) == pytest.approx(80**0.5)


def test_missing_drops_out_and_nothing_known_is_missing() -> None:
    assert arithmetic(np.array([20.0, NAN]), EQUAL) == 20
    assert np.isnan(geometric(np.array([NAN, NAN]), EQUAL))
    assert np.isnan(arithmetic(np.array([NAN, 5.0]), np.array([1.0, 0.0])))


def test_a_geometric_mean_of_something_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        geometric(np.array([101.0, 5.0]), EQUAL)


def test_copeland_by_hand() -> None:
    # a beats b on weight 0.6, b beats c on all, a ties with c on one and beats it on the other
    scores = np.array([[3.0, 1.0], [1.0, 2.0], [0.0, 1.0]])
    weights = np.array([0.6, 0.4])
    assert outranking(scores, weights)[0].tolist() == pytest.approx([0.5, 0.6, 0.8])
    assert copeland(scores, weights).tolist() == [2, 0, -2]
    assert copeland_score(scores, weights).tolist() == [100, 50, 0]


def test_copeland_compares_on_what_both_have() -> None:
    scores = np.array([[5.0, NAN], [NAN, 1.0], [4.0, 2.0], [NAN, NAN]])
    found = copeland(scores, EQUAL)
    assert found[:3].tolist() == [1, -1, 0]
    assert np.isnan(found[3])


@given(tables)
def test_means_stay_on_their_scales_and_the_geometric_below_the_arithmetic(scores: np.ndarray) -> None:
    weights = np.array([0.5, 0.3, 0.2])
    mean, geo = arithmetic(scores, weights), geometric(scores, weights)
    known = ~np.isnan(mean)
    assert np.array_equal(known, ~np.isnan(geo))
    assert np.all(geo[known] <= positive(mean[known]) + 1e-9)
    assert np.all((geo[known] >= 1 - 1e-9) & (geo[known] <= 100 + 1e-9))


@given(tables, st.permutations(range(6)))
def test_copeland_is_blind_to_order_sums_to_nothing_and_ties_equals(scores: np.ndarray, order: list[int]) -> None:
    weights = np.array([0.5, 0.3, 0.2])
    found = copeland(scores, weights)
    assert np.array_equal(copeland(scores[order], weights), found[order], equal_nan=True)
    assert np.nansum(found) == 0
    doubled = copeland(np.vstack([scores, scores[:1]]), weights)
    assert np.array_equal(doubled[0], doubled[-1], equal_nan=True)
