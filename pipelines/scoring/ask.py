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
from pipelines.scoring.catalogue import by_id, measures
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


ONLY_SHOWN = frozenset({"service", "survey_unit", "country"})
"""Families whose members have values and no scores: named in full, they can be asked about."""


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
    words = asked.lower()
    near = [one for one in held.bodies.values() if words in one.id or words in one.name.lower()]
    near = [one for one in near if one.family not in ONLY_SHOWN] or near
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
        if by_id()[measure].applies_to and held.bodies[body.id].kind not in by_id()[measure].applies_to:
            raise UsageError(
                f"--what-if {measure}: is asked of {', '.join(by_id()[measure].applies_to)} only, not of {body.id}"
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
    names = {one.id: one.name for one in measures()} | PILLAR_NAMES
    if earlier is not None:
        from pipelines.scoring.release_changes import since  # noqa: PLC0415 - it asks releases through this module

        change, label, new = since(held, load(con, earlier, is_sample=held.is_sample), body, con)
        return change, label, ValueRow("", new.matrix.year_end, None).period_label, in_words(change, names)
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
