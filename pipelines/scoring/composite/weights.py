"""Weights: declared ones made to add up, and the draws that vary them. Which level they weigh is assemble's concern."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray

CONCENTRATION = 25.0


def normalise_weights(weights: FloatArray) -> FloatArray:
    """Weights over the last axis that add up to 1. ValueError where one is negative, not finite, or all are zero."""
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or np.any(weights.sum(axis=-1) <= 0):
        raise ValueError(f"weights {weights.tolist()}: each must be 0 or more, and one at least above 0")
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float64)


def weight_draws(
    weights: FloatArray, draws: int, generator: np.random.Generator, *, concentration: float = CONCENTRATION
) -> FloatArray:
    """`draws` weight vectors from Dirichlet(25 w), shape (draws, weights); a weight of zero stays zero.

    Each weight keeps its mean w and gets the variance w (1 - w)/26. Source: METHOD, Uncertainty.
    """
    shares = normalise_weights(weights)
    drawn = np.zeros((draws, len(shares)))
    used = shares > 0
    drawn[:, used] = generator.dirichlet(concentration * shares[used], size=draws)
    return drawn
