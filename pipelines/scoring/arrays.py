"""The array types that the scoring functions share. No arithmetic belongs here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
"""Missing values are NaN throughout; nothing in this package fills one in unless its name says so."""
