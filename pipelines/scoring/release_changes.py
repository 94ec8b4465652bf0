"""Why an index is another than the release before published: the waterfall between releases, and its rows of mart_score_changes.

Belongs here: putting what a release published beside what is known now. Does not belong here: the arithmetic (explain).
Rows of earlier releases are kept as they were, and a release that moves no index adds none: building it again gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.scoring.catalogue import Measure
from pipelines.scoring.changes import described, registered_reasons
from pipelines.scoring.explain.index_waterfall import release_waterfall
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.family import FamilyScores
from pipelines.scoring.released import SCORES, Held, index_of, load, rescored
from pipelines.scoring.tables import Row
from sources.errors import UsageError

if TYPE_CHECKING:
    import duckdb

    from pipelines.scoring.bodies import Body

CHANGES = "score_changes.parquet"
TOLERANCE = 1e-9


def release_change_rows(
    con: duckdb.DuckDBPyConnection,
    families: Mapping[str, list[FamilyScores]],
    chosen: Sequence[Measure],
    bodies: Mapping[str, Body],
    earlier: Path | None,
    *,
    is_sample: bool,
) -> list[Row]:
    """The waterfalls that `earlier` holds already, and one for every body whose latest index is not what `earlier` published.

    Each adds up to within 1e-9, or ArithmeticError is raised. A body without an index on both sides, or whose year in the
    earlier release is none of the two years scored now, has none.
    """
    if earlier is None or not (earlier / SCORES).is_file():
        return []
    rows = _kept(con, earlier / CHANGES)
    published = _published(con, earlier / SCORES)
    try:
        held = load(con, earlier, is_sample=is_sample)
    except UsageError:
        return rows
    reasons = registered_reasons(con)
    then_by_year: dict[tuple[str, date], FamilyScores] = {}
    for family, years in families.items():
        new = years[-1]
        for unit, entity in enumerate(new.matrix.bodies):
            if new.reasons[unit] is not None or entity not in published or entity not in held.bodies:
                continue
            label, year, index = published[entity]
            if year == new.matrix.year_end and abs(index - float(new.made.index[unit])) < TOLERANCE:
                continue
            restated = next((one for one in years if one.matrix.year_end == year), None)
            if restated is None:
                continue
            if (family, year) not in then_by_year:
                then_by_year[family, year] = rescored(held, held.bodies[entity], year=year)
            then = then_by_year[family, year]
            if any(index_of(one, bodies[entity]) is None for one in (then, restated)):
                continue
            change = release_waterfall(index, _of(then, entity), _of(restated, entity), _of(new, entity))
            # A release's version is worked out from what its lines changed, so no line of it can name it.
            to_label = f"the release after {earlier.name}"
            rows += described(
                "release",
                entity,
                f"{earlier.name} ({label})",
                to_label,
                change,
                chosen,
                bodies[entity].name,
                reasons,
                restated,
                new,
            )
    return rows


def _of(found: FamilyScores, entity: str) -> tuple[Any, Any, Any]:
    """Scores of the body's measures, which can be asked of it, and the tree they stand in."""
    unit = found.matrix.bodies.index(entity)
    return found.scores[unit], found.matrix.applicable[unit], found.structure


def since(
    held: Held, earlier: Held, body: Body, con: duckdb.DuckDBPyConnection
) -> tuple[Waterfall, str, FamilyScores, FamilyScores]:
    """The waterfall from what `earlier` published of the body to its latest index in `held`; what it published is called; and the
    scores on the data of `held` of the year published then, and of the latest.

    Raises UsageError where there is no index on one of the sides.
    """
    published = _published(con, earlier.path / SCORES)
    if body.id not in published or body.id not in earlier.bodies:
        raise UsageError(f"{earlier.path.name}: that release publishes no index of {body.id}")
    label, year, index = published[body.id]
    new, restated = rescored(held, body), rescored(held, body, year=year)
    then = rescored(earlier, earlier.bodies[body.id], year=year)
    if any(body.id not in one.matrix.bodies or index_of(one, body) is None for one in (then, restated, new)):
        raise UsageError(f"{body.id}: there is no index in one of the two, and so no change of it to explain")
    change = release_waterfall(index, _of(then, body.id), _of(restated, body.id), _of(new, body.id))
    return change, f"{earlier.path.name} ({label})", restated, new


def _published(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, tuple[str, date, float]]:
    """By body, the latest period with a published index: its label, its last day, and the index."""
    if not path.is_file():
        return {}
    found = con.execute(
        "SELECT entity_id, max(period_label), arg_max(score, period_label) FROM read_parquet(?) "
        "WHERE score_level = 'index' AND score IS NOT NULL GROUP BY entity_id ORDER BY entity_id",
        [str(path)],
    ).fetchall()
    return {entity: (label, date(int(label[:4]) + 1, 3, 31), float(score)) for entity, label, score in found}


def _kept(con: duckdb.DuckDBPyConnection, path: Path) -> list[Row]:
    if not path.is_file():
        return []
    found = con.execute("SELECT * FROM read_parquet(?) WHERE change_kind = 'release' ORDER BY ALL", [str(path)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
