"""Questions to a release: a scorecard, why an index changed, what other weights or values would make of it.

Everything is computed from the released files alone, so that whoever holds them can reproduce it. Does not belong here:
the words of the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scoring.bodies import Body
from pipelines.scoring.catalogue import measures
from pipelines.scoring.changes import PILLAR_NAMES
from pipelines.scoring.explain.index_waterfall import index_waterfall
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.explain.words import in_words
from pipelines.scoring.release_changes import since
from pipelines.scoring.released import SCORES, VALUES, Held, Row, index_of, load, rescored, rows_of
from pipelines.scoring.rows import ValueRow
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


def explained(
    held: Held, body: Body, earlier: Path | None, con: duckdb.DuckDBPyConnection
) -> tuple[Waterfall, str, str, str]:
    """The index against the year before, or against what an earlier release published; with both labels and a sentence.

    Raises UsageError where there is no index on one of the sides.
    """
    names = {one.id: one.name for one in measures()} | PILLAR_NAMES
    if earlier is not None:
        change, label, new = since(held, load(con, earlier, is_sample=held.is_sample), body, con)
        year = ValueRow("", new.matrix.year_end, None).period_label
        return change, label, f"{held.path.name} ({year})", in_words(change, names)
    new = rescored(held, body)
    before = new.matrix.year_end.replace(year=new.matrix.year_end.year - 1)
    old = rescored(held, body, year=before)
    if any(body.id not in one.matrix.bodies or index_of(one, body) is None for one in (old, new)):
        raise UsageError(f"{body.id}: there is no index in one of the two, and so no change of it to explain")
    unit, was = new.matrix.bodies.index(body.id), old.matrix.bodies.index(body.id)
    then = float(old.made.index[was])
    change = index_waterfall(
        published=then,
        revised=then,
        restated=old.scores[was],
        new=new.scores[unit],
        structure=new.structure,
        applicable=new.matrix.applicable[unit],
    )
    labels = [ValueRow("", one.matrix.year_end, None).period_label for one in (old, new)]
    return change, labels[0], labels[1], in_words(change, names)


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
