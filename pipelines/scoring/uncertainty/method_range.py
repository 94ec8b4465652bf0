"""The method range: ranks under all the choices that could have been made otherwise, varied at once. No coverage is claimed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray, IntArray
from pipelines.scoring.composite.aggregate import arithmetic, copeland, geometric
from pipelines.scoring.composite.assemble import assemble, level_weights
from pipelines.scoring.composite.normalise import anchors_score, min_max, percentile_rank, z_score
from pipelines.scoring.composite.structure import Structure
from pipelines.scoring.composite.weights import weight_draws
from pipelines.scoring.uncertainty.draws import DRAWS, SEED, generator
from pipelines.scoring.uncertainty.ranks import ranks
from pipelines.scoring.uncertainty.sensitivity import Sensitivity, sensitivity

FACTORS = ("normalisation", "weights", "aggregation", "missing", "left_out")
NORMALISATIONS = ("anchors", "min_max", "z_score", "percentile")
AGGREGATIONS = ("arithmetic", "geometric", "copeland")
MISSING = ("drop", "family_mean", "low_bound")
WEIGHT_VECTORS = 1024
SENSITIVITY_POINTS = 512
CELLS_AT_ONCE = 40_000
"""Rows of choices, times units, times measures, that are worked out together: as many as stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Everything that a choice can pick from, worked out once for one family of bodies.

    `scores` (normalisations, units, measures); `weights` holds WEIGHT_VECTORS draws for measures, areas and pillars.
    """

    structure: Structure
    scores: FloatArray
    applicable: BoolArray
    weights: tuple[FloatArray, FloatArray, FloatArray]


def alternatives(
    values: FloatArray,
    anchors: FloatArray,
    structure: Structure,
    *,
    applicable: BoolArray | None = None,
    seed: int = SEED,
) -> Alternatives:
    """For one family's (units, measures) values and (measures, 5) anchors. Weights are Dirichlet(25 w) within each parent."""
    direction = np.where(anchors[:, -1] > anchors[:, 0], 1.0, -1.0)
    # An unbounded value (reserves that never run out) is as good as the last anchor; min-max and z need it finite.
    finite = np.clip(values, anchors.min(axis=1), anchors.max(axis=1))
    bounded = np.where(np.isinf(values), finite, values)
    scores = np.stack(
        [
            anchors_score(values, anchors),
            min_max(bounded, direction),
            z_score(bounded, direction),
            percentile_rank(bounded, direction),
        ]
    )
    asked = np.ones(values.shape, dtype=np.bool_) if applicable is None else applicable
    return Alternatives(structure, scores, asked, _weight_vectors(structure, seed))


