"""Outliers that would govern a min-max scale: winsorised where a few points do it, else the logarithm.

Measures with anchors of their own need none of this: anchors clamp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray

MAX_SKEW = 2.0
MAX_KURTOSIS = 3.5
MAX_WINSORISED = 5


@dataclass(frozen=True, slots=True)
class Treatment:
    """One measure after treatment. `method` is none, winsorised or log; `points` is how many values were moved."""

    values: FloatArray
    method: str
    points: int


def has_outliers(values: FloatArray) -> bool:
    """Whether |skew| >= 2 and excess kurtosis >= 3.5, both bias-corrected (type 2 of Joanes and Gill 1998)."""
    # The corrected kurtosis needs four points and a spread; one of a last bit only is none.
    if len(values) < 4 or np.ptp(values) <= 1e-12 * float(np.abs(values).max()):
        return False
    skew = float(stats.skew(values, bias=False))
    kurtosis = float(stats.kurtosis(values, bias=False))
    return abs(skew) >= MAX_SKEW and kurtosis >= MAX_KURTOSIS


def winsorise(values: FloatArray, points: int) -> FloatArray:
    """The `points` most extreme values on the skewed side set to the next one. No missing values."""
    high = float(stats.skew(values, bias=False)) > 0
    order = np.argsort(-values if high else values, kind="stable")
    moved = values.copy()
    moved[order[:points]] = values[order[points]]
    return moved


def log_of_range(values: FloatArray) -> FloatArray:
    """log(x - min + 0.01 range): defined for any sign, and unmoved by a change of unit but for a constant.

    ValueError where all values are equal: there is no range.
    """
    low, high = values.min(), values.max()
    if not high > low:
        raise ValueError("all values are equal: the logarithm of the range has no range to take")
    return np.asarray(np.log(values - low + 0.01 * (high - low)), dtype=np.float64)


def treat_outliers(values: FloatArray, *, max_points: int = MAX_WINSORISED) -> Treatment:
    """One measure over units, shape (units,), missing as NaN and left so.

    Winsorises one point more at a time until the distribution passes, up to `max_points`; where that is not enough the
    values are taken back as they were and their logarithm is used. ValueError for infinite values. Source: COINr, `qTreat`; METHOD, asem.
    """
    if np.any(np.isinf(values)):
        raise ValueError("a value is infinite: it has no place in a distribution")
    known = ~np.isnan(values)
    held = values[known]
    if not has_outliers(held):
        return Treatment(values.copy(), "none", 0)
    for points in range(1, min(max_points, len(held) - 1) + 1):
        moved = winsorise(held, points)
        if not has_outliers(moved):
            treated = values.copy()
            treated[known] = moved
            return Treatment(treated, "winsorised", points)
    treated = values.copy()
    treated[known] = log_of_range(held)
    return Treatment(treated, "log", len(held))
