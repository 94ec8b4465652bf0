"""Plain ratios of the catalogue, and the observed against the expected. Each says what it divides by what."""

from __future__ import annotations

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.proportions import z_value

MIN_EVENTS = 5


def share_of(part: FloatArray | float, whole: FloatArray | float) -> FloatArray:
    """part/whole, NaN where the whole is 0: administration in spending, completed in started, digital in all."""
    total = np.asarray(whole, dtype=np.float64)
    return np.asarray(np.asarray(part) / np.where(total == 0, np.nan, total), dtype=np.float64)


def per_unit(amount: FloatArray | float, units: FloatArray | float) -> FloatArray:
    """Money (or anything) a head, transaction or case; NaN where there are no units."""
    return share_of(amount, units)


def gap_pp(share_pct: float, other_pct: float) -> float:
    """The difference of two percentages in percentage points."""
    return share_pct - other_pct


def weighted_mean(values: FloatArray, weights: FloatArray) -> float:
    """sum(w x)/sum(w) over the values that are known; NaN where they weigh nothing (G5: whole-life cost by confidence).

    ValueError for a negative weight.
    """
    if np.any(weights < 0):
        raise ValueError("a weight is negative")
    known = ~np.isnan(values) & ~np.isnan(weights)
    total = float(weights[known].sum())
    return float((weights[known] * values[known]).sum()) / total if total > 0 else float("nan")


def byar(
    observed: FloatArray | float, expected: FloatArray | float, *, z: float | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Observed over expected and Byar's interval of it (S3), z that of 95% by default; below five events do not show it.

    Low: O (1 - 1/(9 O) - z/(3 sqrt O))^3/E, 0 for O = 0; high: the same with O + 1 and + z. Source: Breslow and Day (1987),
    volume 2, page 69.
    """
    o, e = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if np.any(o < 0) or np.any(e <= 0):
        raise ValueError("events observed cannot be negative, and some must be expected")
    quantile = z_value() if z is None else z
    some, more = np.where(o > 0, o, 1.0), o + 1.0
    low = np.where(o > 0, some * np.maximum(1.0 - 1.0 / (9.0 * some) - quantile / (3.0 * np.sqrt(some)), 0.0) ** 3, 0.0)
    high = more * (1.0 - 1.0 / (9.0 * more) + quantile / (3.0 * np.sqrt(more))) ** 3
    return np.asarray(o / e), np.asarray(low / e), np.asarray(high / e)


def exact_poisson(observed: float, expected: float, level: float = 0.95) -> tuple[float, float]:
    """The exact interval that Byar's approximates (Garwood 1936), for few events. ValueError as byar, and for a level not in (0, 1)."""
    if not (observed >= 0 and expected > 0 and 0 < level < 1):
        raise ValueError(
            "events observed cannot be negative, some must be expected, and the level lies between 0 and 1"
        )
    tail = (1.0 - level) / 2.0
    low = float(stats.chi2.ppf(tail, 2.0 * observed)) / 2.0 if observed > 0 else 0.0
    return low / expected, float(stats.chi2.isf(tail, 2.0 * observed + 2.0)) / 2.0 / expected


def engagement_index(responses: FloatArray) -> float:
    """S4: the mean of a respondent's items, each 0, 25, 50, 75 or 100 from strongly disagree to strongly agree; NaN if none.

    Source: Civil Service People Survey, employee engagement index.
    """
    known = responses[~np.isnan(responses)]
    if not np.all(np.isin(known, [0.0, 25.0, 50.0, 75.0, 100.0])):
        raise ValueError("an answer counts 0, 25, 50, 75 or 100")
    return float(known.mean()) if len(known) else float("nan")
