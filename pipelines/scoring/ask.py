"""Questions to a release: a scorecard, why an index changed, what other weights or values would make of it.

Everything is computed from the released files alone, so that whoever holds them can reproduce it. Does not belong here:
the words of the command.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.scoring.build import Body, counted_measures, latest_year
from pipelines.scoring.catalogue import METHOD_VERSION, by_id, measures
from pipelines.scoring.changes import PILLAR_NAMES
from pipelines.scoring.explain.index_waterfall import index_waterfall
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.explain.words import in_words
from pipelines.scoring.family import FamilyScores, matrix_of, score_family, structure_of
from pipelines.scoring.rows import ValueRow
from sources.errors import UsageError

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
VALUES, SCORES, TRAJECTORIES = "measure_values.parquet", "scores.parquet", "trajectories.parquet"


@dataclass(frozen=True, slots=True)
class Held:
    """A release's values: rows by body and measure, and its bodies."""

    path: Path
    rows: dict[tuple[str, str], list[ValueRow]]
    bodies: dict[str, Body]
    is_sample: bool


def _rows(con: duckdb.DuckDBPyConnection, path: Path, where: str = "true", values: tuple[Any, ...] = ()) -> list[Row]:
    found = con.execute(f"SELECT * FROM read_parquet(?) WHERE {where}", [str(path), *values])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def load(con: duckdb.DuckDBPyConnection, release: Path, *, is_sample: bool) -> Held:
    """The values of a release. Raises UsageError where the folder holds none."""
    if not (release / VALUES).is_file():
        raise UsageError(f"{release}: holds no measures; run `publicvalue run` to make a release that does")
    rows: dict[tuple[str, str], list[ValueRow]] = defaultdict(list)
    bodies: dict[str, Body] = {}
    kinds: dict[str, str] = {}
    for row in _rows(con, release / VALUES, "breakdown = ''"):
        entity, measure = row["entity_id"], by_id().get(row["measure_id"])
        bodies.setdefault(entity, Body(entity, row["entity_name"], row["compare_family"], ""))
        if measure is None:
            continue
        if measure.applies_to and row["value_status"] != "not_applicable":
            kinds[entity] = measure.applies_to[0]
        if row["value_status"] == "ok" and row["period_end"] is not None:
            value = math.inf if row["is_unbounded"] else row["value"]
            held = ValueRow(
                entity,
                row["period_end"],
                value,
                row["value_se"],
                row["observation_count"],
                row["value_low"],
                row["value_high"],
            )
            rows[entity, measure.id].append(held)
    with_kinds = {one.id: dataclasses.replace(one, kind=kinds.get(one.id, "")) for one in bodies.values()}
    return Held(release, dict(rows), with_kinds, is_sample)


def body_of(held: Held, asked: str) -> Body:
    """The body of this id, or the one whose id or name holds the words. Raises UsageError with the nearest names."""
    if asked in held.bodies:
        return held.bodies[asked]
    near = [one for one in held.bodies.values() if asked.lower() in one.id or asked.lower() in one.name.lower()]
    if len(near) == 1:
        return near[0]
    names = ", ".join(sorted(one.id for one in near or held.bodies.values())[:8])
    raise UsageError(
        f"{asked}: {'several bodies are called so' if near else 'no such body'}; did you mean one of {names}?"
    )


