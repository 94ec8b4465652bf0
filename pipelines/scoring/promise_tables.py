"""Promises, forecasts and their track record as rows of their tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.scoring.catalogue import METHOD_VERSION, by_id
from pipelines.scoring.composite.normalise import anchor_score
from pipelines.scoring.delivery_index import delivery_index
from pipelines.scoring.forecast_choice import (
    MIN_SEASONAL,
    Backtest,
    calibration_factor,
    clustered_coverage,
    rolling_origin,
)
from pipelines.scoring.promise_standings import Standing
from pipelines.scoring.promises import Points, bounds_of, on_grid, read_series, years
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.tables import Row, number

if TYPE_CHECKING:
    import duckdb

FORECASTS_FILE = "forecasts.parquet"
HORIZONS = (1, 3, 6, 12)
SEASONAL = "seasonal_drift"
MIN_UNITS = 4
LAST_MONTH = 3
"""Of a financial year."""
MOVES = 0.9
"""Share of the months in which a series has to move to be tried."""
KEY = ("target_id", "entity_id", "known_until", "promised_date", "method_version")
KEPT = (
    *KEY,
    "made_date",
    "forecast_method",
    "forecast_value",
    "forecast_low",
    "forecast_high",
    "p_hit",
    "target_value",
)


def trajectory_rows(
    now: Sequence[Standing], names: Mapping[str, str], values: Mapping[str, Sequence[ValueRow]]
) -> list[Row]:
    """One row a promise and entity, as it stands. `values` are the measures' rows, of which the delivery index takes some."""
    return [
        {
            "target_id": one.target.target_id,
            "target_title": one.target.title,
            "entity_id": one.target.entity_id,
            "entity_name": names.get(one.target.entity_id, one.target.entity_id),
            "outcome_publisher_id": one.target.body_id,
            "metric_unit": one.target.unit,
            "metric_direction": "higher" if one.target.direction > 0 else "lower",
            "baseline_value": one.target.baseline,
            "baseline_date": one.target.baseline_date,
            "target_value": one.target.target,
            "target_date": one.target.target_date,
            "plan_shape": one.target.plan_shape,
            "point_count": one.point_count,
            "known_until": one.known_until,
            "value": one.value,
            "planned_value": one.planned,
            "position": one.position,
            "delivered_share": one.delivered,
            "required_rate": one.required_rate,
            "promised_date": one.promised_date,
            "forecast_method": one.method,
            "forecast_value": one.forecast,
            "forecast_low": one.low,
            "forecast_high": one.high,
            "calibration_factor": one.calibration,
            "p_hit": one.p_hit,
            "verdict": one.verdict,
            "colour": one.colour,
            "status_reason": one.reason,
            **_delivery(one, values),
        }
        for one in now
    ]


def _delivery(one: Standing, values: Mapping[str, Sequence[ValueRow]]) -> Row:
    """The delivery index of a promise with a chance, from what was known of its body when its value was; else nothing.

    Ease is of the promise itself (how ambitious it is), planning and capacity are of the body that it counts for.
    """
    if one.p_hit is None or one.known_until is None or one.promised_date is None:
        return {}
    begun = one.target.baseline_date or one.known_until
    whole = years(one.promised_date) - years(begun)
    elapsed = min(max((years(one.known_until) - years(begun)) / whole, 0.0), 1.0) if whole > 0 else 1.0
    own = {name: _score(name, _latest(values.get(name, ()), one)) for name in ("G1", "S4", "S5")}
    found = delivery_index(
        p_hit=one.p_hit, elapsed=elapsed, g1=own["G1"], g2=_score("G2", one.ambition), s4=own["S4"], s5=own["S5"]
    )
    return {
        "delivery_index": number(found.value),
        "delivery_components": json.dumps({name: round(value, 6) for name, value in found.components.items()}),
        "delivery_missing": list(found.missing),
    }


def _latest(rows: Sequence[ValueRow], one: Standing) -> float | None:
    """The body's latest value of the year in which the promise's own value was known, or of the two before."""
    assert one.known_until is not None  # noqa: S101 - for the type checker; the caller has asked
    end = one.known_until.year + (one.known_until.month > LAST_MONTH)
    fit = [
        row
        for row in rows
        if row.entity_id == one.target.body_id and row.value is not None and end - 2 <= row.period_end.year <= end
    ]
    return max(fit, key=lambda row: row.period_end).value if fit else None


def _score(measure: str, value: float | None) -> float:
    anchors = by_id()[measure].anchors
    if value is None or anchors is None:
        return float("nan")
    return float(anchor_score(np.array([value]), np.array(anchors))[0])


