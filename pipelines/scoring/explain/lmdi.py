"""The change of the geometric index, split exactly: over pillars by LMDI, inside a pillar by measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.aggregate import SLOPE, positive
from pipelines.scoring.composite.assemble import level_weights
from pipelines.scoring.composite.structure import Structure
from pipelines.scoring.explain.bennet import Split, bennet, paired
from pipelines.scoring.explain.logmean import log_mean


def lmdi(old: FloatArray, old_weights: FloatArray, new: FloatArray, new_weights: FloatArray) -> Split:
    """For (items,) positive values p: performance_i = L mean(w_i) d ln p_i; coverage_i = L (mean(ln p_i) - mean(ln S)) dw_i.

    L is the logarithmic mean of the index before and after. Source: Ang (2005); METHOD, Why did it change.
    """
    p0, w0, p1, w1 = paired(old, old_weights, new, new_weights)
    used = (w0 > 0) | (w1 > 0)
    if np.any((p0[used] <= 0) | (p1[used] <= 0)):
        raise ValueError("a geometric index is of values above 0")
    ln0, ln1 = np.log(np.where(used, p0, 1.0)), np.log(np.where(used, p1, 1.0))
    ln_start, ln_end = float((w0 * ln0).sum()), float((w1 * ln1).sum())
    start, end = float(np.exp(ln_start)), float(np.exp(ln_end))
    level = float(log_mean(start, end))
    performance = level * (w0 + w1) / 2.0 * (ln1 - ln0)
    coverage = level * ((ln0 + ln1) / 2.0 - (ln_start + ln_end) / 2.0) * (w1 - w0)
    return Split(start, end, np.asarray(performance), np.asarray(np.where(used, coverage, 0.0)))


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The index's change from `start` to `end` by measure (measures,) and, for pillars that came or went, by pillar (pillars,)."""

    start: float
    end: float
    performance: FloatArray
    coverage: FloatArray
    pillar_coverage: FloatArray

    @property
    def residual(self) -> float:
        parts = (self.performance, self.coverage, self.pillar_coverage)
        return self.end - self.start - sum(float(part.sum()) for part in parts)


def index_change(
    old: FloatArray,
    new: FloatArray,
    structure: Structure,
    *,
    old_applicable: BoolArray | None = None,
    new_applicable: BoolArray | None = None,
) -> IndexChange:
    """One body's index between two sets of scores (measures,), down to measures. ValueError where either index is withheld.

    A pillar's LMDI performance is shared out by its measures' Bennet contributions, performance and coverage of measures
    alike. METHOD's "share" is contribution over the pillar's change, which has no value where contributions cancel; the
    same thing without that hole is contribution times d ln p/dz, whose mean over the step is 0.99/L(p0, p1).
    """
    before = level_weights(~np.isnan(old), structure, old_applicable)
    after = level_weights(~np.isnan(new), structure, new_applicable)
    if not (bool(before.index_known) and bool(after.index_known)):
        raise ValueError("there is no index in one of the two periods, and so no change of it to explain")
    pillar_of_measure = structure.pillar_of[structure.area_of]
    z = np.full((2, len(structure.pillars)), np.nan)
    inside: dict[int, Split] = {}
    for pillar in range(len(structure.pillars)):
        own = pillar_of_measure == pillar
        for row, (scores, weights) in enumerate(((old, before), (new, after))):
            if weights.pillar_known[pillar]:
                z[row, pillar] = float((np.nan_to_num(scores[own]) * weights.measures[own]).sum())
        if before.pillar_known[pillar] and after.pillar_known[pillar]:
            inside[pillar] = bennet(old[own], before.measures[own], new[own], after.measures[own])
    p = positive(z)
    split = lmdi(p[0], before.pillars, p[1], after.pillars)
    performance, coverage = np.zeros(len(old)), np.zeros(len(old))
    level = float(log_mean(split.start, split.end))
    for pillar, change in inside.items():
        own = pillar_of_measure == pillar
        weight = (before.pillars[pillar] + after.pillars[pillar]) / 2.0
        slope = level * weight * SLOPE / float(log_mean(p[0, pillar], p[1, pillar]))
        performance[own], coverage[own] = slope * change.performance, slope * change.coverage
    return IndexChange(split.start, split.end, performance, coverage, split.coverage)
