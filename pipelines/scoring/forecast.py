"""Where a series will be: three plain extrapolations. Choosing between them and calibrating them is forecast_choice.

Series have shape (..., points), equally spaced and without gaps (see latest_run); horizons are counted in points. All
are vectorised over the leading axes. They carry on the past and explain nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from pipelines.scoring.arrays import FloatArray

MAX_DIFFERENCES = 8
SEASON = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a metric can be at least and at most, in its unit. Infinite where nothing is declared."""

    lowest: float = -np.inf
    highest: float = np.inf

    def __post_init__(self) -> None:
        if not self.lowest < self.highest:
            raise ValueError(f"bounds {self.lowest} to {self.highest}: the lowest must lie below the highest")

    def clip(self, values: FloatArray) -> FloatArray:
        """The values, those beyond a bound put on it."""
        return np.asarray(np.clip(values, self.lowest, self.highest), dtype=np.float64)


UNBOUNDED = Bounds()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A location and its standard error of prediction in the series' unit, with the degrees of freedom of the t distribution.

    The figure forecast is t distributed, with whatever lies beyond `bounds` put on the bound: a share below 0 is 0. Its
    median and its quantiles are those of the t, clipped, and the chance of any value within the bounds is the t's own.
    """

    mean: FloatArray
    se: FloatArray
    df: float
    method: str
    bounds: Bounds = UNBOUNDED

    @property
    def median(self) -> FloatArray:
        """What is published as the forecast: `mean`, within the bounds."""
        return self.bounds.clip(self.mean)

    def interval(self, level: float = 0.8) -> tuple[FloatArray, FloatArray]:
        """Central prediction interval at `level`, within the bounds; it holds more than `level` where an end is a bound.

        ValueError for a level that is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"level is {level}: a share between 0 and 1, as 0.8")
        reach = float(stats.t.ppf((1.0 + level) / 2.0, self.df)) * self.se
        return self.bounds.clip(self.mean - reach), self.bounds.clip(self.mean + reach)

    def widened(self, factor: float) -> Forecast:
        """The same forecast with its standard error times `factor` (see forecast_choice.calibration_factor)."""
        return replace(self, se=np.asarray(self.se * factor))

    def within(self, bounds: Bounds) -> Forecast:
        """The same forecast of a metric that these bounds hold."""
        return replace(self, bounds=bounds)


def latest_run(values: FloatArray) -> FloatArray:
    """The unbroken run of values at the end of one series (points,): a gap is a break, and what lies before it is left out."""
    gaps = np.flatnonzero(np.isnan(values))
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return values[:0]
    earlier = gaps[gaps < known[-1]]
    return values[(earlier[-1] + 1 if len(earlier) else 0) : known[-1] + 1]


def drift(values: FloatArray, horizon: float) -> Forecast:
    """Random walk with drift on the last 8 differences at most: y_t + h mean(diff), se = sd(diff) sqrt(h + h^2/m).

    m differences, m - 1 degrees of freedom; at least three points, known and finite (see latest_run). Source: METHOD, Trajectories 2; Hyndman and
    Athanasopoulos, Forecasting: Principles and Practice, 5.5.
    """
    _need(values, 3, horizon)
    steps = np.diff(values[..., -(MAX_DIFFERENCES + 1) :], axis=-1)
    m = steps.shape[-1]
    mean = values[..., -1] + horizon * steps.mean(axis=-1)
    se = steps.std(axis=-1, ddof=1) * np.sqrt(horizon + horizon**2 / m)
    return Forecast(np.asarray(mean), np.asarray(se), float(m - 1), "drift")


def seasonal_drift(values: FloatArray, horizon: int) -> Forecast:
    """Monthly series: the value of 12 months before plus the latest change over a year.

    The change over a year is taken for a random walk without drift: beyond a year it is added once for each year, and the
    standard error is that of the steps which then add up, sd sqrt(sum of their squared multiplicities), which is
    sd sqrt(h) for h <= 12; sd is that of the m month-to-month changes of the change over a year, with m - 1 degrees of
    freedom. METHOD gives the mean only; with this error the coverage it quotes for 108 trusts (80 / 88 / 89 / 83%) comes
    out to the digit, from origins of 18 points on. Needs 15 points; METHOD's 24 is the chooser's rule.
    """
    _need(values, SEASON + 3, horizon)
    ahead = int(horizon)
    if ahead != horizon:
        raise ValueError(f"horizon is {horizon}: a seasonal forecast is for whole months, from 1")
    years = (ahead - 1) // SEASON + 1
    over_year = values[..., SEASON:] - values[..., :-SEASON]
    base = values[..., values.shape[-1] - 1 + ahead - SEASON * years]
    steps = np.diff(over_year, axis=-1)
    multiplicity = np.array([(ahead - step) // SEASON + 1 for step in range(1, ahead + 1)])
    se = steps.std(axis=-1, ddof=1) * np.sqrt(float((multiplicity**2).sum()))
    mean = base + years * over_year[..., -1]
    return Forecast(np.asarray(mean), np.asarray(se), float(steps.shape[-1] - 1), "seasonal_drift")


def regression(values: FloatArray, horizon: float) -> Forecast:
    """Least squares on time: se = s sqrt(1 + 1/n + (t_T - tbar)^2/Sxx), n - 2 degrees of freedom; at least three points.

    Fit for use only where residuals are uncorrelated: see forecast_choice. Source: METHOD, Trajectories 2.
    """
    _need(values, 3, horizon)
    n = values.shape[-1]
    _, intercept, slope, residuals = fit_line(values)
    time = np.arange(n, dtype=np.float64)
    at = n - 1 + horizon
    s = np.sqrt((residuals**2).sum(axis=-1) / (n - 2))
    sxx = ((time - time.mean()) ** 2).sum()
    se = s * np.sqrt(1.0 + 1.0 / n + (at - time.mean()) ** 2 / sxx)
    return Forecast(np.asarray(intercept + slope * at), np.asarray(se), float(n - 2), "regression")


def fit_line(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Times 0, 1, 2 ..., intercept, slope a point, and residuals of the least-squares line through (..., points)."""
    time = np.arange(values.shape[-1], dtype=np.float64)
    centred = time - time.mean()
    slope = (values * centred).sum(axis=-1) / (centred**2).sum()
    intercept = values.mean(axis=-1) - slope * time.mean()
    residuals = values - (np.asarray(intercept)[..., None] + np.asarray(slope)[..., None] * time)
    return time, np.asarray(intercept), np.asarray(slope), np.asarray(residuals)


def _need(values: FloatArray, least: int, horizon: float) -> None:
    if not np.all(np.isfinite(values)):
        raise ValueError("a value of the series is missing or not finite: a forecast needs an unbroken run")
    if not 0 < horizon < np.inf:
        raise ValueError(f"horizon is {horizon}: a forecast is for a time after the last value")
    if values.shape[-1] < least:
        raise ValueError(f"{values.shape[-1]} points are too few: this forecast needs {least}")
