"""The draws of one family as a JSON file beside its scorecards, for a page that works an index out with other weights.

Belongs here: the file's shape. Does not belong here: which draws there are (the dataset score_draws holds the same).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER = "draws"
FORMULA = "index = exp(sum(w ln(1 + 0.99 pillar)) / sum(w)); pillar = sum(w area) / sum(w)"


def write_draws(con: DuckDBPyConnection, out: Path) -> list[str]:
    """Writes out/draws/<family>.json for each family with a published index; the families' names.

    `{family, period, formula, weights: {item: w}, bodies: [{id, name, score, draws, pillars: {P1: {score, draws, areas:
    {"1.1": {score, draws}}}}}]}`. `draws` is null where no error of measurement is known: each draw is then the score.
    """
    families: dict[str, dict[str, Any]] = {}
    for family, period in con.execute(
        "SELECT DISTINCT compare_family, period_label FROM mart_score_draws WHERE score_level = 'index' ORDER BY ALL"
    ).fetchall():
        families[family] = {"family": family, "period": period, "formula": FORMULA, "weights": {}, "bodies": []}
    bodies: dict[str, dict[str, Any]] = {}
    rows = con.execute(
        "SELECT compare_family, entity_id, entity_name, score_level, score_item, score_parent, score_weight, score, score_draws "
        "FROM mart_score_draws ORDER BY entity_id, CASE score_level WHEN 'index' THEN 0 WHEN 'pillar' THEN 1 ELSE 2 END, score_item"
    ).fetchall()
    for family, entity, name, level, item, parent, weight, score, draws in rows:
        if family not in families or (level != "index" and entity not in bodies):
            continue
        held = {"score": score, "draws": json.loads(draws) if draws else None}
        if level == "index":
            bodies[entity] = {"id": entity, "name": name, **held, "pillars": {}}
            families[family]["bodies"].append(bodies[entity])
            continue
        families[family]["weights"][item] = weight
        pillars = bodies[entity]["pillars"]
        if level == "pillar":
            pillars[item] = {**held, "areas": {}}
        elif parent in pillars:
            pillars[parent]["areas"][item] = held
    for family, made in families.items():
        path = out / FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', family.lower()).strip('-')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return list(families)
