"""Will the target be met? A probability while it can still be missed, a verdict once the date has come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.forecast import Forecast
from pipelines.scoring.plans import Promise
from pipelines.scoring.trajectory import delivered, is_met

MIN_POINTS = 4
CLIP = (0.02, 0.98)
NEARLY = 0.9


def p_hit(forecast: Forecast, promise: Promise, *, clipped: bool = True) -> FloatArray:
    """F_df(d (yhat_T - y_T)/se), clipped to [0.02, 0.98]: an extrapolation is never that sure.

    For a hold target the threshold is the far edge of its band. Without spread (se = 0) it is 1 or 0 before clipping; so it
    is where the forecast's bounds make a miss, or a hit, impossible. Source: METHOD, Trajectories 4.
    """
    threshold = promise.target - (promise.direction * promise.tolerance if promise.is_hold else 0.0)
    lead = promise.direction * (forecast.mean - threshold)
    spread = np.where(forecast.se > 0, forecast.se, 1.0)
    hair = 1e-9 * max(1.0, abs(threshold))
    certain = np.where(lead >= -hair, 1.0, 0.0)
    chance = np.where(forecast.se > 0, stats.t.cdf(lead / spread, forecast.df), certain)
    worst, best = (forecast.bounds.lowest, forecast.bounds.highest)[:: promise.direction]
    if promise.direction * (worst - threshold) >= -hair:
        chance = np.ones_like(chance)
    elif promise.direction * (best - threshold) < -hair:
        chance = np.zeros_like(chance)
    return np.asarray(np.clip(chance, *CLIP) if clipped else chance, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is too_early, forecast, awaiting_outcome, met, nearly or missed. `colour` is None where the state allows none."""

    state: str
    colour: str | None


def verdict(promise: Promise, *, points: int, latest_value: float, latest_time: float, as_of: float) -> Verdict:
    """What may be said of a promise at `as_of`, the latest value being of `latest_time`.

    Past the date: met is green, at least 90% delivered amber-red, otherwise red; but only once there is a value of that
    date, before which the outcome is awaited and a forecast is all there is. Before it: fewer than four points are too
    early to judge. Source: METHOD, Trajectories 4.
    """
    if as_of >= promise.target_time and latest_time >= promise.target_time:
        if is_met(promise, latest_value):
            return Verdict("met", "green")
        made = float(delivered(promise, latest_value))
        return Verdict("nearly", "amber-red") if made >= NEARLY - 1e-12 else Verdict("missed", "red")
    if points < MIN_POINTS:
        return Verdict("too_early", None)
    return Verdict("awaiting_outcome" if as_of >= promise.target_time else "forecast", None)


def brier(probabilities: FloatArray, outcomes: FloatArray) -> float:
    """Mean squared distance of the probabilities given from what came (1 or 0): 0 is perfect, 0.25 is saying 50% always.

    NaN where nothing has come yet. ValueError for lists of two lengths, or a probability outside 0 to 1.
    """
    if probabilities.shape != outcomes.shape or np.any((probabilities < 0) | (probabilities > 1)):
        raise ValueError("each outcome needs one probability, between 0 and 1")
    return float(np.mean((probabilities - outcomes) ** 2)) if len(outcomes) else float("nan")
