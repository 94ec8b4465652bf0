"""Time until something happens when it has not happened yet for all: Kaplan-Meier by scipy, and its median (C1)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Median:
    """Median time and its interval, in the unit of the times; infinity where the curve does not fall to one half."""

    value: float
    low: float
    high: float
    events: int
    censored: int


def kaplan_meier_median(times: FloatArray, has_happened: BoolArray, level: float = 0.95) -> Median:
    """The first time at which no more than half are still waiting.

    `times` (cases,) from the start to the event, or to `as_of` where it has not happened. The interval holds the times at
    which the log-log confidence interval of the curve covers one half (Brookmeyer and Crowley 1982; as R's survfit). NaN
    without cases; infinite without events. ValueError for negative times. Source: Kaplan and Meier (1958).
    """
    if not np.all(times >= 0):
        raise ValueError("a time to an event is negative or missing: it happened before it could, or nobody knows when")
    events = int(has_happened.sum())
    censored = len(times) - events
    if not len(times):
        return Median(float("nan"), float("nan"), float("nan"), 0, 0)
    if not events:
        return Median(float("inf"), float("inf"), float("inf"), 0, censored)
    sample = stats.CensoredData(uncensored=times[has_happened], right=times[~has_happened])
    curve = stats.ecdf(sample).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # The log-log interval has no value where the curve is 1 or 0; those places are settled below.
        warnings.filterwarnings("ignore", message="The confidence interval is undefined", category=RuntimeWarning)
        interval = curve.confidence_interval(level, method="log-log")
    lower: Any = interval.low
    upper: Any = interval.high
    low = np.where(np.isnan(lower.probabilities), curve.probabilities, lower.probabilities)
    high = np.where(np.isnan(upper.probabilities), 1.0, upper.probabilities)
    at = curve.quantiles
    return Median(_first(at, curve.probabilities), _first(at, low), _first(at, high), events, censored)


def _first(times: FloatArray, surviving: FloatArray) -> float:
    below = np.flatnonzero(surviving <= 0.5 + 1e-12)
    return float(times[below[0]]) if len(below) else float("inf")
