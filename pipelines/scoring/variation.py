"""Measure I7: what would be saved if every unit dearer than the median came down to it, chance among small units taken out first."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertainty.draws import SEED, generator

if TYPE_CHECKING:
    from datetime import date

    import duckdb

MIN_UNITS = 3
DRAWS = 1024
MIN_POOLED = 10
"""Units over all bodies with the activity, below which chance and real differences cannot be told apart and nothing is shrunk."""


def noise_and_spread(deviations: FloatArray, volumes: FloatArray) -> tuple[float, float]:
    """sigma^2 and tau^2 of relative deviations (units,) whose variance is sigma^2/v + tau^2: least squares of the squares on 1/v.

    Neither below 0. Where all volumes are the same no unit is smaller than another, and all the spread is taken for real.
    """
    squares, inverse = deviations**2, 1.0 / volumes
    varied = float(np.var(inverse))
    if len(squares) < MIN_POOLED or varied <= 1e-12 * float(inverse.mean()) ** 2:
        return 0.0, float(squares.mean())
    slope = float(((inverse - inverse.mean()) * (squares - squares.mean())).mean()) / varied
    slope = min(max(slope, 0.0), float((squares * inverse).sum() / (inverse**2).sum()))
    return slope, max(float(squares.mean()) - slope * float(inverse.mean()), 0.0)


def savings_share(
    costs: FloatArray, volumes: FloatArray, noise: float = 0.0, spread: float = 0.0
) -> tuple[float, float]:
    """sum(v max(0, c - c_med)) and sum(v c), costs shrunk to the volume-weighted mean by B = (noise/v)/(noise/v + spread).

    Units' costs and volumes (units,), all above 0. Source: measures, I7 (regression to the mean: shrink small v).
    """
    mean = float((volumes * costs).sum() / volumes.sum())
    chance = noise / volumes
    held = np.where(chance > 0, spread / np.where(chance > 0, chance + spread, 1.0), 1.0)
    shrunk = mean + held * (costs - mean)
    return float((volumes * np.maximum(0.0, shrunk - np.median(shrunk))).sum()), float((volumes * costs).sum())


def drawn_savings(
    costs: FloatArray,
    volumes: FloatArray,
    noise: float,
    spread: float,
    dice: np.random.Generator,
    *,
    draws: int = DRAWS,
) -> FloatArray:
    """The first sum of savings_share, (draws,), were the units' costs drawn from what is known of them.

    A unit's cost is its shrunk cost give or take B (noise/v) mean^2, the variance that chance leaves (Morris 1983), normal;
    `noise` has to be above 0. That noise and spread are themselves estimates is not in it.
    """
    mean = float((volumes * costs).sum() / volumes.sum())
    chance = noise / volumes
    held = spread / (chance + spread)
    shrunk = mean + held * (costs - mean)
    drawn = shrunk + mean * np.sqrt(held * chance) * dice.standard_normal((draws, len(costs)))
    above = np.maximum(0.0, drawn - np.median(drawn, axis=1, keepdims=True))
    return np.asarray((volumes * above).sum(axis=1), dtype=np.float64)


def unwarranted_variation(con: duckdb.DuckDBPyConnection) -> list[ValueRow]:
    """I7 by body and year, over its activities with three units or more. Chance is judged over all units with the activity."""
    found = con.execute(
        "SELECT fy_end(period_end) AS y, activity, entity_id, unit, sum(volume), sum(volume * unit_cost) / sum(volume) FROM in_unit_costs "
        "WHERE volume > 0 AND unit_cost > 0 AND unit IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    parts: dict[tuple[str, date], list[tuple[float, float, int]]] = defaultdict(list)
    drawn: dict[tuple[str, date], list[FloatArray | None]] = defaultdict(list)
    for (year, activity), group in groupby(found, key=lambda row: row[:2]):
        own: dict[str, tuple[FloatArray, FloatArray]] = {}
        for body, units in groupby(group, key=lambda row: row[2]):
            table = np.array([row[4:] for row in units], dtype=np.float64)
            if len(table) >= MIN_UNITS:
                own[body] = (table[:, 1], table[:, 0])
        if not own:
            continue
        deviations = np.concatenate([costs / ((v * costs).sum() / v.sum()) - 1.0 for costs, v in own.values()])
        noise, spread = noise_and_spread(deviations, np.concatenate([v for _, v in own.values()]))
        for body, (costs, volumes) in own.items():
            parts[body, year].append((*savings_share(costs, volumes, noise, spread), len(costs)))
            dice = generator(SEED, "variation", body, year.isoformat(), activity)
            drawn[body, year].append(drawn_savings(costs, volumes, noise, spread, dice) if noise > 0 else None)
    rows = []
    for (body, year), activities in sorted(parts.items()):
        spent = sum(one[1] for one in activities)
        draws = [one for one in drawn[body, year] if one is not None]
        se = float(np.sum(draws, axis=0).std(ddof=1) / spent) if len(draws) == len(activities) else None
        share = sum(one[0] for one in activities) / spent
        rows.append(ValueRow(body, year, share, se=se, n=sum(one[2] for one in activities)))
    return rows
