"""One family in one period: its matrix of values, and everything that is said about its scores.

Belongs here: values of measures -> areas, pillars, index with coverage, bounds, intervals and ranks. Does not belong
here: where values come from, and the tables they end in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray, IntArray
from pipelines.scoring.catalogue import Measure
from pipelines.scoring.composite.assemble import Assembled, LevelWeights, assemble_with, level_weights
from pipelines.scoring.composite.coverage import Coverage, bounds, coverage
from pipelines.scoring.composite.normalise import anchors_score
from pipelines.scoring.composite.publishable import family_reasons, withheld_reasons
from pipelines.scoring.composite.structure import Structure, build_structure
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertainty.draws import DRAWS
from pipelines.scoring.uncertainty.method_range import alternatives, method_range, rank_sensitivity
from pipelines.scoring.uncertainty.ranks import p_beats, p_top_quartile, pairs_that_differ, rank_interval, ranks
from pipelines.scoring.uncertainty.sampling import SamplingDraws, sampling_draws
from pipelines.scoring.uncertainty.sensitivity import Sensitivity
from pipelines.scoring.uncertainty.shrinkage import is_called_for, shrink

CARRIED_YEARS = 2
MIN_FAMILY_TO_RANK = 2


@dataclass(frozen=True, slots=True)
class Matrix:
    """Values of one family and year, (units, measures): value, error, bounds, decimal year of its period, age in years.

    `ages` is -1 where there is none. Infinity is a value.
    """

    bodies: tuple[str, ...]
    year_end: date
    values: FloatArray
    errors: FloatArray
    low: FloatArray
    high: FloatArray
    periods: FloatArray
    ages: IntArray
    applicable: BoolArray


@dataclass(frozen=True, slots=True)
class Ranked:
    """Of the bodies whose index is published, in the family's order with NaN for the others (units,)."""

    rank: FloatArray
    low: FloatArray
    high: FloatArray
    method_low: FloatArray
    method_high: FloatArray
    p_top: FloatArray
    gaps: FloatArray
    beats: FloatArray
    p_adjusted: FloatArray
    differs: BoolArray
    by_unit: Sensitivity
    overall: Sensitivity
    members: IntArray


@dataclass(frozen=True, slots=True)
class FamilyScores:
    """Everything about one family in one year; arrays in the order of `matrix.bodies` and of the structure."""

    matrix: Matrix
    structure: Structure
    scores: FloatArray
    weights: LevelWeights
    made: Assembled
    covered: Coverage
    bounds: tuple[Assembled, Assembled]
    draws: SamplingDraws | None
    reasons: list[str | None]
    ranked: Ranked | None


def structure_of(measures: Sequence[Measure], weights: dict[str, float] | None = None) -> Structure:
    """The tree of all scored measures, whether or not there are data for them: what is missing has to show as missing."""
    return build_structure([(one.id, one.area, one.pillar) for one in measures if one.is_scored], weights=weights)


def matrix_of(
    bodies: Sequence[tuple[str, str]],
    measures: Sequence[Measure],
    rows: dict[tuple[str, str], list[ValueRow]],
    year_end: date,
    counted: frozenset[str],
) -> Matrix:
    """`bodies` as (id, kind), `measures` the scored ones, `rows` by body and measure, `counted` measures that may score.

    A value of the year, else the latest of the two years before, carried forward.
    """
    shape = (len(bodies), len(measures))
    values, errors, low, high, periods = (np.full(shape, np.nan) for _ in range(5))
    ages = np.full(shape, -1, dtype=np.int64)
    applicable = np.ones(shape, dtype=np.bool_)
    for unit, (body, kind) in enumerate(bodies):
        for column, measure in enumerate(measures):
            applicable[unit, column] = not measure.applies_to or kind in measure.applies_to
            if measure.id not in counted or not applicable[unit, column]:
                continue
            usable = [
                row for row in rows.get((body, measure.id), []) if row.value is not None and row.period_end <= year_end
            ]
            latest = max(usable, key=lambda row: row.period_end, default=None)
            if latest is None or latest.value is None or year_end.year - latest.period_end.year > CARRIED_YEARS:
                continue
            values[unit, column] = latest.value
            errors[unit, column] = np.nan if latest.se is None else latest.se
            low[unit, column] = latest.value if latest.low is None else latest.low
            high[unit, column] = latest.value if latest.high is None else latest.high
            periods[unit, column] = latest.period_end.year + latest.period_end.month / 12
            ages[unit, column] = year_end.year - latest.period_end.year
    return Matrix(tuple(body for body, _ in bodies), year_end, values, errors, low, high, periods, ages, applicable)


