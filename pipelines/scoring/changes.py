"""Why an index changed: between the two years scored, and since the release before. As rows of mart_score_changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scoring.catalogue import METHOD_VERSION, Measure
from pipelines.scoring.explain.index_waterfall import index_waterfall
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.explain.words import in_words
from pipelines.scoring.family import FamilyScores
from pipelines.scoring.measure_tables import sources_of
from pipelines.scoring.score_tables import period_of
from pipelines.scoring.tables import Row

if TYPE_CHECKING:
    import duckdb

SCORES_FILE = "scores.parquet"
PILLAR_NAMES = {"P1": "pursuing goals", "P2": "managing inputs", "P3": "engaging users", "P4": "system capacity"}


def earlier_indices(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> dict[tuple[str, str], tuple[float, str]]:
    """Published indices of an earlier release by body and period, with the version of its method. Empty without one."""
    file = earlier / SCORES_FILE if earlier is not None else None
    if file is None or not file.is_file():
        return {}
    found = con.execute(
        "SELECT entity_id, period_label, score, method_version FROM read_parquet(?) WHERE score_level = 'index' AND score IS NOT NULL",
        [str(file)],
    ).fetchall()
    return {(row[0], row[1]): (row[2], row[3]) for row in found}


def change_rows(
    con: duckdb.DuckDBPyConnection,
    families: Mapping[str, list[FamilyScores]],
    chosen: Sequence[Measure],
    names: Mapping[str, str],
    earlier: Path | None,
) -> list[Row]:
    """A waterfall for every body with an index in both years, and for every one whose index the release before published.

    Each adds up to within 1e-9, or ArithmeticError is raised.
    """
    reasons = con.execute(
        "SELECT reason_id, outcome_dataset_id, entity_id, reason_start, reason_end FROM core_reasons ORDER BY reason_id"
    ).fetchall()
    published = earlier_indices(con, earlier)
    before_release = earlier.name if earlier is not None else ""
    rows: list[Row] = []
    for years in families.values():
        old, new = years[0], years[-1]
        for unit, body in enumerate(new.matrix.bodies):
            if new.reasons[unit] is not None:
                continue
            if old.reasons[unit] is None:
                index = float(old.made.index[unit])
                change = index_waterfall(
                    published=index,
                    revised=index,
                    restated=old.scores[unit],
                    new=new.scores[unit],
                    structure=new.structure,
                )
                rows += _rows("period", body, period_of(old), period_of(new), change, chosen, names, reasons, old, new)
            for found in years:
                then = published.get((body, period_of(found)))
                if then is None or found.reasons[unit] is not None:
                    continue
                now = float(found.made.index[unit])
                # The method of then is not run again: where its version differs, the whole difference is the method's.
                revised = now if then[1] == METHOD_VERSION else then[0]
                change = index_waterfall(
                    published=then[0],
                    revised=revised,
                    restated=found.scores[unit],
                    new=found.scores[unit],
                    structure=found.structure,
                )
                label = f"{before_release} ({period_of(found)})"
                rows += _rows(
                    "release",
                    body,
                    label,
                    f"this release ({period_of(found)})",
                    change,
                    chosen,
                    names,
                    reasons,
                    found,
                    found,
                )
    return rows


def _rows(  # noqa: PLR0913, PLR0917 - what a change is told by
    kind: str,
    body: str,
    from_label: str,
    to_label: str,
    change: Waterfall,
    chosen: Sequence[Measure],
    names: Mapping[str, str],
    reasons: Sequence[tuple[str, str | None, str | None, date | None, date | None]],
    old: FamilyScores,
    new: FamilyScores,
) -> list[Row]:
    called = {one.id: one.name for one in chosen} | PILLAR_NAMES
    sources = {one.id: sources_of(one) for one in chosen}
    words = in_words(change, called)
    return [
        {
            "change_kind": kind,
            "entity_id": body,
            "entity_name": names.get(body, body),
            "from_label": from_label,
            "to_label": to_label,
            "stage": step.stage,
            "change_item": step.item,
            "change_points": step.amount,
            "score_from": change.start,
            "score_to": change.end,
            "change_words": words,
            "change_reasons": json.dumps(
                [
                    reason
                    for reason, dataset, entity, start, end in reasons
                    if f"outcomes:{dataset}" in sources.get(step.item, [])
                    and entity in {None, body}
                    and (start is None or start <= new.matrix.year_end)
                    and (end is None or end > old.matrix.year_end.replace(year=old.matrix.year_end.year - 1))
                ]
            ),
            "method_version": METHOD_VERSION,
        }
        for step in change.steps
    ]
