"""Whether the residuals of a line through a series are uncorrelated: the Durbin-Watson test."""

from __future__ import annotations

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.forecast import fit_line

MIN_POINTS = 8
LEVEL = 0.10


def durbin_watson(values: FloatArray) -> tuple[float, float]:
    """The statistic d of one series (points,) regressed on time, and P(d or less) if its errors were uncorrelated.

    The null distribution is the beta on (0, 4) with d's exact mean and variance for this design (Durbin and Watson 1951),
    which needs no table. A series on the line exactly gives (2, 1). ValueError below five points.
    """
    n = len(values)
    if n < 5:
        raise ValueError(f"{n} points are too few to judge residuals: five are needed")
    time, _, _, residuals = fit_line(values)
    squares = float((residuals**2).sum())
    if squares <= 1e-20 * max(1.0, float((values**2).sum())):
        return 2.0, 1.0
    d = float((np.diff(residuals) ** 2).sum()) / squares
    design = np.column_stack([np.ones(n), time])
    maker = np.eye(n) - design @ np.linalg.inv(design.T @ design) @ design.T
    first = np.diff(np.eye(n), axis=0)
    core = maker @ first.T @ first @ maker
    df = n - 2
    trace, trace2 = float(np.trace(core)), float(np.trace(core @ core))
    mean = trace / df
    variance = 2.0 * (trace2 - trace * mean) / (df * (df + 2))
    spread = mean * (4.0 - mean) / variance - 1.0
    return d, float(stats.beta.cdf(d / 4.0, mean / 4.0 * spread, (1.0 - mean / 4.0) * spread))


def are_uncorrelated(values: FloatArray) -> bool:
    """Whether a regression on time may be used: eight points or more, and no positive correlation at the 10% level.

    METHOD asks for uncorrelated residuals without naming a test; on short series a test at 5% would find nothing.
    """
    return len(values) >= MIN_POINTS and durbin_watson(values)[1] >= LEVEL
