"""The values that a release holds, and scores made of them anew: the same year, another one, other weights, other values.

Everything is computed from the released files alone. Does not belong here: questions (ask.py) or changes between releases
(release_changes.py).
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.scoring.bodies import Body, counted_measures, latest_year
from pipelines.scoring.catalogue import by_id, measures
from pipelines.scoring.family import FamilyScores, matrix_of, score_family, structure_of
from pipelines.scoring.rows import ValueRow
from sources.errors import UsageError

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
VALUES, SCORES = "measure_values.parquet", "scores.parquet"


@dataclass(frozen=True, slots=True)
class Held:
    """A release's values: rows by body and measure, and its bodies."""

    path: Path
    rows: dict[tuple[str, str], list[ValueRow]]
    bodies: dict[str, Body]
    is_sample: bool


def rows_of(con: duckdb.DuckDBPyConnection, path: Path, where: str = "true", values: tuple[Any, ...] = ()) -> list[Row]:
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
    for row in rows_of(con, release / VALUES, "breakdown = ''"):
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
