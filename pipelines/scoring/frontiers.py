"""Measures I8 to I10: productivity, frontier efficiency and its change, from input tables to rows of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from published.reports.value_words import Z90

if TYPE_CHECKING:
    from datetime import date

    import duckdb

REPEATS, FEWEST, PROGRAMMES = 200, 40, 6000
"""Repeats of the bootstrap, and in large families the fewest; each is a linear programme a body, and about so many are solved."""
GROWTH_YEARS = 3
INPUTS, OUTPUTS = 2, 2
NO_MEASURE = "it lacks an input that all others of one of the years need, so that their frontier has no measure for it"


@dataclass(frozen=True, slots=True)
class ProductivitySeries:
    """One body's index numbers by year (years,), first year 100."""

    entity_id: str
    years: list[date]
    output: FloatArray
    adjusted: FloatArray
    inputs: FloatArray
    productivity: FloatArray


def productivity_series(con: duckdb.DuckDBPyConnection) -> list[ProductivitySeries]:
    """Output, quality-adjusted output, inputs and productivity of every body whose activities are the same in all its years.

    A year whose quantities at their unit costs add up to nothing, and quality or inputs of nothing in the first, end the chain:
    such a body has no series.
    """
    found = con.execute(
        "SELECT entity_id, fy_end(period_end) AS y, activity, quantity, unit_cost, quality, input_volume FROM in_productivity "
        "WHERE quantity IS NOT NULL AND unit_cost IS NOT NULL AND quality IS NOT NULL AND input_volume IS NOT NULL ORDER BY ALL"
    ).fetchall()
    made: list[ProductivitySeries] = []
    for entity in sorted({row[0] for row in found}):
        own = [row for row in found if row[0] == entity]
        years = sorted({row[1] for row in own})
        activities = sorted({row[2] for row in own})
        cell = {(row[1], row[2]): row[3:] for row in own}
        if any((year, activity) not in cell for year in years for activity in activities):
            continue  # an activity that comes or goes has no place in the chain
        table = np.array([[cell[year, activity] for activity in activities] for year in years], dtype=np.float64)
        spent = (table[..., 0] * table[..., 1]).sum(axis=1)
        if np.any(spent[:-1] <= 0) or table[0, 0, 2] <= 0 or np.any(table[:, 0, 3] <= 0):
            continue
        volume = chained_volume(table[..., 1], table[..., 0])
        adjusted = quality_adjusted(volume, table[:, 0, 2] / table[0, 0, 2])
        inputs = np.asarray(100.0 * table[:, 0, 3] / table[0, 0, 3])
        made.append(ProductivitySeries(entity, years, volume, adjusted, inputs, productivity(adjusted, inputs)))
    return made


def productivity_growth(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I8 by body and year: annualised growth of productivity over three years; needs four years running of the same activities."""
    return [
        ValueRow(
            series.entity_id,
            series.years[at],
            annual_growth_pct(series.productivity[: at + 1], GROWTH_YEARS),
            n=GROWTH_YEARS + 1,
        )
        for series in productivity_series(con)
        for at in range(GROWTH_YEARS, len(series.years))
        if series.years[at].year - series.years[at - GROWTH_YEARS].year == GROWTH_YEARS
    ]


def families(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], tuple[list[str], FloatArray]]:
    """By family and year: bodies in order, and their inputs and outputs (bodies, 4), none missing and none negative."""
    found = con.execute(
        "SELECT family, fy_end(period_end), entity_id, input_1, input_2, output_1, output_2 FROM in_frontier "
        "JOIN in_bodies USING (entity_id) WHERE input_1 + input_2 > 0 AND output_1 + output_2 > 0 "
        "AND least(input_1, input_2, output_1, output_2) >= 0 ORDER BY ALL"
    ).fetchall()
    keys = sorted({row[:2] for row in found})
    return {
        key: ([row[2] for row in found if row[:2] == key], np.array([row[3:] for row in found if row[:2] == key]))
        for key in keys
    }


def frontier_efficiency(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I9: theta with variable returns, less its bias, with the bootstrap's error. Families too small give a reason."""
    rows: list[ValueRow] = []
    for (family, year), (bodies, table) in families(con).items():
        if not is_large_enough(len(bodies), INPUTS, OUTPUTS):
            rows += [ValueRow(body, year, None, n=len(bodies), reason=too_few(len(bodies))) for body in bodies]
            continue
        dice = generator(SEED, "frontier", family, year.isoformat())
        made = bias_corrected(table[:, :INPUTS], table[:, INPUTS:], dice, repeats=repeats_for(len(bodies)))
        errors = (made.high - made.low) / (2 * Z90)
        rows += [
            ValueRow(body, year, float(made.corrected[at]), se=float(errors[at]), n=len(bodies))
            for at, body in enumerate(bodies)
        ]
    return rows


def repeats_for(units: int) -> int:
    """How often the bootstrap is repeated: 200 times up to 30 bodies, fewer in larger families, 40 at least."""
    return max(FEWEST, min(REPEATS, PROGRAMMES // units))


def too_few(units: int) -> str:
    """Why a family has no frontier."""
    return f"{units} bodies are too few for a frontier of {INPUTS} inputs and {OUTPUTS} outputs"


def in_both(
    found: dict[tuple[str, date], tuple[list[str], FloatArray]],
) -> Iterator[tuple[date, list[str], FloatArray, FloatArray]]:
    """Year, bodies that are there in it and in the year before, and their tables of the year before and of the year."""
    for (family, year), (bodies, table) in found.items():
        before = found.get((family, year.replace(year=year.year - 1)))
        both = sorted(set(bodies) & set(before[0])) if before else []
        if before is None or not is_large_enough(len(both), INPUTS, OUTPUTS):
            continue
        yield (
            year,
            both,
            before[1][[before[0].index(body) for body in both]],
            table[[bodies.index(body) for body in both]],
        )


def malmquist_change(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I10: catch-up times frontier shift against the year before, for the bodies that are in both."""
    rows: list[ValueRow] = []
    for year, both, old, new in in_both(families(con)):
        change = malmquist(old[:, :INPUTS], old[:, INPUTS:], new[:, :INPUTS], new[:, INPUTS:]).index
        rows += [
            ValueRow(body, year, float(change[at]), n=len(both))
            if np.isfinite(change[at])
            else ValueRow(body, year, None, n=len(both), reason=NO_MEASURE)
            for at, body in enumerate(both)
        ]
    return rows
