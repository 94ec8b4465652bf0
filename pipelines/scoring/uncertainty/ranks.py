"""Ranks as intervals, and what can be said about one body against another. A rank is never given without its interval."""

from __future__ import annotations

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import BoolArray, FloatArray

DECIMALS = 9
LEVELS = (0.05, 0.95)


def ranks(scores: FloatArray) -> FloatArray:
    """1 for the best, ties share the better rank: (units, ...) to the same shape, ranked over the first axis.

    Scores are rounded to nine decimals first, so that equal inputs tie whatever the order of additions. NaN has no rank.
    """
    rounded = np.round(scores, DECIMALS)
    ranked = stats.rankdata(np.where(np.isnan(rounded), np.inf, -rounded), method="min", axis=0)
    return np.asarray(np.where(np.isnan(rounded), np.nan, ranked), dtype=np.float64)


def rank_interval(ranked: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`rank_low` and `rank_high`, the 5% and 95% quantiles of (units, draws) as whole ranks; NaN for a unit without rank."""
    none = np.isnan(ranked).all(axis=1)
    filled = np.where(np.isnan(ranked), np.inf, ranked)
    low, high = (np.quantile(filled, level, axis=1, method="inverted_cdf") for level in LEVELS)
    return np.asarray(np.where(none, np.nan, low)), np.asarray(np.where(none, np.nan, high))


def p_top_quartile(ranked: FloatArray) -> FloatArray:
    """Share of draws in which each of (units, draws) is among the best quarter of the ranked units, rounded up."""
    count = (~np.isnan(ranked)).sum(axis=0)
    top = ranked <= np.ceil(count / 4.0)
    return np.asarray(np.where(np.isnan(ranked).all(axis=1), np.nan, top.mean(axis=1)), dtype=np.float64)


def p_beats(scores: FloatArray) -> FloatArray:
    """P(A beats B) over draws, ties counted half: (units, draws) to (units, units); NaN where either has no score."""
    rounded = np.round(scores, DECIMALS)
    beats = np.full((len(scores), len(scores)), np.nan)
    known = np.flatnonzero(~np.isnan(rounded).any(axis=1))
    held = rounded[known]
    for row, unit in enumerate(known):
        above = (held[row] > held).mean(axis=1) + 0.5 * (held[row] == held).mean(axis=1)
        beats[unit, known] = above
    return beats


def difference_p_values(points: FloatArray, scores: FloatArray) -> FloatArray:
    """Two-sided p of each pair's difference being nil: (units,) and (units, draws) to (units, units).

    z = difference of the points over the standard deviation of the difference across draws. Counting draws instead could
    not give a p below 1/draws, which Holm's rule over many pairs needs. Without any spread p is 1 for equal scores, else 0.
    ValueError for fewer than two draws, which have no deviation.
    """
    if scores.shape[-1] < 2:
        raise ValueError("two draws at least are needed for the deviation of a difference")
    covariance = np.atleast_2d(np.cov(scores))
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2.0 * covariance, 0.0))
    gap = np.abs(np.subtract.outer(points, points))
    exact = np.where(gap <= 10.0**-DECIMALS, 1.0, 0.0)
    tested = 2.0 * stats.norm.sf(gap / np.where(spread > 0, spread, 1.0))
    return np.asarray(np.where(spread > 10.0**-DECIMALS, tested, exact) + 0.0 * gap, dtype=np.float64)


def holm(p_values: FloatArray) -> FloatArray:
    """Holm's step-down adjustment of (tests,) p values; NaN are no tests. Source: Holm (1979)."""
    adjusted = np.full(p_values.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return adjusted


def pairs_that_differ(points: FloatArray, scores: FloatArray, *, level: float = 0.05) -> tuple[FloatArray, BoolArray]:
    """Holm-adjusted p of every pair (units, units), and which pairs differ at `level`. The diagonal never does.

    "Cannot be told apart" is not transitive: no groups may be made of the result (METHOD, Index 4).
    """
    upper = np.triu_indices(len(points), k=1)
    adjusted = np.full((len(points), len(points)), np.nan)
    adjusted[upper] = holm(difference_p_values(points, scores)[upper])
    adjusted[upper[1], upper[0]] = adjusted[upper]
    return adjusted, np.asarray(adjusted < level, dtype=np.bool_)
