"""The bias of a frontier drawn through a sample: efficiency is always flattered, and this says by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.efficiency.dea import VRS, input_efficiency

REPEATS = 200


@dataclass(frozen=True, slots=True)
class BiasCorrected:
    """Per unit: theta as found, theta less its bias (never above it), and the 90% interval of the latter."""

    theta: FloatArray
    corrected: FloatArray
    low: FloatArray
    high: FloatArray


def smoothed(theta: FloatArray, generator: np.random.Generator) -> FloatArray:
    """A draw from the smoothed distribution of theta, reflected at 1, with its mean and variance kept. (units,) in (0, 1].

    Bandwidth by Silverman's rule on the reflected sample. Source: Simar and Wilson (1998), section 3.
    """
    n = len(theta)
    reflected = np.concatenate([theta, 2.0 - theta])
    iqr = float(np.subtract(*np.quantile(reflected, [0.75, 0.25])))
    spread = float(reflected.std(ddof=1))
    width = 0.9 * (min(spread, iqr / 1.34) if iqr > 0 else spread) * (2 * n) ** -0.2 * 2**0.2
    picked = generator.choice(theta, n)
    moved = picked + width * generator.standard_normal(n)
    moved = np.where(moved > 1.0, 2.0 - moved, moved)
    variance = float(theta.var())
    if variance <= 0:
        return np.ones(n)
    drawn = picked.mean() + (moved - picked.mean()) / np.sqrt(1.0 + width**2 / variance)
    return np.asarray(np.clip(drawn, 0.01, 1.0), dtype=np.float64)


def bias_corrected(
    inputs: FloatArray,
    outputs: FloatArray,
    generator: np.random.Generator,
    returns: str = VRS,
    *,
    repeats: int = REPEATS,
) -> BiasCorrected:
    """Input efficiency less its bootstrap bias: the homogeneous smoothed bootstrap of Simar and Wilson (1998), seeded.

    Each repeat moves every unit's inputs to theta/theta* of themselves and measures the true inputs against that frontier;
    bias = mean(theta_b) - theta. Costs units x repeats linear programmes, a few milliseconds each.
    """
    theta = input_efficiency(inputs, outputs, returns)
    found = np.empty((repeats, len(theta)))
    for repeat in range(repeats):
        pseudo = inputs * (theta / smoothed(theta, generator))[:, None]
        found[repeat] = input_efficiency(inputs, outputs, returns, frontier=(pseudo, outputs))
    corrected = np.clip(2.0 * theta - np.nanmean(found, axis=0), 0.0, theta)
    low, high = np.nanquantile(2.0 * theta - found, [0.05, 0.95], axis=0)
    return BiasCorrected(theta, np.asarray(corrected), np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0))
