"""Scores, comparisons and sensitivity of the families as rows of their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.catalogue import METHOD_VERSION, Measure
from pipelines.scoring.composite.colours import colours
from pipelines.scoring.composite.coverage import known_shares
from pipelines.scoring.family import FamilyScores
from pipelines.scoring.measure_tables import is_project_anchor
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.tables import Row, number, whole
from pipelines.scoring.uncertainty.method_range import FACTORS

if TYPE_CHECKING:
    from pipelines.scoring.bodies import Body

LEVELS = ("area", "pillar", "index")


def period_of(found: FamilyScores) -> str:
    """Name of the year scored."""
    return ValueRow("", found.matrix.year_end, None).period_label


def score_rows(
    families: Mapping[str, list[FamilyScores]], chosen: Sequence[Measure], bodies: Mapping[str, Body]
) -> list[Row]:
    """One row a body, year and level, withheld scores with their reason and their bounds.

    A family of which no area of any body is known has nothing but reasons to show, and is left out.
    """
    return [
        row
        for years in families.values()
        if any(found.weights.area_known.any() for found in years)
        for found in years
        for unit in range(len(found.matrix.bodies))
        for row in _unit_rows(found, unit, chosen, bodies)
    ]


def _unit_rows(found: FamilyScores, unit: int, chosen: Sequence[Measure], bodies: Mapping[str, Body]) -> list[Row]:
    tree, body = found.structure, bodies[found.matrix.bodies[unit]]
    by_id = {one.id: one for one in chosen}
    pillar_of_measure = [tree.pillars[tree.pillar_of[area]] for area in tree.area_of]
    area_of_measure = [tree.areas[area] for area in tree.area_of]
    shares = known_shares(~np.isnan(found.matrix.errors), found.weights, tree)
    rows = []
    for level, items in (("area", tree.areas), ("pillar", tree.pillars), ("index", ("index",))):
        for at, item in enumerate(items):
            is_known = _known(found, level, unit, at)
            behind = {"area": area_of_measure, "pillar": pillar_of_measure}.get(level, ["index"] * len(tree.measures))
            inside = [
                column
                for column, name in enumerate(behind)
                if name == item and not np.isnan(found.scores[unit, column])
            ]
            used = [by_id[tree.measures[column]] for column in inside]
            reason = None if is_known else _reason(found, level, unit)
            score = number(_at(found.made, level, unit, at)) if is_known else None
            low, high = _interval(found, level, unit, at, inside) if is_known else (None, None)
            rows.append(
                {
                    "entity_id": body.id,
                    "entity_name": body.name,
                    "compare_family": body.family,
                    "period_label": period_of(found),
                    "score_level": level,
                    "score_item": item,
                    "score": score,
                    "coverage_share": number(_at(found.covered, level, unit, at)),
                    "bound_low": number(_at(found.bounds[0], level, unit, at)),
                    "bound_high": number(_at(found.bounds[1], level, unit, at)),
                    "interval_low": low,
                    "interval_high": high,
                    "error_known_share": number(_at(shares, level, unit, at)) if is_known else None,
                    "colour": _colour(score, low, high),
                    "is_project_anchor": any(is_project_anchor(one) for one in used),
                    "speaks_to_all": sorted({one.speaks_to for one in used}),
                    "stale_count": int((found.matrix.ages[unit, inside] > 0).sum()),
                    "withheld_reason": reason,
                    "method_version": METHOD_VERSION,
                    **(_ranks(found, unit) if level == "index" and is_known else {}),
                }
            )
    return rows


def _at(of: object, level: str, unit: int, at: int) -> float:
    table: FloatArray = getattr(of, {"area": "areas", "pillar": "pillars", "index": "index"}[level])
    return float(table[unit] if level == "index" else table[unit, at])


def _known(found: FamilyScores, level: str, unit: int, at: int) -> bool:
    if level == "index":
        return found.reasons[unit] is None
    return bool((found.weights.area_known if level == "area" else found.weights.pillar_known)[unit, at])


def _reason(found: FamilyScores, level: str, unit: int) -> str | None:
    return {"area": "too_few_measures", "pillar": "too_few_areas"}.get(level) or found.reasons[unit]


def _interval(
    found: FamilyScores, level: str, unit: int, at: int, inside: Sequence[int]
) -> tuple[float | None, float | None]:
    """The sampling interval, where any measure behind the score has a known error; without one there is none to show."""
    if found.draws is None or not np.any(np.nan_to_num(found.matrix.errors[unit, list(inside)]) > 0):
        return None, None
    table = {"area": found.draws.areas, "pillar": found.draws.pillars}.get(level)
    ends = found.draws.scores[:, unit] if table is None else table[:, unit, at]
    return number(ends[0]), number(ends[1])


def _colour(score: float | None, low: float | None, high: float | None) -> str | None:
    if score is None:
        return None
    if low is None or high is None:
        return colours(np.array([score]))[0]
    return colours(np.array([score]), np.array([low]), np.array([high]))[0]


def _ranks(found: FamilyScores, unit: int) -> Row:
    if found.ranked is None:
        return {}
    return {
        "rank": whole(found.ranked.rank[unit]),
        "rank_low": whole(found.ranked.low[unit]),
        "rank_high": whole(found.ranked.high[unit]),
        "method_rank_low": whole(found.ranked.method_low[unit]),
        "method_rank_high": whole(found.ranked.method_high[unit]),
        "p_top_quartile": number(found.ranked.p_top[unit]),
    }


def comparison_rows(families: Mapping[str, list[FamilyScores]]) -> list[Row]:
    """Each pair of bodies with a published index once, by id."""
    rows: list[Row] = []
    for family, years in families.items():
        for found in years:
            if found.ranked is None:
                continue
            names = [found.matrix.bodies[unit] for unit in found.ranked.members]
            for a in range(len(names)):
                rows.extend(
                    {
                        "compare_family": family,
                        "period_label": period_of(found),
                        "entity_id": names[a],
                        "other_entity_id": names[b],
                        "score_gap": number(found.ranked.gaps[a, b]),
                        "p_beats": number(found.ranked.beats[a, b]),
                        "p_adjusted": number(found.ranked.p_adjusted[a, b]),
                        "is_different": bool(found.ranked.differs[a, b]),
                    }
                    for b in range(len(names))
                    if names[a] < names[b]
                )
    return rows


def sensitivity_rows(families: Mapping[str, list[FamilyScores]]) -> list[Row]:
    """Each choice of method, for each body's rank and, without an entity, for the mean shift of all ranks."""
    rows: list[Row] = []
    for family, years in families.items():
        for found in years:
            if found.ranked is None:
                continue
            base = {"compare_family": family, "period_label": period_of(found)}
            names = [found.matrix.bodies[unit] for unit in found.ranked.members]
            for place, choice in enumerate(FACTORS):
                rows.append(
                    {
                        **base,
                        "choice": choice,
                        "entity_id": "",
                        "first_order": number(float(found.ranked.overall.first[place])),
                        "total_order": number(float(found.ranked.overall.total[place])),
                    }
                )
                rows.extend(
                    {
                        **base,
                        "choice": choice,
                        "entity_id": name,
                        "first_order": number(found.ranked.by_unit.first[place, unit]),
                        "total_order": number(found.ranked.by_unit.total[place, unit]),
                    }
                    for unit, name in enumerate(names)
                )
    return rows
