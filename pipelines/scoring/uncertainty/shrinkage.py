"""Measurements of many small units drawn towards their family, so that noise is not ranked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from pipelines.scoring.arrays import FloatArray

MIN_UNITS = 10
RELIABLE = 0.8


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Values and standard errors after shrinkage (units,), the family's mean and between-unit variance."""

    values: FloatArray
    errors: FloatArray
    mean: float
    tau2: float


def between_variance(values: FloatArray, errors: FloatArray) -> float:
    """Tau^2 of Paule and Mandel (1982): the variance between units that makes Q equal its n - 1; 0 where noise suffices.

    ValueError for missing values or an error that is not above 0.
    """
    if not (np.all(np.isfinite(values)) and np.all((errors > 0) & np.isfinite(errors))):
        raise ValueError("the variance between units needs known values, each with an error above 0")

    def excess(tau2: float) -> float:
        w = 1.0 / (errors**2 + tau2)
        return float((w * (values - (w * values).sum() / w.sum()) ** 2).sum()) - (len(values) - 1)

    # Scaled to 1, the search's tolerance means the same in every unit.
    scale = float(np.var(values)) + float(np.mean(errors**2))
    if excess(0.0) <= 0:
        return 0.0
    top = 1.0
    while excess(top * scale) > 0:
        top *= 4.0
    return float(optimize.brentq(lambda share: excess(share * scale), 0.0, top)) * scale


def is_called_for(values: FloatArray, errors: FloatArray) -> bool:
    """Whether units are many (ten) and small: the median one's reliability tau^2/(tau^2 + se^2) is below 0.8.

    METHOD names the case without a limit; these are the project's.
    """
    known = ~np.isnan(values) & (errors > 0)
    if known.sum() < MIN_UNITS:
        return False
    tau2 = between_variance(values[known], errors[known])
    return bool(np.median(tau2 / (tau2 + errors[known] ** 2)) < RELIABLE)


def shrink(values: FloatArray, errors: FloatArray) -> Shrunk:
    """Empirical Bayes towards the family's mean: (units,) values and standard errors of one measure.

    B = se^2/(se^2 + tau^2); value (1 - B) x + B mean; variance (1 - B) se^2 + B^2 var(mean) + the uncertainty of B itself,
    2 B^2 (x - mean)^2/(n - 3) where n > 3. Missing values stay missing; a value without error stays as it is. Source: Morris
    (1983), Parametric Empirical Bayes Inference, formula 1.17 with unequal variances.
    """
    known = ~np.isnan(values) & (errors > 0)
    shrunk, widths = values.copy(), errors.copy()
    n = int(known.sum())
    if n < 2:
        return Shrunk(shrunk, widths, float("nan"), 0.0)
    x, se = values[known], errors[known]
    tau2 = between_variance(x, se)
    w = 1.0 / (se**2 + tau2)
    mean = float((w * x).sum() / w.sum())
    b = se**2 / (se**2 + tau2)
    of_b = 2.0 * b**2 * (x - mean) ** 2 / (n - 3) if n > 3 else np.zeros(n)
    shrunk[known] = (1.0 - b) * x + b * mean
    widths[known] = np.sqrt((1.0 - b) * se**2 + b**2 / w.sum() + of_b)
    return Shrunk(shrunk, widths, mean, tau2)


def reliability(errors: FloatArray, tau2: float) -> FloatArray:
    """Share of a value's variance that is between units rather than noise, tau^2/(tau^2 + se^2)."""
    return np.asarray(tau2 / (tau2 + errors**2), dtype=np.float64)
