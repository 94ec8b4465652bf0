"""Put measures that grow with a body's size on a common footing. Real terms are another matter: see deflate."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray


def denominate(values: FloatArray, denominators: FloatArray) -> FloatArray:
    """Values divided by their denominators; NaN where either is missing or the denominator is zero.

    Both arrays have the shape (units, measures); a denominator of 1 leaves a measure as it is. The unit of the result is
    the unit of the value over that of the denominator. Source: OECD/JRC Handbook on Constructing Composite Indicators
    (2008), step 5, scaling.
    """
    if np.any(denominators < 0):
        msg = "a denominator is negative: sizes such as population or spending cannot be; check the sign of the source"
        raise ValueError(msg)
    divisor = np.where(denominators == 0, np.nan, denominators)
    return np.asarray(values / divisor, dtype=np.float64)
