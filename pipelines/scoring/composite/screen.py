"""Which units have enough data to be compared at all. The rules by which an index is withheld are in assemble."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray


def availability(values: FloatArray, applicable: BoolArray | None = None) -> FloatArray:
    """Share of applicable measures that each unit has, from (units, measures) to (units,); NaN where none applies."""
    asked = np.ones(values.shape, dtype=np.bool_) if applicable is None else applicable
    held = (~np.isnan(values) & asked).sum(axis=-1)
    due = asked.sum(axis=-1)
    return np.asarray(np.where(due > 0, held / np.maximum(due, 1), np.nan), dtype=np.float64)


def screen(values: FloatArray, *, minimum: float = 0.9, applicable: BoolArray | None = None) -> BoolArray:
    """True for the units whose availability is at least `minimum`, a share in [0, 1].

    Source: COINr, `Screen(unit_screen = "byNA")`; the limit of 90% is that of the ASEM example in METHOD.
    """
    if not 0 <= minimum <= 1:
        raise ValueError(f"minimum is {minimum}: it is a share between 0 and 1")
    # A share such as 44.1 of 49 must not fail by the last bit of a division.
    return np.asarray(availability(values, applicable) >= minimum - 1e-12, dtype=np.bool_)
