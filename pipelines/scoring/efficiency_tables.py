"""Frontiers, productivity and real unit costs as rows of mart_efficiency. Shown where there are comparable units; else the reason.

Does not belong here: the formulas (efficiency) and the measures made of them (frontiers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.efficiency.dea import CRS, VRS, input_efficiency, is_large_enough
from pipelines.scoring.efficiency.malmquist import malmquist
from pipelines.scoring.efficiency.stochastic import MIN_UNITS, stochastic_efficiency
from pipelines.scoring.frontiers import (
    INPUTS,
    NO_MEASURE,
    OUTPUTS,
    families,
    in_both,
    productivity_series,
    too_few,
)
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.tables import Row, number
from published.reports.value_words import Z90

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from pipelines.scoring.bodies import Body

UNIT_COSTS = """
WITH own AS (
    SELECT entity_id, activity, fy_end(period_end) AS y, sum(volume * unit_cost) / sum(volume) * factor AS cost,
           sum(volume)::BIGINT AS volume, bool_or(unit IS NULL) AS is_guess
    FROM in_unit_costs JOIN ref_deflator ON financial_year = fy_label(period_end)
    WHERE volume > 0 AND unit_cost IS NOT NULL GROUP BY entity_id, activity, fy_end(period_end), factor
)
SELECT entity_id, y, activity, cost, CASE WHEN count(*) OVER w >= 3 THEN median(cost) OVER w END,  volume, is_guess, count(*) OVER w
FROM own JOIN in_bodies USING (entity_id) WINDOW w AS (PARTITION BY family, activity, y) ORDER BY ALL
"""
GUESSED = "kind guessed from the service's name, not like for like"


def efficiency_rows(
    con: duckdb.DuckDBPyConnection, bodies: Mapping[str, Body], corrected: Sequence[ValueRow]
) -> list[Row]:
    """Every figure of efficiency; `corrected` are the rows of I9, whose bootstrap is not run twice."""
    rows = [*_frontiers(con), *_changes(con), *_productivity(con), *_unit_costs(con)]
    for row in corrected:
        low, high = (
            (None, None)
            if row.value is None or row.se is None
            else (row.value - Z90 * row.se, row.value + Z90 * row.se)
        )
        rows.append(
            _row(
                row.entity_id,
                row.period_end,
                "theta_corrected",
                row.value,
                n=row.n,
                reason=row.reason,
                ends=(low, high),
            )
        )
    return [
        {**row, "entity_name": bodies[row["entity_id"]].name, "compare_family": bodies[row["entity_id"]].family}
        for row in rows
        if row["entity_id"] in bodies
    ]


def _row(
    entity: str,
    end: date,
    kind: str,
    value: float | None,
    *,
    breakdown: str = "",
    n: int | None = None,
    ends: tuple[float | None, float | None] = (None, None),
    peer: float | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Row:
    return {
        "entity_id": entity,
        "period_label": ValueRow(entity, end, None).period_label,
        "efficiency_kind": kind,
        "breakdown": breakdown,
        "value": number(value),
        "value_low": None if ends[0] is None else max(0.0, ends[0]),
        "value_high": None if ends[1] is None else min(1.0, ends[1]),
        "peer_value": number(peer),
        "observation_count": n,
        "status_reason": reason,
        "value_note": note,
    }


def _frontiers(con: duckdb.DuckDBPyConnection) -> list[Row]:
    rows: list[Row] = []
    for (_, year), (members, table) in families(con).items():
        enough = is_large_enough(len(members), INPUTS, OUTPUTS)
        x, y = table[:, :INPUTS], table[:, INPUTS:]
        for kind, returns in (("theta_crs", CRS), ("theta_vrs", VRS)):
            theta = input_efficiency(x, y, returns) if enough else np.full(len(members), np.nan)
            reason = None if enough else too_few(len(members))
            rows += [
                _row(one, year, kind, float(theta[at]), n=len(members), reason=reason) for at, one in enumerate(members)
            ]
        if len(members) >= MIN_UNITS and np.all(table > 0):
            found = stochastic_efficiency(x, y)
            rows += [
                _row(one, year, "theta_stochastic", float(found[at]), n=len(members)) for at, one in enumerate(members)
            ]
    return rows


def _changes(con: duckdb.DuckDBPyConnection) -> list[Row]:
    rows: list[Row] = []
    for year, both, old, new in in_both(families(con)):
        change = malmquist(old[:, :INPUTS], old[:, INPUTS:], new[:, :INPUTS], new[:, INPUTS:])
        for kind, values in (
            ("catch_up", change.catch_up),
            ("frontier_shift", change.frontier_shift),
            ("malmquist", change.index),
        ):
            rows += [
                _row(
                    one,
                    year,
                    kind,
                    float(values[at]),
                    n=len(both),
                    reason=None if np.isfinite(values[at]) else NO_MEASURE,
                )
                for at, one in enumerate(both)
            ]
    return rows


def _productivity(con: duckdb.DuckDBPyConnection) -> list[Row]:
    return [
        _row(series.entity_id, year, kind, float(values[at]))
        for series in productivity_series(con)
        for kind, values in (
            ("output_volume", series.output),
            ("quality_adjusted_output", series.adjusted),
            ("input_volume", series.inputs),
            ("productivity", series.productivity),
        )
        for at, year in enumerate(series.years)
    ]


def _unit_costs(con: duckdb.DuckDBPyConnection) -> list[Row]:
    return [
        _row(
            entity,
            year,
            "unit_cost",
            cost,
            breakdown=activity,
            n=volume,
            peer=peer,
            reason=None
            if peer is not None
            else f"{units} in the family with this activity, three are needed for a median peer",
            note=GUESSED if is_guess else None,
        )
        for entity, year, activity, cost, peer, volume, is_guess, units in con.execute(UNIT_COSTS).fetchall()
    ]