def forecast_rows(
    con: duckdb.DuckDBPyConnection, now: Sequence[Standing], as_of: date, earlier: Path | None
) -> list[Row]:
    """The forecasts of the release before as they were made, today's new ones, and how those did whose date has come.

    A forecast on the same knowledge for the same date by the same method is the same forecast and keeps the day on which it
    was first made. One by an earlier method stays beside it: what was published is what is marked.
    """
    kept: dict[tuple[Any, ...], Row] = {}
    for one in now:
        if one.forecast is None or one.known_until is None or one.promised_date is None:
            continue
        row = {
            "target_id": one.target.target_id,
            "entity_id": one.target.entity_id,
            "known_until": one.known_until,
            "promised_date": one.promised_date,
            "made_date": as_of,
            "forecast_method": one.method,
            "forecast_value": one.forecast,
            "forecast_low": one.low,
            "forecast_high": one.high,
            "p_hit": one.p_hit,
            "target_value": one.target.target,
            "method_version": METHOD_VERSION,
        }
        kept[tuple(row[name] for name in KEY)] = row
    file = earlier / FORECASTS_FILE if earlier is not None else None
    if file is not None and file.is_file():
        found = con.execute(f"SELECT {', '.join(KEPT)} FROM read_parquet(?)", [str(file)]).fetchall()
        for values in found:
            row = dict(zip(KEPT, values, strict=True))
            kept[tuple(row[name] for name in KEY)] = row
    series = read_series(con)
    directions = {(one.target.target_id, one.target.entity_id): one.target.direction for one in now}
    return [{**row, **_outcome(row, series, directions)} for row in kept.values()]


def _outcome(row: Row, series: Mapping[tuple[str, str], Points], directions: Mapping[tuple[str, str], int]) -> Row:
    key = (row["target_id"], row["entity_id"])
    due: date = row["promised_date"]
    came = [value for day, value in series.get(key, []) if (day.year, day.month) == (due.year, due.month)]
    if not came or key not in directions:
        return {}
    (actual,) = came[-1:]
    hit = directions[key] * (actual - row["target_value"]) >= 0
    return {
        "actual_value": actual,
        "forecast_error": actual - row["forecast_value"],
        "is_inside": row["forecast_low"] <= actual <= row["forecast_high"],
        "is_hit": hit,
        "brier_term": None if row["p_hit"] is None else (row["p_hit"] - hit) ** 2,
    }


def coverage_by_horizon(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Rolling-origin coverage of 80% intervals by dataset, metric and months ahead, seasonal drift over monthly series of
    one length; each half of the series calibrated on the other half. A series that never moves has nothing to forecast and
    is left out.
    """
    groups: dict[tuple[str, str], dict[tuple[str, str], Points]] = defaultdict(dict)
    about = con.execute(
        "SELECT target_id, outcome_dataset_id, metric_id, coalesce(breakdown, ''), lowest_possible, highest_possible "
        "FROM core_targets LEFT JOIN core_outcome_metrics USING (outcome_dataset_id, metric_id) ORDER BY ALL"
    ).fetchall()
    where = {target: (dataset, metric, breakdown) for target, dataset, metric, breakdown, *_ in about}
    possible = {(dataset, metric): bounds_of(*ends) for _, dataset, metric, _, *ends in about}
    for (target, entity), known in read_series(con).items():
        dataset, metric, breakdown = where[target]
        groups[dataset, metric][entity, breakdown] = known
    rows: list[Row] = []
    for (dataset, metric), by_entity in sorted(groups.items()):
        runs = [on_grid(known) for known in by_entity.values() if len(known) >= MIN_SEASONAL]
        monthly = [run for run, step in runs if step == 1 and len(run) >= MIN_SEASONAL]
        if not monthly:
            continue
        length = max(len(run) for run in monthly)
        table = np.stack([run for run in monthly if len(run) == length])
        table = table[(np.diff(table, axis=1) != 0).mean(axis=1) > MOVES]
        for horizon in HORIZONS:
            made = _by_horizon(rolling_origin(table, horizon, SEASONAL, bounds=possible[dataset, metric]))
            if made is not None:
                rows.append({"outcome_dataset_id": dataset, "metric_id": metric, "horizon": horizon, **made})
    return rows


def _by_horizon(test: Backtest) -> Row | None:
    origins = test.actual.shape[-1] if test.actual.ndim else 0
    if origins < 1 or len(test.actual) < MIN_UNITS:
        return None
    inside = np.zeros(test.actual.shape, dtype=np.bool_)
    for part in (0, 1):
        others = _units(test, slice(1 - part, None, 2))
        inside[part::2] = _units(test, slice(part, None, 2)).inside(factor=calibration_factor(others))
    found = clustered_coverage(inside)
    return {
        "inside_share_raw": number(clustered_coverage(test.inside()).share),
        "inside_share": number(found.share),
        "inside_low": number(found.low),
        "inside_high": number(found.high),
        "unit_count": found.units,
        "forecast_count": found.forecasts,
    }


def _units(test: Backtest, chosen: slice) -> Backtest:
    return Backtest(test.actual[chosen], test.mean[chosen], test.se[chosen], test.df, test.bounds)