def _weight_vectors(structure: Structure, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    def within(
        weights: FloatArray, parent_of: FloatArray, names: tuple[str, ...], parents: tuple[str, ...]
    ) -> FloatArray:
        drawn = np.zeros((WEIGHT_VECTORS, len(weights)))
        for place, parent in enumerate(parents):
            # Sorted by name, so that the order in which a catalogue lists them moves nothing.
            children = sorted(np.flatnonzero(parent_of == place), key=lambda child: names[child])
            if children and weights[children].sum() > 0:
                drawn[:, children] = weight_draws(weights[children], WEIGHT_VECTORS, generator(seed, "weights", parent))
        return drawn

    top = np.zeros(len(structure.pillars))
    return (
        within(structure.measure_weights, np.asarray(structure.area_of), structure.measures, structure.areas),
        within(structure.area_weights, np.asarray(structure.pillar_of), structure.areas, structure.pillars),
        within(structure.pillar_weights, top, structure.pillars, ("index",)),
    )


def ranks_under(choices: FloatArray, given: Alternatives) -> FloatArray:
    """Ranks (rows, units) under each row of choices (rows, 5) in [0, 1), one column a factor in the order of FACTORS.

    The fifth leaves out one measure or none. The rules that withhold a score are not applied: a choice that lost a unit
    would say nothing about its rank. Ranks only, since scores of different methods are not on one scale.
    """
    structure, count = given.structure, len(given.structure.measures)
    levels = np.array([len(NORMALISATIONS), WEIGHT_VECTORS, len(AGGREGATIONS), len(MISSING), count + 1])
    picked = np.minimum((choices * levels).astype(np.int64), levels - 1)
    by_name = np.argsort(np.array(structure.measures))
    by_pillar = structure.in_area @ structure.in_pillar
    filled = np.stack([[_filled(one, given.applicable, rule) for rule in MISSING] for one in given.scores])
    results = np.empty((len(choices), given.scores.shape[1]))
    at_once = max(1, CELLS_AT_ONCE // given.applicable.size)
    for start in range(0, len(choices), at_once):
        normalisation, weights, aggregation, missing, left_out = picked[start : start + at_once].T
        scores = filled[normalisation, missing]
        asked = np.repeat(given.applicable[None], len(scores), axis=0)
        (lessened,) = np.nonzero(left_out < count)
        asked[lessened, :, by_name[left_out[lessened]]] = False
        chosen = _with_weights(structure, given.weights, weights)
        held = level_weights(~np.isnan(scores) & asked, chosen, asked, min_share=0.0)
        pillars = np.where(held.pillar_known, (np.nan_to_num(scores) * held.measures) @ by_pillar, np.nan)
        pillars = np.clip(pillars, 0.0, 100.0)
        for place, how in enumerate(AGGREGATIONS):
            (rows,) = np.nonzero(aggregation == place)
            results[start + rows] = _aggregate(pillars[rows], chosen.pillar_weights[rows], how)
    return np.asarray(ranks(results.T).T, dtype=np.float64)


def method_range(given: Alternatives, *, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Ranks (units, draws) with every choice drawn at random, each alternative as likely as the next."""
    return np.asarray(ranks_under(generator(seed, "method range").random((draws, len(FACTORS))), given).T)


def rank_sensitivity(given: Alternatives, *, points: int = SENSITIVITY_POINTS) -> tuple[Sensitivity, Sensitivity]:
    """Sensitivity of each unit's rank (factors, units) to each choice, and of the mean absolute shift of ranks (factors,).

    Shifts are counted from the ranks of the declared method, over the units that have an index under it.
    """
    declared = ranks(assemble(given.scores[0], given.structure, given.applicable).index)
    has_rank = ~np.isnan(declared)
    last: dict[bytes, FloatArray] = {}

    def model(choices: FloatArray) -> FloatArray:
        key = choices.tobytes()
        if key not in last:
            last[key] = np.nan_to_num(ranks_under(choices, given))
        return last[key]

    def shift(choices: FloatArray) -> FloatArray:
        moved = np.abs(model(choices) - declared)[:, has_rank]
        return np.asarray(moved.mean(axis=1) if moved.shape[1] else np.zeros(len(choices)), dtype=np.float64)

    by_unit = sensitivity(model, len(FACTORS), points)
    return by_unit, sensitivity(shift, len(FACTORS), points)


def _filled(scores: FloatArray, applicable: BoolArray, rule: str) -> FloatArray:
    missing = np.isnan(scores) & applicable
    if rule == "low_bound":
        return np.asarray(np.where(missing, 0.0, scores))
    if rule == "family_mean":
        known = (~np.isnan(scores)).sum(axis=0)
        mean = np.where(known > 0, np.nan_to_num(scores).sum(axis=0) / np.maximum(known, 1), np.nan)
        return np.asarray(np.where(missing, mean, scores))
    return scores


def _with_weights(
    structure: Structure, weights: tuple[FloatArray, FloatArray, FloatArray], rows: IntArray
) -> Structure:
    """The tree with a vector of weights for each row: (rows, 1, ...), against scores (rows, units, ...)."""
    return Structure(
        measures=structure.measures,
        areas=structure.areas,
        pillars=structure.pillars,
        area_of=structure.area_of,
        pillar_of=structure.pillar_of,
        measure_weights=weights[0][rows][:, None],
        area_weights=weights[1][rows][:, None],
        pillar_weights=weights[2][rows][:, None],
        required=(),
    )


def _aggregate(pillars: FloatArray, weights: FloatArray, how: str) -> FloatArray:
    if how == "copeland":
        return copeland(np.round(pillars, 9), weights)
    return (arithmetic if how == "arithmetic" else geometric)(pillars, weights)
