"""Measures C1 and S3: waiting times with months that are still awaited, and outcomes against what was to be expected."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.ratios import MIN_EVENTS, byar
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.survival import kaplan_meier_median

if TYPE_CHECKING:
    import duckdb

Z95 = 1.959963984540054


def publication_lag(con: duckdb.DuckDBPyConnection, as_of: date) -> list[ValueRow]:
    """C1: median days from month end to publication by body and year. A month published on a day not known is left out."""
    found = con.execute(
        "SELECT entity_id, fy_end(due_month), last_day(due_month), published_date FROM in_calendar "
        "WHERE published_date IS NOT NULL OR NOT is_published ORDER BY ALL"
    ).fetchall()
    rows: list[ValueRow] = []
    for (entity, year), months in groupby(found, key=lambda row: row[:2]):
        own = [(end, day) for _, _, end, day in months if end <= as_of]
        if not own:
            continue
        days = np.array([((day or as_of) - end) / timedelta(days=1) for end, day in own])
        seen = np.array([day is not None for _, day in own])
        median = kaplan_meier_median(np.maximum(days, 0.0), seen)
        if not np.isfinite(median.value):
            rows.append(ValueRow(entity, year, None, n=len(own), reason="fewer than half of the months are published"))
            continue
        width = (median.high - median.low) / (2 * Z95)
        rows.append(ValueRow(entity, year, median.value, se=width if np.isfinite(width) else None, n=len(own)))
    return rows


def providers_compared(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """S3: observed over expected events by body, year and sector; expected at the rates of all sectors in each stratum."""
    found = con.execute(
        """
        WITH strata AS (
            SELECT entity_id, fy_end(period_end) AS y, sector, stratum, sum(cases) AS cases, sum(events) AS events, bool_or(is_guess) AS is_guess
            FROM in_providers WHERE cases > 0 AND events IS NOT NULL GROUP BY ALL
        ), rates AS (
            SELECT *, sum(events) OVER (PARTITION BY entity_id, y, stratum) / sum(cases) OVER (PARTITION BY entity_id, y, stratum) AS rate
            FROM strata
        )
        SELECT entity_id, y, sector, sum(events), sum(cases * rate), bool_or(is_guess) FROM rates GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    rows: list[ValueRow] = []
    for entity, year, sector, observed, expected, is_guess in found:
        if observed < MIN_EVENTS or expected <= 0:
            reason = f"fewer than {MIN_EVENTS} events"
            rows.append(ValueRow(entity, year, None, n=int(observed), reason=reason, breakdown=sector))
            continue
        ratio, low, high = (float(part) for part in byar(observed, expected))
        note = f"95% interval {low:.2f} to {high:.2f}{'; sector guessed from names' if is_guess else ''}"
        width = (high - low) / (2 * Z95)
        rows.append(ValueRow(entity, year, ratio, se=width, n=int(observed), note=note, breakdown=sector))
    return rows
