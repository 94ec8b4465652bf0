"""Questions to a release: which body is meant, and what is said of it. Why its index changed is asked in why.py.

Everything is computed from the released files alone, so that whoever holds them can reproduce it. Does not belong here:
the words of the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scoring.bodies import Body
from pipelines.scoring.catalogue import measures
from pipelines.scoring.released import SCORES, VALUES, Held, Row, rows_of
from sources.errors import UsageError

if TYPE_CHECKING:
    import duckdb

TRAJECTORIES = "trajectories.parquet"
ONLY_SHOWN = frozenset({"service", "survey_unit", "country"})
"""Families whose members have values and no scores: named in full, they can be asked about."""


def body_of(held: Held, asked: str) -> Body:
    """The body of this id, or the one whose id or name holds the words. Raises UsageError with the nearest names."""
    if asked in held.bodies:
        return held.bodies[asked]
    words = asked.lower()
    near = [one for one in held.bodies.values() if words in one.id or words in one.name.lower()]
    near = [one for one in near if one.family not in ONLY_SHOWN] or near
    if len(near) == 1:
        return near[0]
    names = ", ".join(sorted(one.id for one in near or held.bodies.values())[:8])
    raise UsageError(
        f"{asked}: {'several bodies are called so' if near else 'no such body'}; did you mean one of {names}?"
    )


def scorecard(con: duckdb.DuckDBPyConnection, release: Path, body: Body) -> dict[str, list[Row]]:
    """What a release says of a body: its scores of the latest year, the newest row of each measure, its promises."""
    scores = rows_of(con, release / SCORES, "entity_id = ?", (body.id,))
    latest = max((row["period_label"] for row in scores), default="")
    newest: dict[str, Row] = {}
    for row in rows_of(con, release / VALUES, "entity_id = ? AND breakdown = ''", (body.id,)):
        kept = newest.get(row["measure_id"])
        if kept is None or str(row["period_end"]) >= str(kept["period_end"]):
            newest[row["measure_id"]] = row
    order = [one.id for one in measures()]
    return {
        "scores": [row for row in scores if row["period_label"] == latest],
        "measures": sorted(newest.values(), key=lambda row: order.index(row["measure_id"])),
        "trajectories": rows_of(
            con, release / TRAJECTORIES, "outcome_publisher_id = ? OR entity_id = ?", (body.id, body.id)
        ),
    }
