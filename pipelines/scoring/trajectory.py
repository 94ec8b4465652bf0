"""Where a promise stands today against its plan. What will become of it is forecast's and likelihood's part."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.plans import Promise


def delivered(promise: Promise, value: FloatArray | float) -> FloatArray:
    """(y_t - y_b)/(y_T - y_b): share of the promised change made so far, below 0 or above 1 as it falls; NaN for a hold target."""
    change = promise.target - promise.baseline
    made = np.asarray(value, dtype=np.float64) - promise.baseline
    return np.full_like(made, np.nan) if promise.is_hold else np.asarray(made / change, dtype=np.float64)


def required_rate(promise: Promise, value: float, time: float) -> float:
    """(y_T - y_t)/(t_T - t): change a unit of time still needed to arrive; NaN at and after the target's date."""
    left = promise.target_time - time
    return (promise.target - value) / left if left > 0 else float("nan")


def position(promise: Promise, value: FloatArray | float, planned: FloatArray | float) -> FloatArray:
    """G3 = d (y_t - plan_t)/|y_T - y_b|: share of the promised change ahead of plan (+) or behind it (-).

    A hold target has no promised change: inside its tolerance band on the bad side, or anywhere on the good side, the
    position is 0; outside, it is the shortfall beyond the band over the band, negative. NaN where it has no band and is
    not kept. Source: METHOD, Trajectories 1.
    """
    ahead = promise.direction * (np.asarray(value, dtype=np.float64) - np.asarray(planned))
    if not promise.is_hold:
        return np.asarray(ahead / abs(promise.target - promise.baseline), dtype=np.float64)
    shortfall = np.minimum(ahead + promise.tolerance, 0.0)
    band = promise.tolerance if promise.tolerance > 0 else np.nan
    return np.asarray(np.where(np.isnan(ahead), np.nan, np.where(shortfall == 0, 0.0, shortfall / band)))


def is_met(promise: Promise, value: float) -> bool:
    """Whether a value reaches the target, or stays within the band of a hold target. A hair of rounding is forgiven."""
    slack = promise.tolerance if promise.is_hold else 0.0
    hair = 1e-9 * max(1.0, abs(promise.target))
    return promise.direction * (value - promise.target) >= -slack - hair


def ambition(promise: Promise, peers: FloatArray) -> float:
    """G2 = (y_T - y_b)/(y_best - y_b), y_best the P90 of peers where more is better and the P10 where less is.

    Share of the way from the baseline to the best tenth of peers that the target goes. NaN where the baseline is already
    there (no way is left, so a share of it means nothing) or there are no peers. Source: METHOD, Trajectories; PMDU.
    """
    known = peers[~np.isnan(peers)]
    if not len(known):
        return float("nan")
    best = float(np.quantile(known, 0.9 if promise.direction > 0 else 0.1))
    way = promise.direction * (best - promise.baseline)
    return promise.direction * (promise.target - promise.baseline) / way if way > 0 else float("nan")
