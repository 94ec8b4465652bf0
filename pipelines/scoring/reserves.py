"""How long a council's reserves would last at the pace at which they are drawn (I2)."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray

NAO_YEARS = 3.0


def years_left(reserves: FloatArray, years: int = 1) -> FloatArray:
    """R/mean(draw over the last `years` years): (..., year ends), oldest first, to (...,) years; infinity where not drawing.

    R is closing earmarked plus unallocated reserves, public health and schools apart; draw = -(R_t - R_{t-1}), so that the
    mean draw is (R_{t-k} - R_t)/k. No reserves left while still drawing is 0 years; not drawing is scored 100 by clamping.
    NaN where either year end is missing. Source: METHOD, Spending data; National Audit Office (2018).
    """
    if years < 1 or reserves.shape[-1] <= years:
        raise ValueError(f"{years} years of drawing need {years + 1} year ends")
    closing, opening = reserves[..., -1], reserves[..., -1 - years]
    draw = (opening - closing) / years
    left = np.maximum(closing, 0.0) / np.where(draw > 0, draw, 1.0)
    return np.asarray(np.where(np.isnan(draw), np.nan, np.where(draw > 0, left, np.inf)), dtype=np.float64)
