"""Measures I8 to I10: productivity, frontier efficiency and its change, from input tables to rows of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.efficiency.bootstrap import bias_corrected
from pipelines.scoring.efficiency.dea import is_large_enough
from pipelines.scoring.efficiency.malmquist import malmquist
from pipelines.scoring.efficiency.productivity import (
    annual_growth_pct,
    chained_volume,
    productivity,
    quality_adjusted,
)
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertainty.draws import SEED, generator

if TYPE_CHECKING:
    from datetime import date

    import duckdb

REPEATS = 40
"""Of the bootstrap: a linear programme a body and repeat, and enough for a standard error."""
Z90 = 1.6448536269514722
GROWTH_YEARS = 3
INPUTS, OUTPUTS = 2, 2


def productivity_growth(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I8 by body and year: annualised growth of productivity over three years; needs four years of the same activities."""
    found = con.execute(
        "SELECT entity_id, fy_end(period_end) AS y, activity, quantity, unit_cost, quality, input_volume FROM in_productivity "
        "WHERE quantity IS NOT NULL AND unit_cost IS NOT NULL AND quality IS NOT NULL AND input_volume IS NOT NULL ORDER BY ALL"
    ).fetchall()
    rows: list[ValueRow] = []
    for entity in sorted({row[0] for row in found}):
        own = [row for row in found if row[0] == entity]
        years = sorted({row[1] for row in own})
        activities = sorted({row[2] for row in own})
        cell = {(row[1], row[2]): row[3:] for row in own}
        if any((year, activity) not in cell for year in years for activity in activities):
            continue  # an activity that comes or goes has no place in the chain
        table = np.array([[cell[year, activity] for activity in activities] for year in years])
        volume = chained_volume(table[..., 1], table[..., 0])
        quality = table[:, 0, 2] / table[0, 0, 2]
        index = productivity(quality_adjusted(volume, quality), 100.0 * table[:, 0, 3] / table[0, 0, 3])
        rows.extend(
            ValueRow(entity, years[at], annual_growth_pct(index[: at + 1], GROWTH_YEARS), n=GROWTH_YEARS + 1)
            for at in range(GROWTH_YEARS, len(years))
        )
    return rows


def _families(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], tuple[list[str], FloatArray]]:
    """By family and year: bodies in order, and their inputs and outputs (bodies, 4)."""
    found = con.execute(
        "SELECT family, fy_end(period_end), entity_id, input_1, input_2, output_1, output_2 FROM in_frontier "
        "JOIN in_bodies USING (entity_id) WHERE input_1 + input_2 > 0 AND output_1 + output_2 > 0 ORDER BY ALL"
    ).fetchall()
    keys = sorted({row[:2] for row in found})
    return {
        key: ([row[2] for row in found if row[:2] == key], np.array([row[3:] for row in found if row[:2] == key]))
        for key in keys
    }


def frontier_efficiency(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I9: theta with variable returns, less its bias, with the bootstrap's error. Families too small give a reason."""
    rows: list[ValueRow] = []
    for (family, year), (bodies, table) in _families(con).items():
        if not is_large_enough(len(bodies), INPUTS, OUTPUTS):
            reason = f"{len(bodies)} bodies are too few for a frontier of {INPUTS} inputs and {OUTPUTS} outputs"
            rows += [ValueRow(body, year, None, n=len(bodies), reason=reason) for body in bodies]
            continue
        dice = generator(SEED, "frontier", family, year.isoformat())
        made = bias_corrected(table[:, :INPUTS], table[:, INPUTS:], dice, repeats=REPEATS)
        errors = (made.high - made.low) / (2 * Z90)
        rows += [
            ValueRow(body, year, float(made.corrected[at]), se=float(errors[at]), n=len(bodies))
            for at, body in enumerate(bodies)
        ]
    return rows


def malmquist_change(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I10: catch-up times frontier shift against the year before, for the bodies that are in both."""
    families = _families(con)
    rows: list[ValueRow] = []
    for (family, year), (bodies, table) in families.items():
        before = families.get((family, year.replace(year=year.year - 1)))
        both = sorted(set(bodies) & set(before[0])) if before else []
        if before is None or not is_large_enough(len(both), INPUTS, OUTPUTS):
            continue
        new = table[[bodies.index(body) for body in both]]
        old = before[1][[before[0].index(body) for body in both]]
        change = malmquist(old[:, :INPUTS], old[:, INPUTS:], new[:, :INPUTS], new[:, INPUTS:]).index
        rows += [ValueRow(body, year, float(change[at]), n=len(both)) for at, body in enumerate(both)]
    return rows
