"""A value that is not there yet may stand for two periods more, marked stale (METHOD, Index 2). No other filling is done."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray, IntArray

MAX_PERIODS = 2


def carry_forward(values: FloatArray, *, max_periods: int = MAX_PERIODS) -> tuple[FloatArray, IntArray]:
    """Values (..., periods) with gaps of at most `max_periods` filled by the last known one, and each value's age.

    Age is 0 for a value of the period itself, 1 or 2 for a stale one, -1 where the value stays missing.
    """
    positions = np.arange(values.shape[-1])
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, positions), axis=-1)
    age = positions - last
    usable = (last >= 0) & (age <= max_periods)
    carried = np.take_along_axis(values, np.maximum(last, 0), axis=-1)
    return (
        np.asarray(np.where(usable, carried, np.nan), dtype=np.float64),
        np.asarray(np.where(usable, age, -1), dtype=np.int64),
    )
