"""How much of each level is known, and how far the score could lie from what it would be if all were known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.assemble import Assembled, LevelWeights, assemble_with, level_weights
from pipelines.scoring.composite.structure import Structure


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of applicable weight that are known, in [0, 1]; NaN where nothing is applicable."""

    areas: FloatArray
    pillars: FloatArray
    index: FloatArray


def coverage(known: BoolArray, structure: Structure, applicable: BoolArray | None = None) -> Coverage:
    """Weighted coverage of (..., measures) at each level, whether or not the level's score is withheld."""
    asked = np.ones(known.shape, dtype=np.bool_) if applicable is None else np.broadcast_to(applicable, known.shape)
    due = np.where(asked, structure.measure_weights, 0.0)
    areas = _share(np.where(known, due, 0.0) @ structure.in_area, due @ structure.in_area)
    area_weight = np.where(np.isnan(areas), 0.0, structure.area_weights)
    pillars = _share((area_weight * np.nan_to_num(areas)) @ structure.in_pillar, area_weight @ structure.in_pillar)
    pillar_weight = np.where(np.isnan(pillars), 0.0, structure.pillar_weights)
    index = _share((pillar_weight * np.nan_to_num(pillars)).sum(axis=-1), pillar_weight.sum(axis=-1))
    return Coverage(areas, pillars, index)


def known_shares(marked: BoolArray, weights: LevelWeights, structure: Structure) -> Coverage:
    """The share of the weight in force, at each level, of the measures (..., measures) that are `marked`; 0 where withheld."""
    flags = marked.astype(np.float64)
    pillars = (flags * weights.measures) @ structure.in_area @ structure.in_pillar
    return Coverage(
        areas=np.asarray((flags * weights.within) @ structure.in_area),
        pillars=np.asarray(pillars),
        index=np.asarray((pillars * weights.pillars).sum(axis=-1)),
    )


def bounds(
    low: FloatArray, high: FloatArray, structure: Structure, applicable: BoolArray | None = None
) -> tuple[Assembled, Assembled]:
    """The least and the most that areas, pillars and index could be, with all that is missing at 0 and at 100.

    `low` and `high` (..., measures) are the bounds of each measure's score, equal where it is exact; NaN in either is
    missing. Rules about missing values are set aside here: an area or pillar has bounds wherever anything of it is
    applicable, the index wherever its required pillars are. ValueError where low exceeds high. Source: METHOD, Index 2.
    """
    if np.any(low > high):
        raise ValueError("a lower bound exceeds its upper bound")
    asked = np.ones(low.shape, dtype=np.bool_) if applicable is None else np.broadcast_to(applicable, low.shape)
    missing = np.isnan(low) | np.isnan(high)
    weights = level_weights(asked, structure, asked)
    lowest = assemble_with(np.where(missing, 0.0, low), weights, structure)
    highest = assemble_with(np.where(missing, 100.0, high), weights, structure)
    return lowest, highest


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan), dtype=np.float64)
