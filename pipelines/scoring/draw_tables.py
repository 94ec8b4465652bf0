"""The draws behind the latest scores as rows of mart_score_draws: enough to work an index out anew with other weights.

Belongs here: which draws are shown, and of what. Does not belong here: drawing them (uncertainty.sampling).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.catalogue import METHOD_VERSION
from pipelines.scoring.family import FamilyScores
from pipelines.scoring.score_tables import LEVELS, period_of
from pipelines.scoring.tables import Row, number
from pipelines.scoring.uncertainty.sampling import PUBLISHED

if TYPE_CHECKING:
    from pipelines.scoring.bodies import Body

DECIMALS = 3


def draw_rows(families: Mapping[str, list[FamilyScores]], bodies: Mapping[str, Body]) -> list[Row]:
    """One row a body and item that has a score in its family's latest year; items that are withheld have none.

    Only items that count are given: an area that is known inside a pillar that is withheld is a row, and has a part in no
    index. The index is a row only where it may be published.
    """
    rows: list[Row] = []
    for years in families.values():
        found = years[-1]
        tree = found.structure
        known = {
            "area": found.weights.area_known,
            "pillar": found.weights.pillar_known,
            "index": np.array([[reason is None] for reason in found.reasons]),
        }
        points = {"area": found.made.areas, "pillar": found.made.pillars, "index": found.made.index[:, None]}
        items = {
            "area": [
                (area, tree.pillars[tree.pillar_of[at]], tree.area_weights[at]) for at, area in enumerate(tree.areas)
            ],
            "pillar": [(pillar, "index", tree.pillar_weights[at]) for at, pillar in enumerate(tree.pillars)],
            "index": [("index", "", 1.0)],
        }
        for unit, body_id in enumerate(found.matrix.bodies):
            rows += [
                {
                    "entity_id": body_id,
                    "entity_name": bodies[body_id].name,
                    "compare_family": bodies[body_id].family,
                    "period_label": period_of(found),
                    "score_level": level,
                    "score_item": item,
                    "score_parent": parent,
                    "score_weight": float(weight),
                    "score": number(float(points[level][unit, at])),
                    "score_draws": _as_text(_drawn(found, level, unit, at)),
                    "method_version": METHOD_VERSION,
                }
                for level in LEVELS
                for at, (item, parent, weight) in enumerate(items[level])
                if known[level][unit, at]
            ]
    return rows


def _drawn(found: FamilyScores, level: str, unit: int, at: int) -> FloatArray | None:
    if found.draws is None:
        return None
    if level == "index":
        return found.draws.index[unit, :PUBLISHED]
    table = found.draws.first_areas if level == "area" else found.draws.first_pillars
    return np.asarray(table[:, unit, at])


def _as_text(drawn: FloatArray | None) -> str | None:
    """Nothing where all draws are the same: no error is known, and 256 times one number says no more than the score."""
    if drawn is None or np.ptp(drawn) == 0:
        return None
    return json.dumps([round(float(one), DECIMALS) for one in drawn], separators=(",", ":"))
