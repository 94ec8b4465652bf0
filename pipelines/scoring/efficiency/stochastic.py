"""A frontier with noise: what a unit is short of it is split into chance and inefficiency. Beside data envelopment, which
takes every shortfall for inefficiency; worth its assumptions from about 50 units on (measures, I9).
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

from pipelines.scoring.arrays import FloatArray

MIN_UNITS = 50


def stochastic_efficiency(inputs: FloatArray, outputs: FloatArray) -> FloatArray:
    """Input efficiency E[exp(-u) | e] of (units, m) inputs and (units, s) outputs, all above 0; (units,) in (0, 1].

    The input distance function in Cobb-Douglas form, -ln x1 = a + sum b ln(x_i/x1) + sum c ln y + v - u, v normal, u half-normal,
    by maximum likelihood. Where the residuals are skewed the wrong way there is no inefficiency to be found and all get 1.
    ValueError for fewer than 50 units or a quantity that is not above 0. Source: Aigner, Lovell and Schmidt (1977); Battese and
    Coelli (1988) for the expectation.
    """
    if len(inputs) < MIN_UNITS:
        raise ValueError(f"{len(inputs)} units are too few for a stochastic frontier: {MIN_UNITS} are needed")
    if (
        np.any(inputs <= 0)
        or np.any(outputs <= 0)
        or not np.all(np.isfinite(inputs))
        or not np.all(np.isfinite(outputs))
    ):
        raise ValueError("a stochastic frontier takes logarithms: every quantity has to be above 0")
    target = -np.log(inputs[:, 0])
    parts = [np.ones(len(inputs)), *np.log(inputs[:, 1:] / inputs[:, :1]).T, *np.log(outputs).T]
    design = np.column_stack(parts)
    start, *_ = np.linalg.lstsq(design, target, rcond=None)
    residuals = target - design @ start
    spread = float(residuals.std())
    third = float((residuals**3).mean())
    if third >= 0 or spread < 1e-12:
        return np.ones(len(inputs))
    # Moments of the composed error give the start of the search.
    sigma_u = min((third / (np.sqrt(2 / np.pi) * (1 - 4 / np.pi))) ** (1 / 3), 1.6 * spread)
    sigma_v = np.sqrt(max(spread**2 - (1 - 2 / np.pi) * sigma_u**2, (0.1 * spread) ** 2))
    start[0] += sigma_u * np.sqrt(2 / np.pi)

    def loss(given: FloatArray) -> float:
        e = target - design @ given[:-2]
        log_u, log_v = given[-2:]
        sigma = np.hypot(np.exp(log_u), np.exp(log_v))
        skew = np.exp(log_u - log_v)
        likelihood = stats.norm.logpdf(e / sigma) - np.log(sigma) + stats.norm.logcdf(-e * skew / sigma)
        return -float(likelihood.sum())

    first = np.concatenate([start, [np.log(sigma_u), np.log(sigma_v)]])
    floor = np.log(1e-3 * spread)
    bounds = [(None, None)] * len(start) + [(floor, None)] * 2
    found = optimize.minimize(loss, first, method="L-BFGS-B", bounds=bounds)
    coefficients, (u, v) = found.x[:-2], np.exp(found.x[-2:])
    e = target - design @ coefficients
    variance = u**2 + v**2
    centre, width = -e * u**2 / variance, u * v / np.sqrt(variance)
    ratio = centre / width
    logs = stats.norm.logcdf(ratio - width) - stats.norm.logcdf(ratio) - centre + width**2 / 2.0
    return np.asarray(np.clip(np.exp(logs), 0.0, 1.0), dtype=np.float64)
