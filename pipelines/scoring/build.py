"""Warehouse -> measures, scores, trajectories, changes: `build_scores`, the stage between rules and release.

Belongs here: the order of the steps and which bodies and years are scored. Does not belong here: any formula.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.scoring import accounts, fill
from pipelines.scoring.bodies import Body, counted_measures, latest_year
from pipelines.scoring.catalogue import Measure, measures
from pipelines.scoring.changes import change_rows
from pipelines.scoring.draw_tables import draw_rows
from pipelines.scoring.efficiency_tables import efficiency_rows
from pipelines.scoring.family import FamilyScores, matrix_of, score_family, structure_of
from pipelines.scoring.funnel_tables import funnel_rows
from pipelines.scoring.measure_tables import catalogue_rows, coverage_rows, value_rows
from pipelines.scoring.promise_standings import Standing
from pipelines.scoring.promise_tables import coverage_by_horizon, forecast_rows, trajectory_rows
from pipelines.scoring.release_changes import release_change_rows
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.score_tables import comparison_rows, score_rows, sensitivity_rows
from pipelines.scoring.tables import write
from pipelines.scoring.values import compute_all

if TYPE_CHECKING:
    import duckdb

    from sources.registry import Registry

log = logging.getLogger(__name__)
ONLY_ITS_OWN = frozenset({"service", "survey_unit", "country"})
"""Kinds of entity that have values and are no bodies to be scored."""
MIN_FAMILY = 2


@dataclass(frozen=True, slots=True)
class Scored:
    """What a build made, for explanations: by family its years' scores, oldest first; and every value by measure."""

    families: dict[str, list[FamilyScores]]
    rows: dict[str, list[ValueRow]]
    bodies: dict[str, Body]


def build_scores(
    con: duckdb.DuckDBPyConnection,
    registry: Registry | None,  # noqa: ARG001 - part of the stage's contract; families come from core_publishers
    as_of: date,
    *,
    is_sample: bool = False,
    earlier: Path | None = None,
    weights: dict[str, float] | None = None,
) -> dict[str, int]:
    """Makes every mart of measures and scores anew; table name to number of rows.

    `earlier` is the folder of the release before, whose forecasts are kept and scored. With `is_sample`, measures without an open source are scored too, since the sample carries them all.
    """
    begun = time.perf_counter()
    (threads,) = con.execute("SELECT current_setting('threads')").fetchall()[0]
    con.execute("SET threads = 1")  # sums of floating-point numbers depend on their order, and threads on chance
    scored, now = score(con, as_of, is_sample=is_sample, weights=weights)
    chosen = measures()
    bodies = scored.bodies
    names = {body.id: body.name for body in bodies.values()}
    values = value_rows(chosen, scored.rows, bodies, scored.families, as_of, is_sample=is_sample)
    write(con, "mart_measures", catalogue_rows(chosen, scored.rows))
    write(con, "mart_measure_values", values)
    write(con, "mart_measure_coverage", coverage_rows(values))
    write(con, "mart_trajectories", trajectory_rows(now, names, scored.rows))
    write(con, "mart_forecasts", forecast_rows(con, now, as_of, earlier))
    write(con, "mart_forecast_coverage", coverage_by_horizon(con))
    write(con, "mart_scores", score_rows(scored.families, chosen, bodies))
    write(con, "mart_score_draws", draw_rows(scored.families, bodies))
    write(con, "mart_comparisons", comparison_rows(scored.families))
    write(con, "mart_sensitivity", sensitivity_rows(scored.families))
    changes = change_rows(con, scored.families, chosen, names)
    changes += release_change_rows(con, scored.families, chosen, bodies, earlier, is_sample=is_sample)
    write(con, "mart_score_changes", changes)
    write(con, "mart_funnels", funnel_rows(con, names))
    write(con, "mart_efficiency", efficiency_rows(con, bodies, scored.rows["I9"]))
    accounts.outcome_spending(con)
    accounts.flows(con)
    accounts.supplier_exposure(con)
    accounts.budget_reconciliation(con)
    con.execute(f"SET threads = {int(threads)}")
    log.info("scores: %.2f s", time.perf_counter() - begun)
    return {name: _count(con, name) for name in TABLES}


TABLES = (
    "mart_measures",
    "mart_measure_values",
    "mart_measure_coverage",
    "mart_trajectories",
    "mart_forecasts",
    "mart_forecast_coverage",
    "mart_scores",
    "mart_score_draws",
    "mart_comparisons",
    "mart_sensitivity",
    "mart_score_changes",
    "mart_funnels",
    "mart_efficiency",
    "mart_outcome_spending",
    "mart_flows",
    "mart_supplier_exposure",
    "mart_budget_reconciliation",
)


def score(
    con: duckdb.DuckDBPyConnection, as_of: date, *, is_sample: bool, weights: dict[str, float] | None = None
) -> tuple[Scored, list[Standing]]:
    """Values and scores of every family for its latest two years, without writing a table; and the promises as they stand."""
    fill.fill(con, as_of)
    found, now = compute_all(con, as_of)
    listed = con.execute("SELECT entity_id, entity_name, family, kind FROM in_bodies ORDER BY entity_id").fetchall()
    bodies = {row[0]: Body(*row) for row in listed}
    return Scored(families_of(found, bodies, measures(), is_sample=is_sample, weights=weights), found, bodies), now


def families_of(
    found: Mapping[str, list[ValueRow]],
    bodies: Mapping[str, Body],
    chosen: Sequence[Measure],
    *,
    is_sample: bool,
    weights: dict[str, float] | None = None,
) -> dict[str, list[FamilyScores]]:
    """By family, the scores of the latest year that any of its measures has a value of, and of the year before it."""
    counted = counted_measures(chosen, is_sample=is_sample)
    scorable = [one for one in chosen if one.is_scored]
    structure = structure_of(chosen, weights)
    by_body: dict[tuple[str, str], list[ValueRow]] = defaultdict(list)
    for measure, rows in found.items():
        for row in rows:
            if measure in counted and row.value is not None and row.breakdown is None:
                by_body[row.entity_id, measure].append(row)
    members: dict[str, list[Body]] = defaultdict(list)
    with_values = {body for body, _ in by_body}
    for body in bodies.values():
        if body.kind not in ONLY_ITS_OWN and body.family not in {"other", "unknown"} and body.id in with_values:
            members[body.family].append(body)
    families: dict[str, list[FamilyScores]] = {}
    for family, own in sorted(members.items()):
        if len(own) < MIN_FAMILY:
            continue
        ids = [(body.id, body.kind) for body in sorted(own, key=lambda body: body.id)]
        latest = latest_year({key: rows for key, rows in by_body.items() if key[0] in {body.id for body in own}})
        years = [latest.replace(year=latest.year - 1), latest]
        families[family] = [
            score_family(
                matrix_of(ids, scorable, by_body, year, counted), scorable, structure, with_ranks=year == latest
            )
            for year in years
        ]
    return families


def _count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    (found,) = con.execute(f"SELECT count(*) FROM {name}").fetchall()
    return int(found[0])
