"""Measures' scores to areas, pillars and an index, under METHOD's rules for what is missing (Index 1 and 2).

Nothing is imputed: weights are renormalised over what is known, and a level with too little of it is NaN. Whether an
index may be published for other reasons (age of the data, size of the family) is decided in publishable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.aggregate import geometric
from pipelines.scoring.composite.structure import Structure

MIN_SHARE = 0.5
MIN_PILLARS = 3
_HAIR = 1e-12


@dataclass(frozen=True, slots=True)
class LevelWeights:
    """The weights that are in force for one pattern of missing values; each row of either adds up to 1 or is all 0.

    `measures` (..., measures): a measure's weight inside its pillar. `areas` (..., areas): an area's weight inside its
    pillar. `within` (..., measures): a measure's weight inside its area. `pillars` (..., pillars): inside the index.
    """

    measures: FloatArray
    within: FloatArray
    areas: FloatArray
    pillars: FloatArray
    area_known: BoolArray
    pillar_known: BoolArray
    index_known: BoolArray


@dataclass(frozen=True, slots=True)
class Assembled:
    """Scores of areas (..., areas) and pillars (..., pillars) on 0-100, and the index (...) on 1-100; NaN where withheld."""

    areas: FloatArray
    pillars: FloatArray
    index: FloatArray


def level_weights(
    known: BoolArray, structure: Structure, applicable: BoolArray | None = None, *, min_share: float = MIN_SHARE
) -> LevelWeights:
    """Weights in force where `known` (..., measures) says what there is and `applicable` what could be.

    An area counts with `min_share` of its applicable measures' weight, a pillar with that of its applicable areas'; the
    index with three pillars, the required ones among them. What is not applicable leaves the denominator.
    """
    asked = np.ones(known.shape, dtype=np.bool_) if applicable is None else np.broadcast_to(applicable, known.shape)
    in_area, in_pillar = structure.in_area, structure.in_pillar
    due = np.where(asked, structure.measure_weights, 0.0)
    held = np.where(known, due, 0.0)
    area_due, area_held = due @ in_area, held @ in_area
    area_known = (area_held > 0) & (area_held >= (min_share - _HAIR) * area_due)
    area_weight = np.where(area_due > 0, structure.area_weights, 0.0)
    area_used = np.where(area_known, area_weight, 0.0)
    pillar_due, pillar_held = area_weight @ in_pillar, area_used @ in_pillar
    pillar_known = (pillar_held > 0) & (pillar_held >= (min_share - _HAIR) * pillar_due)
    pillar_used = np.where(pillar_known, structure.pillar_weights, 0.0)
    required = np.isin(np.array(structure.pillars), np.array(structure.required))
    index_known = (
        (pillar_known.sum(axis=-1) >= MIN_PILLARS)
        & np.all(pillar_known | ~required, axis=-1)
        & set(structure.required).issubset(structure.pillars)
    )
    within = held / _up(area_held, structure.area_of)
    areas = area_used / _up(pillar_held, structure.pillar_of)
    total = pillar_used.sum(axis=-1, keepdims=True)
    return LevelWeights(
        measures=np.asarray(within * areas[..., structure.area_of], dtype=np.float64),
        within=np.asarray(within, dtype=np.float64),
        areas=np.asarray(areas, dtype=np.float64),
        pillars=np.asarray(pillar_used / np.where(total > 0, total, 1.0), dtype=np.float64),
        area_known=np.asarray(area_known, dtype=np.bool_),
        pillar_known=np.asarray(pillar_known, dtype=np.bool_),
        index_known=np.asarray(index_known, dtype=np.bool_),
    )


def assemble_with(scores: FloatArray, weights: LevelWeights, structure: Structure) -> Assembled:
    """Scores (..., measures) under weights already worked out: for many draws of one pattern of missing values."""
    filled = np.nan_to_num(scores, nan=0.0)
    areas = np.where(weights.area_known, (filled * weights.within) @ structure.in_area, np.nan)
    by_pillar = structure.in_area @ structure.in_pillar
    pillars = np.where(weights.pillar_known, (filled * weights.measures) @ by_pillar, np.nan)
    # A weighted mean of 100s may come out a bit above 100.
    areas, pillars = np.clip(areas, 0.0, 100.0), np.clip(pillars, 0.0, 100.0)
    index = np.where(weights.index_known, geometric(pillars, weights.pillars), np.nan)
    return Assembled(np.asarray(areas), np.asarray(pillars), np.asarray(index))


def assemble(scores: FloatArray, structure: Structure, applicable: BoolArray | None = None) -> Assembled:
    """Areas, pillars and index of scores (..., measures) on 0-100, missing as NaN.

    Areas and pillars are weighted arithmetic means, the index the weighted geometric mean of p = 1 + 0.99 z over pillars.
    ValueError for scores outside 0-100. Source: METHOD, Index.
    """
    if np.any((scores < 0) | (scores > 100)):
        raise ValueError("scores lie between 0 and 100: normalise the values first")
    return assemble_with(scores, level_weights(~np.isnan(scores), structure, applicable), structure)


def _up(by_parent: FloatArray, parent_of: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> FloatArray:
    spread = by_parent[..., parent_of]
    return np.asarray(np.where(spread > 0, spread, 1.0), dtype=np.float64)