def rescored(
    held: Held,
    body: Body,
    *,
    year: date | None = None,
    weights: dict[str, float] | None = None,
    what_if: dict[str, float] | None = None,
) -> FamilyScores:
    """The body's family in a year (its latest by default), with other weights or with other values of the body's measures.

    Raises UsageError for a measure that is not scored, or weights that the method refuses.
    """
    chosen = [one for one in measures() if one.is_scored]
    members = sorted(one.id for one in held.bodies.values() if one.family == body.family)
    counted = counted_measures(measures(), is_sample=held.is_sample)
    rows = {key: own for key, own in held.rows.items() if key[0] in set(members) and key[1] in counted}
    if not rows:
        raise UsageError(f"{body.id}: no body of its family has a value that is scored; `--json` shows what there is")
    at = year or latest_year(rows)
    for measure, value in (what_if or {}).items():
        if measure not in {one.id for one in chosen}:
            raise UsageError(
                f"--what-if {measure}: not a scored measure; there are {', '.join(one.id for one in chosen)}"
            )
        rows[body.id, measure] = [ValueRow(body.id, at, value)]
        counted |= {measure}
    kinds = [(one, held.bodies[one].kind) for one in members if any(key[0] == one for key in rows)]
    try:
        structure = structure_of(measures(), weights)
    except ValueError as wrong:
        raise UsageError(f"--weights: {wrong}") from wrong
    return score_family(matrix_of(kinds, chosen, rows, at, counted), chosen, structure, with_ranks=False)


def index_of(found: FamilyScores, body: Body) -> float | None:
    """The body's index, where it may be shown."""
    unit = found.matrix.bodies.index(body.id)
    return float(found.made.index[unit]) if found.reasons[unit] is None else None


def explained(
    held: Held, body: Body, earlier: Path | None, con: duckdb.DuckDBPyConnection
) -> tuple[Waterfall, str, str, str]:
    """The index against the year before, or against what an earlier release published; with both labels and a sentence.

    Raises UsageError where there is no index on one of the sides.
    """
    new = rescored(held, body)
    unit = new.matrix.bodies.index(body.id)
    before = new.matrix.year_end.replace(year=new.matrix.year_end.year - 1)
    label, published, revised = ValueRow("", before, None).period_label, None, None
    if earlier is not None:
        indices = [
            row
            for row in _rows(con, earlier / SCORES, "score_level = 'index' AND entity_id = ?", (body.id,))
            if row["score"] is not None
        ]
        if not indices:
            raise UsageError(f"{earlier.name}: that release publishes no index of {body.id}")
        last = max(indices, key=lambda row: str(row["period_label"]))
        before = date(int(last["period_label"][:4]) + 1, 3, 31)
        label, published = f"{earlier.name} ({last['period_label']})", float(last["score"])
        revised = None if last["method_version"] == METHOD_VERSION else published
    old = rescored(held, body, year=before)
    if body.id not in old.matrix.bodies or index_of(old, body) is None or index_of(new, body) is None:
        raise UsageError(f"{body.id}: there is no index in one of the two, and so no change of it to explain")
    then = float(old.made.index[old.matrix.bodies.index(body.id)])
    change = index_waterfall(
        published=then if published is None else published,
        revised=then if revised is None else revised,
        restated=old.scores[old.matrix.bodies.index(body.id)],
        new=new.scores[unit],
        structure=new.structure,
        applicable=new.matrix.applicable[unit],
    )
    names = {one.id: one.name for one in measures()} | PILLAR_NAMES
    return change, label, ValueRow("", new.matrix.year_end, None).period_label, in_words(change, names)


def scorecard(con: duckdb.DuckDBPyConnection, release: Path, body: Body) -> dict[str, list[Row]]:
    """What a release says of a body: its scores of the latest year, the newest row of each measure, its promises."""
    scores = _rows(con, release / SCORES, "entity_id = ?", (body.id,))
    latest = max((row["period_label"] for row in scores), default="")
    newest: dict[str, Row] = {}
    for row in _rows(con, release / VALUES, "entity_id = ? AND breakdown = ''", (body.id,)):
        kept = newest.get(row["measure_id"])
        if kept is None or str(row["period_end"]) >= str(kept["period_end"]):
            newest[row["measure_id"]] = row
    order = [one.id for one in measures()]
    return {
        "scores": [row for row in scores if row["period_label"] == latest],
        "measures": sorted(newest.values(), key=lambda row: order.index(row["measure_id"])),
        "trajectories": _rows(
            con, release / TRAJECTORIES, "outcome_publisher_id = ? OR entity_id = ?", (body.id, body.id)
        ),
    }
