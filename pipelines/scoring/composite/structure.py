"""Which measure belongs to which area and pillar, and what each weighs. The catalogue of measures itself lies elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import FloatArray, IntArray
from pipelines.scoring.composite.weights import normalise_weights

REQUIRED_PILLARS = ("P1", "P2")


@dataclass(frozen=True, slots=True)
class Structure:
    """The tree of measures, areas and pillars. Order is the caller's and carries no meaning.

    `area_of` (measures,) and `pillar_of` (areas,) hold positions in `areas` and `pillars`; weights are relative within
    their parent. An area that no scored measure reaches is simply not in it, or is there without a measure: either way
    it is not applicable.
    """

    measures: tuple[str, ...]
    areas: tuple[str, ...]
    pillars: tuple[str, ...]
    area_of: IntArray
    pillar_of: IntArray
    measure_weights: FloatArray
    area_weights: FloatArray
    pillar_weights: FloatArray
    required: tuple[str, ...] = REQUIRED_PILLARS

    @property
    def in_area(self) -> FloatArray:
        """1 where the measure belongs to the area: (measures, areas)."""
        return np.asarray(self.area_of[:, None] == np.arange(len(self.areas)), dtype=np.float64)

    @property
    def in_pillar(self) -> FloatArray:
        """1 where the area belongs to the pillar: (areas, pillars)."""
        return np.asarray(self.pillar_of[:, None] == np.arange(len(self.pillars)), dtype=np.float64)


def build_structure(
    measures: Sequence[tuple[str, str, str]],
    *,
    weights: dict[str, float] | None = None,
    required: tuple[str, ...] = REQUIRED_PILLARS,
) -> Structure:
    """From rows of (measure, area, pillar) and, where they are declared, relative weights by measure, area or pillar id.

    Whatever has no declared weight weighs 1. ValueError for a repeated measure, an area in two pillars, an unknown name
    among the weights, or a weight that is negative or not finite.
    """
    names = tuple(row[0] for row in measures)
    if len(set(names)) != len(names):
        raise ValueError(f"a measure is listed twice: {sorted({n for n in names if names.count(n) > 1})}")
    areas = tuple(dict.fromkeys(row[1] for row in measures))
    pillars = tuple(dict.fromkeys(row[2] for row in measures))
    parents = {(area, pillar) for _, area, pillar in measures}
    if len(parents) != len(areas):
        raise ValueError("an area belongs to two pillars: give each area one pillar")
    pillar_by_area = dict(parents)
    declared = weights or {}
    unknown = sorted(set(declared) - set(names) - set(areas) - set(pillars))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no measure, area or pillar of the index is called so")

    def weigh(ids: tuple[str, ...]) -> FloatArray:
        chosen = np.array([declared.get(i, 1.0) for i in ids])
        normalise_weights(chosen)  # only for its check: renormalising happens within each parent
        return chosen

    return Structure(
        measures=names,
        areas=areas,
        pillars=pillars,
        area_of=np.array([areas.index(row[1]) for row in measures], dtype=np.int64),
        pillar_of=np.array([pillars.index(pillar_by_area[a]) for a in areas], dtype=np.int64),
        measure_weights=weigh(names),
        area_weights=weigh(areas),
        pillar_weights=weigh(pillars),
        required=required,
    )
