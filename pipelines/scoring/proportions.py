"""Shares of samples: their intervals, and whether two of them differ. All take and give shares in [0, 1], vectorised."""

from __future__ import annotations

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray

MIN_SERVICE_RESPONSES = 100
MIN_SURVEY_SAMPLE = 500


def z_value(level: float = 0.95) -> float:
    """The standard normal's two-sided quantile: 1.959964 for 95%."""
    return float(stats.norm.ppf((1.0 + level) / 2.0))


def _checked(share: FloatArray | float, n: FloatArray | float) -> tuple[FloatArray, FloatArray]:
    p, size = np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if np.any((p < 0) | (p > 1)) or np.any(size <= 0):
        raise ValueError("a share lies between 0 and 1 (divide per cent by 100), of a sample of one at least")
    return p, size


def standard_error(share: FloatArray | float, n: FloatArray | float) -> FloatArray:
    """sqrt(p (1 - p)/n). NaN in, NaN out. ValueError for a share outside [0, 1] or a sample of none."""
    p, size = _checked(share, n)
    return np.asarray(np.sqrt(p * (1.0 - p) / size), dtype=np.float64)


def wald_margin(share: FloatArray | float, n: FloatArray | float, *, z: float | None = None) -> FloatArray:
    """The margin z sqrt(p (1 - p)/n), as polls are quoted; near 0 and 1 use wilson. z defaults to that of 95%."""
    return np.asarray((z_value() if z is None else z) * standard_error(share, n), dtype=np.float64)


def wilson(
    share: FloatArray | float, n: FloatArray | float, *, z: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Wilson's (1927) score interval of a share; within [0, 1] always, and of some width at 0 and 1. z: that of 95%.

    ValueError for a share outside [0, 1] or a sample of none.
    """
    (p, size), quantile = _checked(share, n), z_value() if z is None else z
    spread = quantile**2 / size
    centre = (p + spread / 2.0) / (1.0 + spread)
    half = quantile / (1.0 + spread) * np.sqrt(p * (1.0 - p) / size + spread / (4.0 * size))
    return np.asarray(np.maximum(centre - half, 0.0)), np.asarray(np.minimum(centre + half, 1.0))


def difference_z(
    share: FloatArray | float, n: FloatArray | float, other: FloatArray | float, m: FloatArray | float
) -> FloatArray:
    """The test statistic z = (p - q)/sqrt(p (1 - p)/n + q (1 - q)/m), of independent samples, variances not pooled.

    NaN where neither varies.
    """
    se = np.hypot(standard_error(share, n), standard_error(other, m))
    gap = np.asarray(share, dtype=np.float64) - np.asarray(other)
    return np.asarray(gap / np.where(se > 0, se, np.nan), dtype=np.float64)


def two_sided_p(z: FloatArray | float) -> FloatArray:
    """P(|Z| >= |z|)."""
    return np.asarray(2.0 * stats.norm.sf(np.abs(z)), dtype=np.float64)


def perception_gap_pp(share: float, peers: FloatArray) -> float:
    """C7 = p - mean(p_peers) in percentage points, from shares in [0, 1]; NaN without peers."""
    known = peers[~np.isnan(peers)]
    return float(100.0 * (share - known.mean())) if len(known) else float("nan")


def perception_gap_z(share: float, n: float, peers: FloatArray, sizes: FloatArray) -> float:
    """The z of that gap: its variance is p (1 - p)/n plus the mean peer's, sum of q (1 - q)/m over k^2.

    NaN where a size is not known, or there are no peers.
    """
    k = len(peers)
    if not k:
        return float("nan")
    variance = float(standard_error(share, n)) ** 2 + float((standard_error(peers, sizes) ** 2).sum()) / k**2
    return float((share - peers.mean()) / np.sqrt(variance)) if variance > 0 else float("nan")
