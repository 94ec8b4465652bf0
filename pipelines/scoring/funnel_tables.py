"""Funnels of the families whose units report shares, as rows of mart_funnels. The limits themselves are in funnel."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.funnel import LIMIT_998, funnel, limits
from pipelines.scoring.tables import Row

if TYPE_CHECKING:
    import duckdb

MIN_UNITS = 10
"""Fewer make no funnel: a family's own variety could not be told from its outliers."""


def funnel_rows(con: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> list[Row]:
    """One row a unit and period of in_shares, of families with ten units or more in it."""
    found = con.execute(
        "SELECT share_of, family, period_end, entity_id, n, events FROM in_shares WHERE events BETWEEN 0 AND n ORDER BY ALL"
    ).fetchall()
    rows: list[Row] = []
    for (share_of, family, end), group in groupby(found, key=lambda row: row[:3]):
        own = list(group)
        if len(own) < MIN_UNITS:
            continue
        n, events = (np.array([row[at] for row in own], dtype=np.float64) for at in (4, 5))
        made, raw = funnel(events, n), funnel(events, n, overdispersed=False)
        low, high = limits(made.centre, n, LIMIT_998, made.tau2)
        rows += [
            {
                "share_of": share_of,
                "compare_family": family,
                "period_end": end,
                "entity_id": row[3],
                "entity_name": names.get(row[3], row[3]),
                "observation_count": round(n[at]),
                "event_count": round(events[at]),
                "event_share": float(events[at] / n[at]),
                "family_share": made.centre,
                "overdispersion": made.tau2,
                "limit_low": float(low[at]),
                "limit_high": float(high[at]),
                "deviations": float(made.z[at]),
                "deviations_raw": float(raw.z[at]),
                "is_outside": bool(abs(made.z[at]) > LIMIT_998),
                "unit_count": len(own),
            }
            for at, row in enumerate(own)
        ]
    return rows
