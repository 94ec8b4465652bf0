"""Why an index changed between the two years scored, as rows of mart_score_changes. Between releases: release_changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines.scoring.catalogue import METHOD_VERSION, Measure
from pipelines.scoring.explain.index_waterfall import index_waterfall
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.explain.words import in_words
from pipelines.scoring.family import FamilyScores
from pipelines.scoring.measure_tables import sources_of
from pipelines.scoring.score_tables import period_of
from pipelines.scoring.tables import Row
from published.reports.words import PILLARS

if TYPE_CHECKING:
    import duckdb

PILLAR_NAMES = {pillar: name.lower() for pillar, name in PILLARS.items()}


def change_rows(
    con: duckdb.DuckDBPyConnection,
    families: Mapping[str, list[FamilyScores]],
    chosen: Sequence[Measure],
    names: Mapping[str, str],
) -> list[Row]:
    """A waterfall for every body with an index in both years. Each adds up to within 1e-9, or ArithmeticError is raised."""
    reasons = registered_reasons(con)
    rows: list[Row] = []
    for years in families.values():
        old, new = years[0], years[-1]
        for unit, body in enumerate(new.matrix.bodies):
            if new.reasons[unit] is not None:
                continue
            if old.reasons[unit] is None:
                rows += described(
                    "period",
                    body,
                    period_of(old),
                    period_of(new),
                    year_change(old, new, body),
                    chosen,
                    names.get(body, body),
                    reasons,
                    old,
                    new,
                )
    return rows


def year_change(old: FamilyScores, new: FamilyScores, body: str) -> Waterfall:
    """From a body's index of one year to that of a later one on the same data; both years have to have one."""
    was, unit = old.matrix.bodies.index(body), new.matrix.bodies.index(body)
    index = float(old.made.index[was])
    return index_waterfall(
        published=index,
        revised=index,
        restated=old.scores[was],
        new=new.scores[unit],
        structure=new.structure,
        applicable=new.matrix.applicable[unit],
    )


Reason = tuple[str, str | None, str | None, date | None, date | None]


def registered_reasons(con: duckdb.DuckDBPyConnection) -> list[Reason]:
    """Id, outcome dataset, entity, first and last day of every registered reason."""
    return con.execute(
        "SELECT reason_id, outcome_dataset_id, entity_id, reason_start, reason_end FROM core_reasons ORDER BY reason_id"
    ).fetchall()


def touching(sources: Sequence[str], reasons: Sequence[Reason], body: str, old_year: date, new_year: date) -> list[str]:
    """Ids of the reasons that are about one of these data, and this body or none in particular, in the two years."""
    return [
        reason
        for reason, dataset, entity, start, end in reasons
        if f"outcomes:{dataset}" in sources
        and entity in {None, body}
        and (start is None or start <= new_year)
        and (end is None or end > old_year.replace(year=old_year.year - 1))
    ]


def described(  # noqa: PLR0917 - what a change is told by
    kind: str,
    body: str,
    from_label: str,
    to_label: str,
    change: Waterfall,
    chosen: Sequence[Measure],
    name: str,
    reasons: Sequence[Reason],
    old: FamilyScores,
    new: FamilyScores,
) -> list[Row]:
    """One row a step of a waterfall, with the whole in words and the reasons that touch the step's data in the time."""
    called = {one.id: one.name for one in chosen} | PILLAR_NAMES
    sources = {one.id: sources_of(one) for one in chosen}
    words = in_words(change, called)
    return [
        {
            "change_kind": kind,
            "entity_id": body,
            "entity_name": name,
            "from_label": from_label,
            "to_label": to_label,
            "stage": step.stage,
            "change_item": step.item,
            "change_points": step.amount,
            "score_from": change.start,
            "score_to": change.end,
            "change_words": words,
            "change_reasons": json.dumps(
                touching(sources.get(step.item, []), reasons, body, old.matrix.year_end, new.matrix.year_end)
            ),
            "method_version": METHOD_VERSION,
        }
        for step in change.steps
    ]
