"""How every promise stands: position, forecast, likelihood and verdict on what was known at a date.

Belongs here: the order in which the formulas are asked, and which series calibrate each other. Does not belong here: the
formulas (plans, trajectory, forecast, likelihood), or reading promises and series (promises).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.forecast import Forecast
from pipelines.scoring.forecast_choice import METHODS, MIN_ORIGINS, Backtest, calibration_factor, choose, rolling_origin
from pipelines.scoring.likelihood import MIN_POINTS, Verdict, p_hit, verdict
from pipelines.scoring.plans import Promise, line, logistic, points
from pipelines.scoring.promises import Points, Target, months, on_grid, promised_date, years
from pipelines.scoring.tables import number
from pipelines.scoring.trajectory import ambition, delivered, is_met, position, required_rate

MONTHLY = 1
MIN_PEERS = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a promise stands on what was known at a date. Values in the metric's unit; None where there is none, with `reason`."""

    target: Target
    known_until: date | None
    point_count: int
    value: float | None = None
    planned: float | None = None
    position: float | None = None
    delivered: float | None = None
    required_rate: float | None = None
    promised_date: date | None = None
    method: str | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    calibration: float | None = None
    p_hit: float | None = None
    ambition: float | None = None
    verdict: str | None = None
    colour: str | None = None
    reason: str | None = None


def standings(targets: Sequence[Target], series: Mapping[tuple[str, str], Points], at: date) -> list[Standing]:
    """Every promise on the values of periods that had ended by `at`. Forecast intervals are calibrated over the entities
    that the same promise, or the same kind of promise, is asked of.
    """
    groups: dict[str, list[tuple[Target, Points]]] = defaultdict(list)
    for target in targets:
        known = [point for point in series.get((target.target_id, target.entity_id), []) if point[0] <= at]
        groups[target.peer_group].append((target, known))
    return [one for name in sorted(groups) for one in _group(groups[name], series, at)]


def _group(
    members: list[tuple[Target, Points]], series: Mapping[tuple[str, str], Points], at: date
) -> Iterable[Standing]:
    prepared = [(target, known, *_extrapolated(target, known)) for target, known in members]
    tests: dict[tuple[str, int], list[Backtest]] = defaultdict(list)
    for _, _, forecast, horizon, run in prepared:
        if forecast is not None:
            test = rolling_origin(run, horizon, forecast.method, bounds=forecast.bounds)
            if test.actual.size:
                tests[forecast.method, horizon].append(test)
    factors = {key: _pooled(found) for key, found in tests.items()}
    peers = _peers(members, series)
    for target, known, forecast, horizon, _ in prepared:
        factor = factors.get((forecast.method, horizon), 1.0) if forecast is not None else None
        widened = forecast.widened(factor) if forecast is not None and factor is not None else None
        yield _standing(target, known, widened, factor, peers, at)


def _pooled(tests: list[Backtest]) -> float:
    """The factor over all of a group's series; 1 where fewer than five outcomes could be compared."""
    actual, mean, se, df = (
        np.concatenate([getattr(test, name) for test in tests]) for name in ("actual", "mean", "se", "df")
    )
    together = Backtest(actual, mean, se, df, tests[0].bounds)
    return calibration_factor(together) if together.actual.size >= MIN_ORIGINS else 1.0


def _extrapolated(target: Target, known: Points) -> tuple[Forecast | None, int, FloatArray]:
    if len(known) < MIN_POINTS or (target.target_date is None and target.plan_shape != "hold"):
        return None, 0, np.empty(0)
    run, step = on_grid(known)
    horizon = -(-(months(promised_date(target, known)) - months(known[-1][0])) // step)
    if horizon < 1 or len(run) < MIN_POINTS:
        return None, 0, run
    method, _ = choose(run, horizon, is_monthly=step == MONTHLY, bounds=target.bounds)
    return METHODS[method](run, horizon).within(target.bounds), horizon, run


def _peers(members: list[tuple[Target, Points]], series: Mapping[tuple[str, str], Points]) -> dict[str, Points]:
    """Series of all entities that report what these promises are about."""
    wanted = {target.target_id for target, _ in members}
    return {entity: found for (key, entity), found in series.items() if key in wanted}


def _standing(  # noqa: PLR0917 - what a standing is made of
    target: Target,
    known: Points,
    forecast: Forecast | None,
    factor: float | None,
    peers: Mapping[str, Points],
    at: date,
) -> Standing:
    if not known:
        return Standing(target, None, 0, verdict="too_early", reason="no value of the metric yet")
    latest, value = known[-1]
    baseline_date = target.baseline_date or known[0][0]
    if target.target_date is None and target.plan_shape != "hold":
        return Standing(
            target,
            latest,
            len(known),
            value=value,
            reason="no date was given, so nothing can be said of its being kept",
        )
    is_hold = target.plan_shape == "hold" or target.baseline is None or target.target_date is None
    due = promised_date(target, known)
    if not due > baseline_date:
        return Standing(target, latest, len(known), value=value, reason="the date lies before the baseline")
    start = target.target if is_hold or target.baseline is None else target.baseline
    promise = Promise(years(baseline_date), start, years(due), target.target, target.direction, target.tolerance)
    planned = _planned(target, promise, years(latest))
    found = verdict(promise, points=len(known), latest_value=value, latest_time=years(latest), as_of=years(at))
    if target.target_date is None and found.state != "too_early":
        found = Verdict("met", "green") if is_met(promise, value) else Verdict("missed", "red")
    low, high = forecast.interval() if forecast is not None else (None, None)
    peer_values = [
        v
        for entity, own in peers.items()
        if entity != target.entity_id and (v := _value_at(own, baseline_date)) is not None
    ]
    return Standing(
        target=target,
        known_until=latest,
        point_count=len(known),
        value=value,
        planned=planned,
        # A value to be held without a band has no distance from it: counting only those that hold it would flatter.
        position=None if is_hold and target.tolerance == 0 else number(position(promise, value, planned)),
        delivered=number(delivered(promise, value)),
        required_rate=number(required_rate(promise, value, years(latest))),
        promised_date=due,
        method=forecast.method if forecast is not None else None,
        forecast=number(forecast.median) if forecast is not None else None,
        low=number(low),
        high=number(high),
        se=number(forecast.se) if forecast is not None else None,
        calibration=factor,
        p_hit=number(p_hit(forecast, promise)) if forecast is not None else None,
        ambition=None
        if promise.is_hold or len(peer_values) < MIN_PEERS
        else number(ambition(promise, np.array(peer_values))),
        verdict=found.state,
        colour=found.colour,
        reason="fewer than four values" if found.state == "too_early" else None,
    )


def _planned(target: Target, promise: Promise, time: float) -> float:
    if target.plan_shape == "points" and target.plan_points:
        given = sorted(
            (date.fromisoformat(point["date"]), float(point["value"])) for point in json.loads(target.plan_points)
        )
        return float(points(np.array([years(day) for day, _ in given]), np.array([v for _, v in given]), time))
    return float((logistic if target.plan_shape == "logistic" else line)(promise, time))


def _value_at(known: Points, day: date) -> float | None:
    """The latest value by `day`, else the first after it."""
    earlier = [value for when, value in known if when <= day]
    return earlier[-1] if earlier else (known[0][1] if known else None)
