"""The change of a weighted arithmetic mean, split into what its items did and what came in or went out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Split:
    """Contributions (items,) to the change from `start` to `end`; all of them add up to it."""

    start: float
    end: float
    performance: FloatArray
    coverage: FloatArray

    @property
    def residual(self) -> float:
        return self.end - self.start - float(self.performance.sum()) - float(self.coverage.sum())


def paired(
    old: FloatArray, old_weights: FloatArray, new: FloatArray, new_weights: FloatArray
) -> tuple[FloatArray, ...]:
    """Values and weights of both periods, a missing value having weight 0 and the value of the other period.

    An item without a weight in one period counts as missing there, whatever its value: it was not in the mean. One that is
    missing in both is 0 with weight 0. ValueError where the weights of a period do not add up to 1.
    """
    no_old, no_new = np.isnan(old) | (old_weights == 0), np.isnan(new) | (new_weights == 0)
    w_old, w_new = np.where(no_old, 0.0, old_weights), np.where(no_new, 0.0, new_weights)
    for which, weights in (("old", w_old), ("new", w_new)):
        if abs(float(weights.sum()) - 1.0) > 1e-9:
            raise ValueError(f"the {which} period's weights over known values add up to {weights.sum()}, not to 1")
    neither = no_old & no_new
    v_old = np.where(neither, 0.0, np.where(no_old, new, old))
    v_new = np.where(neither, 0.0, np.where(no_new, old, new))
    return v_old, w_old, v_new, w_new


def bennet(old: FloatArray, old_weights: FloatArray, new: FloatArray, new_weights: FloatArray) -> Split:
    """Performance_i = mean(w_i) dz_i; coverage_i = (mean(z_i) - mean(S)) dw_i, for (items,) scores and weights.

    Source: Bennet (1920); METHOD, Why did it change.
    """
    z0, w0, z1, w1 = paired(old, old_weights, new, new_weights)
    start, end = float((w0 * z0).sum()), float((w1 * z1).sum())
    performance = (w0 + w1) / 2.0 * (z1 - z0)
    coverage = ((z0 + z1) / 2.0 - (start + end) / 2.0) * (w1 - w0)
    neither = (w0 == 0) & (w1 == 0)
    return Split(start, end, np.asarray(performance), np.asarray(np.where(neither, 0.0, coverage)))
