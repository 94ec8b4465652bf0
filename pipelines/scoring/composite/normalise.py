"""Values to a common 0-100 scale, higher is better, in the ways that METHOD and the OECD/JRC Handbook name.

Arrays have shape (..., units, measures) unless said otherwise; `direction` holds +1 or -1 a measure. A measure on which
all units are equal cannot tell them apart: they all get 50, so that equal inputs tie at the middle of the scale.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray

SCORES = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
POINTS_PER_SD = 10.0


def check_anchors(anchors: FloatArray) -> float:
    """The direction, +1 or -1, of five anchors; ValueError where they are not five, finite and strictly monotone."""
    steps = np.diff(anchors)
    if anchors.shape != (5,) or not np.all(np.isfinite(anchors)) or not (np.all(steps > 0) or np.all(steps < 0)):
        raise ValueError(f"anchors {anchors.tolist()}: five finite values are needed, all rising or all falling")
    return 1.0 if steps[0] > 0 else -1.0


def anchor_score(values: FloatArray, anchors: FloatArray) -> FloatArray:
    """One measure's values on its anchors for 0, 25, 50, 75, 100: piecewise linear, clamped at both ends.

    `values` of any shape; infinity is clamped as any other value, NaN stays NaN. Falling anchors mean less is better.
    Source: METHOD, Measures.
    """
    sign = check_anchors(anchors)
    return np.asarray(np.interp(sign * values, sign * anchors, SCORES), dtype=np.float64)


def anchors_score(values: FloatArray, anchors: FloatArray) -> FloatArray:
    """All measures at once: (..., measures) on (measures, 5). ValueError unless there are anchors for each measure."""
    if len(anchors) != values.shape[-1]:
        raise ValueError(f"{values.shape[-1]} measures and anchors of {len(anchors)}: each measure needs its five")
    scored = np.empty(values.shape, dtype=np.float64)
    for column, five in enumerate(anchors):
        scored[..., column] = anchor_score(values[..., column], five)
    return scored


def min_max(values: FloatArray, direction: FloatArray) -> FloatArray:
    """100 (x - min)/(max - min), turned round where less is better. ValueError for infinite values. Source: Handbook, step 5."""
    _check_finite(values)
    low = _ignoring_nan(np.fmin, values)
    spread = _ignoring_nan(np.fmax, values) - low
    flat = spread == 0
    share = (values - low) / np.where(flat, 1.0, spread)
    score = 100.0 * np.where(direction < 0, 1.0 - share, share)
    return np.asarray(np.where(flat & ~np.isnan(values), 50.0, score), dtype=np.float64)


def z_scores(values: FloatArray, direction: FloatArray) -> FloatArray:
    """Standard deviations from the family's mean, better is positive: mean 0, sample standard deviation 1.

    ValueError for infinite values.
    """
    _check_finite(values)
    known = ~np.isnan(values)
    count = known.sum(axis=-2, keepdims=True)
    filled = np.where(known, values, 0.0)
    mean = filled.sum(axis=-2, keepdims=True) / np.maximum(count, 1)
    squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=-2, keepdims=True)
    sd = np.sqrt(squares / np.maximum(count - 1, 1))
    # A column of equal decimals can have a spread of its last bit only; that is no spread.
    flat = sd <= 1e-12 * np.abs(mean)
    z = np.where(flat, 0.0, (values - mean) / np.where(flat, 1.0, sd)) * direction
    return np.asarray(np.where(known, z, np.nan), dtype=np.float64)


def z_score(values: FloatArray, direction: FloatArray) -> FloatArray:
    """z-scores put on 0-100 as 50 + 10 z and clamped, so that every later step (the geometric mean) can take them."""
    return np.asarray(np.clip(50.0 + POINTS_PER_SD * z_scores(values, direction), 0.0, 100.0), dtype=np.float64)


def percentile_rank(values: FloatArray, direction: FloatArray) -> FloatArray:
    """100 (rank - 1)/(n - 1) with ties at their mean rank, so that turning a measure round mirrors its scores."""
    known = ~np.isnan(values)
    count = known.sum(axis=-2, keepdims=True)
    ranks = stats.rankdata(np.where(known, values * direction, np.inf), method="average", axis=-2)
    score = np.where(count > 1, 100.0 * (ranks - 1.0) / np.maximum(count - 1, 1), 50.0)
    return np.asarray(np.where(known, score, np.nan), dtype=np.float64)


def distance_to_reference(values: FloatArray, reference: FloatArray, direction: FloatArray) -> FloatArray:
    """100 times the way from the family's worst value to the reference; 100 where it is reached or passed.

    `reference` has shape (measures,): a target or a leading unit's values. (x - min)/(ref - min) where more is better,
    (max - x)/(max - ref) where less is. NaN where the reference is no better than the worst value. Source: COINr,
    `n_dist2targ` and `n_dist2ref` with their cap.
    """
    signed = values * direction
    worst = _ignoring_nan(np.fmin, signed)
    way = reference * direction - worst
    share = (signed - worst) / np.where(way > 0, way, np.nan)
    return np.asarray(np.clip(100.0 * share, 0.0, 100.0), dtype=np.float64)


def _check_finite(values: FloatArray) -> None:
    if np.any(np.isinf(values)):
        raise ValueError("a value is infinite, and has no place between the least and the most: clip it first")


def _ignoring_nan(reduce: np.ufunc, values: FloatArray) -> FloatArray:
    # fmin and fmax, unlike nanmin, do not warn where a measure has no value at all.
    return np.asarray(reduce.reduce(values, axis=-2, keepdims=True), dtype=np.float64)
