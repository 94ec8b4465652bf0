"""The sampling interval: the declared method, run on draws of the measurements. What other methods would say: method_range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.assemble import assemble_with, level_weights
from pipelines.scoring.composite.normalise import anchors_score
from pipelines.scoring.composite.structure import Structure
from pipelines.scoring.uncertainty.draws import DRAWS, SEED, measurement_draws

LEVELS = (0.05, 0.95)
PUBLISHED = 256
"""Draws that are kept one by one, for whoever wants to work with other weights."""


@dataclass(frozen=True, slots=True)
class SamplingDraws:
    """`index` (units, draws) and, as 5% and 95% quantiles over draws, `measures`, `areas`, `pillars`, `scores` (2, units, ...).

    `scores` is the interval of the index. All NaN where the level is withheld. `first_areas` and `first_pillars` (draws,
    units, ...) are the first PUBLISHED draws themselves, those of `index` with them.
    """

    index: FloatArray
    measures: FloatArray
    areas: FloatArray
    pillars: FloatArray
    scores: FloatArray
    first_areas: FloatArray
    first_pillars: FloatArray


def sampling_draws(
    values: FloatArray,
    errors: FloatArray,
    anchors: FloatArray,
    structure: Structure,
    entities: Sequence[str],
    *,
    applicable: BoolArray | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> SamplingDraws:
    """Scores of each body under draws N(x, se) of its measures, in the declared method: anchors, means, geometric index.

    `values` and `errors` (units, measures) in the measures' own units, shrunk beforehand where METHOD asks for it;
    `anchors` (measures, 5). One body at a time, so memory is draws x measures. Source: METHOD, Uncertainty.
    """
    asked = np.ones(values.shape, dtype=np.bool_) if applicable is None else applicable
    index = np.empty((len(values), draws))
    kept: dict[str, list[FloatArray]] = {"measures": [], "areas": [], "pillars": []}
    first: dict[str, list[FloatArray]] = {"areas": [], "pillars": []}
    for unit, entity in enumerate(entities):
        drawn = measurement_draws(values[unit], errors[unit], entity, structure.measures, draws=draws, seed=seed)
        scores = anchors_score(drawn, anchors)
        weights = level_weights(~np.isnan(values[unit]), structure, asked[unit])
        made = assemble_with(scores, weights, structure)
        index[unit] = made.index
        for name, level in (("measures", scores), ("areas", made.areas), ("pillars", made.pillars)):
            kept[name].append(np.quantile(level, LEVELS, axis=0))
            if name in first:
                first[name].append(level[:PUBLISHED].copy())
    return SamplingDraws(
        index=index,
        measures=np.stack(kept["measures"], axis=1),
        areas=np.stack(kept["areas"], axis=1),
        pillars=np.stack(kept["pillars"], axis=1),
        scores=np.asarray(np.quantile(index, LEVELS, axis=1)),
        first_areas=np.stack(first["areas"], axis=1),
        first_pillars=np.stack(first["pillars"], axis=1),
    )
