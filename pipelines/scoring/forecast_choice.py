"""Which forecast to use, how wide its interval must be to keep its word, and how well it has kept it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.forecast import UNBOUNDED, Bounds, Forecast, drift, regression, seasonal_drift
from pipelines.scoring.residuals import are_uncorrelated

Forecaster = Callable[[FloatArray, int], Forecast]
METHODS: Mapping[str, Forecaster] = {"drift": drift, "seasonal_drift": seasonal_drift, "regression": regression}
FIRST_ORIGIN: Mapping[str, int] = {"drift": 4, "seasonal_drift": 18, "regression": 8}
MIN_SEASONAL = 24
MIN_ORIGINS = 5
LEVEL = 0.8


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a method would have said, and what came: arrays (..., origins), one origin for each point it could start from.

    `mean` is the location before it is put within `bounds`, so that intervals can be widened around it.
    """

    actual: FloatArray
    mean: FloatArray
    se: FloatArray
    df: FloatArray
    bounds: Bounds = UNBOUNDED

    @property
    def mean_absolute_error(self) -> float:
        return float(np.abs(self.actual - self.bounds.clip(self.mean)).mean())

    @property
    def miss(self) -> FloatArray:
        """How far from its location the interval has to reach to hold what came: nothing where that is a bound, and the
        location lies beyond it, since every such interval ends on the bound.
        """
        on_bound = ((self.actual >= self.bounds.highest) & (self.mean > self.bounds.highest)) | (
            (self.actual <= self.bounds.lowest) & (self.mean < self.bounds.lowest)
        )
        return np.asarray(np.where(on_bound, 0.0, np.abs(self.actual - self.mean)), dtype=np.float64)

    def inside(self, level: float = LEVEL, factor: float = 1.0) -> BoolArray:
        """Whether each outcome fell within the central interval at `level`, its error widened by `factor`."""
        reach = stats.t.ppf((1.0 + level) / 2.0, self.df) * self.se * factor
        is_possible = (self.actual >= self.bounds.lowest) & (self.actual <= self.bounds.highest)
        return np.asarray(is_possible & (self.miss <= reach), dtype=np.bool_)


def rolling_origin(
    values: FloatArray, horizon: int, method: str, first: int | None = None, *, bounds: Bounds = UNBOUNDED
) -> Backtest:
    """Forecasts of (..., points) from every origin with `first` points or more, each `horizon` points ahead."""
    start = FIRST_ORIGIN[method] if first is None else first
    origins = range(start, values.shape[-1] - horizon + 1)
    made = [METHODS[method](values[..., :origin], horizon) for origin in origins]
    if not made:
        empty = np.empty((*values.shape[:-1], 0))
        return Backtest(empty, empty, empty, np.empty(0), bounds)
    return Backtest(
        actual=np.stack([values[..., origin + horizon - 1] for origin in origins], axis=-1),
        mean=np.stack([f.mean for f in made], axis=-1),
        se=np.stack([f.se for f in made], axis=-1),
        df=np.array([f.df for f in made]),
        bounds=bounds,
    )


def choose(
    values: FloatArray, horizon: int, *, is_monthly: bool, bounds: Bounds = UNBOUNDED
) -> tuple[str, dict[str, float]]:
    """The method for one series (points,) at this horizon, and the rolling-origin errors that decided it.

    Candidates: drift; seasonal drift for monthly series of 24 points or more; regression where residuals are uncorrelated.
    Errors are compared over the origins that all candidates share, so that none is judged on easier months; a candidate
    with fewer than five is no candidate. Drift wins ties and where it stands alone. Source: METHOD, Trajectories 3.
    """
    candidates = ["drift"]
    if is_monthly and len(values) >= MIN_SEASONAL:
        candidates.append("seasonal_drift")
    if are_uncorrelated(values):
        candidates.append("regression")
    candidates = [c for c in candidates if len(values) - horizon + 1 - FIRST_ORIGIN[c] >= MIN_ORIGINS]
    if "drift" not in candidates or len(candidates) == 1:
        return "drift", {}
    first = max(FIRST_ORIGIN[c] for c in candidates)
    errors = {c: rolling_origin(values, horizon, c, first, bounds=bounds).mean_absolute_error for c in candidates}
    return min(errors, key=lambda c: (errors[c], candidates.index(c))), errors


def calibration_factor(backtest: Backtest, level: float = LEVEL, *, may_narrow: bool = True) -> float:
    """What the standard error has to be multiplied by for `level` of the past outcomes to lie within their intervals.

    The quantile of |error| (see Backtest.miss) over the half-width of its interval. METHOD says to widen; `may_narrow=False` is that to the
    letter, but intervals that hold 95% are as far from their word as those that hold 65%. 1 where there are no outcomes;
    outcomes of zero standard error are left out.
    """
    reach = stats.t.ppf((1.0 + level) / 2.0, backtest.df) * backtest.se
    usable = reach > 0
    if not np.any(usable):
        return 1.0
    ratio = (backtest.miss / np.where(usable, reach, 1.0))[usable]
    factor = float(np.quantile(ratio, level, method="higher"))
    return factor if may_narrow else max(1.0, factor)


@dataclass(frozen=True, slots=True)
class HorizonCoverage:
    """Share of outcomes inside their interval, with a 95% interval that takes units, not single forecasts, as independent."""

    share: float
    low: float
    high: float
    units: int
    forecasts: int


def clustered_coverage(inside: BoolArray) -> HorizonCoverage:
    """Coverage of (units, origins) with units as clusters: mean of the units' own shares and its t interval, in [0, 1]."""
    by_unit = inside.mean(axis=1)
    units = len(by_unit)
    share = float(by_unit.mean())
    if units < 2:
        return HorizonCoverage(share, 0.0, 1.0, units, inside.size)
    reach = float(stats.t.ppf(0.975, units - 1) * by_unit.std(ddof=1) / np.sqrt(units))
    return HorizonCoverage(share, max(0.0, share - reach), min(1.0, share + reach), units, inside.size)
