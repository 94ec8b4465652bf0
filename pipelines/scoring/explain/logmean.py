"""The logarithmic mean, which turns a change of logarithms into a change of levels exactly."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray


def log_mean(old: FloatArray | float, new: FloatArray | float) -> FloatArray:
    """L = (b - a)/ln(b/a), L = a where equal; any shape, values above 0. ValueError otherwise.

    Worked out as a expm1(x)/x with x = ln(b/a), which does not lose its digits where a and b are close. Source: METHOD,
    Why did it change; Ang (2005).
    """
    a, b = np.asarray(old, dtype=np.float64), np.asarray(new, dtype=np.float64)
    if not np.all((a > 0) & (b > 0)):
        raise ValueError("a logarithmic mean is for values above 0")
    x = np.log(b / a)
    return np.asarray(np.where(x == 0, a, a * np.expm1(x) / np.where(x == 0, 1.0, x)), dtype=np.float64)
