"""The planned path of a promise: a straight line, a logistic curve, or points that its owner gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from pipelines.scoring.arrays import FloatArray

START_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Promise:
    """From a baseline to a target. Times in any unit that the series shares; `direction` +1 where more is better, -1 where less.

    `tolerance` is the band, in the metric's own unit, within which a hold target (target = baseline) counts as kept.
    """

    baseline_time: float
    baseline: float
    target_time: float
    target: float
    direction: int
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if self.direction not in (1, -1):
            raise ValueError(f"direction is {self.direction}: +1 where more is better, -1 where less is")
        if not np.all(np.isfinite([self.baseline, self.target, self.tolerance])):
            raise ValueError("baseline, target and tolerance must be known, finite numbers")
        if not self.target_time > self.baseline_time:
            raise ValueError("the target's date must lie after the baseline's")
        if self.tolerance < 0:
            raise ValueError("a tolerance band cannot be negative")

    @property
    def is_hold(self) -> bool:
        return self.target == self.baseline


def elapsed_share(promise: Promise, time: FloatArray | float) -> FloatArray:
    """Share of the promised time gone by, clamped to [0, 1]."""
    share = (np.asarray(time) - promise.baseline_time) / (promise.target_time - promise.baseline_time)
    return np.asarray(np.clip(share, 0.0, 1.0), dtype=np.float64)


def line(promise: Promise, time: FloatArray | float) -> FloatArray:
    """Straight from baseline to target; level before the one and after the other."""
    return _along(promise, elapsed_share(promise, time))


def logistic(promise: Promise, time: FloatArray | float, *, start_share: float = START_SHARE) -> FloatArray:
    """An S-curve, slow, fast, slow, which begins at the baseline and ends at the target exactly.

    The logistic curve that runs from `start_share`, 5%, to 95% over the promised time, stretched to 0-100%: without the
    stretch it would miss both of its ends, and a promise kept to the point would show as missed. ValueError for a start that
    does not lie between 0 and a half.
    """
    if not 0 < start_share < 0.5:
        raise ValueError(f"start_share is {start_share}: a logistic plan starts between 0 and a half of its curve")
    edge = logit(start_share)
    raw = expit(edge - 2.0 * edge * elapsed_share(promise, time))
    return _along(promise, np.asarray((raw - start_share) / (1.0 - 2.0 * start_share), dtype=np.float64))


def points(times: FloatArray, values: FloatArray, time: FloatArray | float) -> FloatArray:
    """Linear between the given points, level outside them. ValueError unless there are two or more, in order of time."""
    if len(times) < 2 or len(times) != len(values) or np.any(np.diff(times) <= 0):
        raise ValueError("a plan by points needs two points or more, each later than the one before")
    return np.asarray(np.interp(time, times, values), dtype=np.float64)


def _along(promise: Promise, share: FloatArray) -> FloatArray:
    return np.asarray(promise.baseline + (promise.target - promise.baseline) * share, dtype=np.float64)
