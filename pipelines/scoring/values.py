"""Values of all measures: runs each formula over the input tables, in SQL or in code, and gives rows of one shape.

Belongs here: which function computes which measure. Does not belong here: scores.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipelines.scoring.catalogue import Measure, measures
from pipelines.scoring.frontiers import frontier_efficiency, malmquist_change, productivity_growth
from pipelines.scoring.promise_measures import body_values
from pipelines.scoring.promise_standings import Standing, standings
from pipelines.scoring.promises import Points, Target, read_series, read_targets
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.standing import providers_compared, publication_lag
from pipelines.scoring.uncertain_shares import with_fragmentation_errors, with_mismatch_errors
from pipelines.scoring.variation import unwarranted_variation

if TYPE_CHECKING:
    import duckdb

OPTIONAL = ("value", "se", "n", "low", "high", "reason", "note", "breakdown", "label")
YEARS_OF_PROMISES = 3
NO_FIGURE = "nothing to divide by"
log = logging.getLogger(__name__)

Promised = dict[str, list[ValueRow]]


def promise_years(con: duckdb.DuckDBPyConnection) -> list[date]:
    """Ends of the last financial years in which a promised series has values, oldest first."""
    found = con.execute(
        "SELECT DISTINCT fy_end(period_end) FROM in_series ORDER BY 1 DESC LIMIT ?", [YEARS_OF_PROMISES]
    ).fetchall()
    return sorted(row[0] for row in found)


def promised(con: duckdb.DuckDBPyConnection, as_of: date) -> tuple[Promised, list[Standing]]:
    """G2 to G4 by body, and every promise as it stands at `as_of`."""
    targets: list[Target] = read_targets(con)
    series: dict[tuple[str, str], Points] = read_series(con)
    found = {end: standings(targets, series, end) for end in promise_years(con)}
    return body_values(found), standings(targets, series, as_of)


def compute(con: duckdb.DuckDBPyConnection, measure: Measure, as_of: date, from_promises: Promised) -> list[ValueRow]:
    """One measure's rows, in order of body, year and breakdown. A value is a finite number, infinity or None, never NaN."""
    code: dict[str, Callable[[], list[ValueRow]]] = {
        "G2": lambda: from_promises["G2"],
        "G3": lambda: from_promises["G3"],
        "G4": lambda: from_promises["G4"],
        "C1": lambda: publication_lag(con, as_of),
        "I7": lambda: unwarranted_variation(con),
        "I8": lambda: productivity_growth(con),
        "I9": lambda: frontier_efficiency(con),
        "I10": lambda: malmquist_change(con),
        "S3": lambda: providers_compared(con),
    }
    errors = {"I12": with_mismatch_errors, "S7": with_fragmentation_errors}
    rows = code[measure.id]() if measure.computed_by == "code" else _by_sql(con, measure)
    if measure.id in errors:
        rows = errors[measure.id](con, rows)
    rows = [
        replace(row, value=None, se=None, reason=row.reason or NO_FIGURE) if _is_nan(row.value) else row for row in rows
    ]
    if measure.error_kind == "complete_count":
        rows = [row if row.value is None else replace(row, se=0.0) for row in rows]
    return sorted(rows, key=lambda row: (row.entity_id, row.period_end, row.breakdown or ""))


def _is_nan(value: float | None) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _by_sql(con: duckdb.DuckDBPyConnection, measure: Measure) -> list[ValueRow]:
    found = con.execute(measure.sql or "")
    names = [column[0] for column in found.description]
    rows = []
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        given = {name: row.get(name) for name in OPTIONAL}
        if given["value"] is None and not given["reason"]:
            given["reason"] = NO_FIGURE
        if row["entity_id"] is not None and row["period_end"] is not None:
            rows.append(ValueRow(entity_id=row["entity_id"], period_end=row["period_end"], **given))
    return rows


def compute_all(con: duckdb.DuckDBPyConnection, as_of: date) -> tuple[dict[str, list[ValueRow]], list[Standing]]:
    """Every measure's rows by its id, and the promises as they stand. The input tables must be filled (fill.fill)."""
    begun = time.perf_counter()
    from_promises, now = promised(con, as_of)
    log.info("promises: %.2f s", time.perf_counter() - begun)
    found = {}
    for measure in measures():
        begun = time.perf_counter()
        found[measure.id] = compute(con, measure, as_of, from_promises)
        log.info("measure %s: %d rows, %.2f s", measure.id, len(found[measure.id]), time.perf_counter() - begun)
    return found, now
