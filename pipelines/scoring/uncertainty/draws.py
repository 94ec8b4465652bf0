"""Repeatable random draws. Each belongs to one body and one measure, so neither the order nor the number of others moves it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from pipelines.scoring.arrays import FloatArray

DRAWS = 4096
SEED = 20190305


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for what the names name: the same seed and names give the same numbers everywhere."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int.from_bytes(digest[:16], "big")])))


def measurement_draws(
    values: FloatArray,
    errors: FloatArray,
    entity: str,
    measures: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> FloatArray:
    """N(x, se) for one body: (measures,) to (draws, measures). Missing stays missing; an error of NaN or 0 is none.

    ValueError for a standard error that is negative or infinite.
    """
    if np.any((errors < 0) | np.isinf(errors)):
        raise ValueError(f"a standard error of {entity} is negative or infinite")
    drawn = np.broadcast_to(values, (draws, len(values))).copy()
    for column, measure in enumerate(measures):
        if errors[column] > 0 and np.isfinite(values[column]):
            noise = generator(seed, entity, measure).standard_normal(draws)
            drawn[:, column] += errors[column] * noise
    return drawn