def score_family(
    matrix: Matrix, measures: Sequence[Measure], structure: Structure, *, with_ranks: bool = True
) -> FamilyScores:
    """Scores of one family; with `with_ranks` the draws, ranks, comparisons and sensitivity too, where an index is published."""
    anchors = np.array([one.anchors for one in measures], dtype=np.float64)
    values, errors = _shrunk(matrix.values, matrix.errors)
    scores = anchors_score(values, anchors)
    known = ~np.isnan(scores)
    weights = level_weights(known, structure, matrix.applicable)
    made = assemble_with(scores, weights, structure)
    edges = np.stack([anchors_score(matrix.low, anchors), anchors_score(matrix.high, anchors), scores])
    reasons = family_reasons(withheld_reasons(weights, structure, matrix.periods), ["one"] * len(matrix.bodies))
    draws = None
    if np.any(errors > 0) and (np.any(weights.area_known)):
        draws = sampling_draws(
            values, errors, anchors, structure, matrix.bodies, applicable=matrix.applicable, draws=DRAWS
        )
    ranked = None
    members = np.flatnonzero([reason is None for reason in reasons])
    if with_ranks and draws is not None and len(members) >= MIN_FAMILY_TO_RANK:
        ranked = _ranked(matrix, made, draws, anchors, structure, members, values)
    return FamilyScores(
        matrix=matrix,
        structure=structure,
        scores=scores,
        weights=weights,
        made=made,
        covered=coverage(known, structure, matrix.applicable),
        bounds=bounds(np.fmin.reduce(edges), np.fmax.reduce(edges), structure, matrix.applicable),
        draws=draws,
        reasons=reasons,
        ranked=ranked,
    )


def _shrunk(values: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Measures whose units are many and small are drawn towards the family's mean."""
    moved, widths = values.copy(), errors.copy()
    for column in range(values.shape[1]):
        finite = np.where(np.isfinite(values[:, column]), values[:, column], np.nan)
        widths_in = np.nan_to_num(errors[:, column])
        if is_called_for(finite, widths_in):
            found = shrink(finite, widths_in)
            usable = np.isfinite(finite)
            moved[usable, column], widths[usable, column] = found.values[usable], found.errors[usable]
    return moved, widths


def _ranked(  # noqa: PLR0917 - what a rank is made of
    matrix: Matrix,
    made: Assembled,
    draws: SamplingDraws,
    anchors: FloatArray,
    structure: Structure,
    members: IntArray,
    values: FloatArray,
) -> Ranked:
    points, drawn = made.index[members], draws.index[members]
    by_draw = ranks(drawn)
    low, high = rank_interval(by_draw)
    given = alternatives(values[members], anchors, structure, applicable=matrix.applicable[members])
    method_low, method_high = rank_interval(method_range(given))
    p_adjusted, differs = pairs_that_differ(points, drawn)
    by_unit, overall = rank_sensitivity(given)

    def spread(found: FloatArray) -> FloatArray:
        whole = np.full(len(matrix.bodies), np.nan)
        whole[members] = found
        return whole

    return Ranked(
        rank=spread(ranks(points)),
        low=spread(low),
        high=spread(high),
        method_low=spread(method_low),
        method_high=spread(method_high),
        p_top=spread(p_top_quartile(by_draw)),
        gaps=np.asarray(np.subtract.outer(points, points)),
        beats=p_beats(drawn),
        p_adjusted=p_adjusted,
        differs=differs,
        by_unit=by_unit,
        overall=overall,
        members=members,
    )
