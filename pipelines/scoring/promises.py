"""Promises and the series they are about: read from the input tables, with dates as points of a series.

Does not belong here: how a promise stands (promise_standings), or what that makes of its body (promise_measures).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.forecast import Bounds, latest_run

if TYPE_CHECKING:
    import duckdb

Points = list[tuple[date, float]]
DAYS_A_YEAR = 365.25
YEAR_OF_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """One promise of one entity. Without a date it is a standard: asked for a year after the latest value."""

    target_id: str
    title: str
    entity_id: str
    body_id: str
    peer_group: str
    direction: int
    baseline: float | None
    baseline_date: date | None
    target: float
    target_date: date | None
    plan_shape: str
    plan_points: str | None
    tolerance: float
    unit: str | None
    lowest: float | None
    highest: float | None

    @property
    def bounds(self) -> Bounds:
        """What the metric can be, as its dataset declares it."""
        return bounds_of(self.lowest, self.highest)


def bounds_of(lowest: float | None, highest: float | None) -> Bounds:
    """The bounds that these ends declare; None where there is none."""
    return Bounds(-inf if lowest is None else lowest, inf if highest is None else highest)


def read_targets(con: duckdb.DuckDBPyConnection) -> list[Target]:
    """Every promise of in_promises, in a total order."""
    return [Target(*row) for row in con.execute("SELECT * FROM in_promises ORDER BY target_id, entity_id").fetchall()]


def read_series(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Points]:
    """The series of in_series by promise and entity, in order of time; of two values of one day the later sorted counts."""
    found: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for key, entity, day, value in con.execute(
        "SELECT peer_group, entity_id, period_end, value FROM in_series ORDER BY ALL"
    ).fetchall():
        found[key, entity][day] = value
    return {key: sorted(values.items()) for key, values in found.items()}


def years(day: date) -> float:
    """A day as a decimal year, for plans."""
    return day.toordinal() / DAYS_A_YEAR


def months(day: date) -> int:
    """A day's month as a number, so that months can be subtracted."""
    return day.year * YEAR_OF_MONTHS + day.month


def on_grid(known: Points) -> tuple[FloatArray, int]:
    """The latest unbroken run of values, equally spaced, and its step in months: the commonest gap between values."""
    places = [months(day) for day, _ in known]
    gaps = [later - earlier for earlier, later in pairwise(places) if later > earlier]
    step = max(set(gaps), key=lambda gap: (gaps.count(gap), -gap)) if gaps else YEAR_OF_MONTHS
    grid = np.full((places[-1] - places[0]) // step + 1, np.nan)
    for place, (_, value) in zip(places, known, strict=True):
        if (place - places[0]) % step == 0:
            grid[(place - places[0]) // step] = value
    return latest_run(grid), step


def promised_date(target: Target, known: Points) -> date:
    """The promise's date; for a standard without one, a year after the latest value."""
    latest = known[-1][0]
    return target.target_date or latest.replace(year=latest.year + 1, day=28)
