"""Plans with targets and how they go (G1-G4), when statistics come out (G6), and what was evaluated (S6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import cos, pi

from sources.sample.outcomes.model import YEARS, Table, dice, fixed, merit, present, share
from sources.sample.world import MONTHS, SITE

PLANS = "outcome-plans"
CALENDAR = "statistics-release-calendar"
EVALUATIONS = "evaluation-register"
# Outcome, unit, +1 where more is better, usual level, hoped-for change by March 2027. Every body has all four, so that peers exist.
OUTCOMES = (
    ("cases settled in time", "%", 1, 68.0, 12.0),
    ("days to decide", "days", -1, 42.0, 10.0),
    ("people content with the result", "%", 1, 61.0, 8.0),
    ("repeat contacts", "per 100 cases", -1, 24.0, 6.0),
)
PARTS = ("metric", "baseline", "target", "date", "owner")
TARGET_DATE = date(2027, 3, 31)


def tables(seed: int) -> Iterator[Table]:
    yield _register(seed)
    yield _progress(seed)
    yield _calendar(seed)
    yield _evaluations(seed)


def _register(seed: int) -> Table:
    """The register of targets. Weaker bodies leave more of the five parts out; the last outcome is one to hold, not to change."""
    columns = (
        "outcome_id",
        "organisation_id",
        "organisation",
        "outcome",
        "metric",
        "direction",
        "baseline_value",
        "baseline_date",
        "target_value",
        "target_date",
        "owner",
        "plan_shape",
        "source_url",
    )
    table = Table(PLANS, "targets.csv", columns)
    for body in present(PLANS):
        rng = dice(seed, f"{PLANS}/register", body.id)
        for number, (outcome, unit, sign, level, change) in enumerate(OUTCOMES):
            left_out = {part for part in PARTS[-2:] if rng.random() < share(0.18 - 0.1 * merit(seed, body))}
            baseline = fixed(_start(seed, body.id, number, level), 1)
            target = fixed(float(baseline) + (0 if number == 3 else sign * change * rng.uniform(0.5, 1.2)), 1)
            table.rows.append(
                [
                    f"{body.id}-{number + 1}",
                    body.id,
                    body.name,
                    outcome,
                    unit,
                    "+" if sign > 0 else "-",
                    baseline,
                    MONTHS[0],
                    target,
                    None if "date" in left_out else TARGET_DATE,
                    None if "owner" in left_out else f"Director of {outcome} (sample)",
                    "logistic" if number == 1 else "linear",
                    f"{SITE}/plans/{body.id}",
                ]
            )
            table.note(
                f"{body.id}-{number + 1}",
                "register",
                {"baseline": baseline, "target": target, "parts": len(PARTS) - len(left_out)},
            )
    return table


def _start(seed: int, body_id: str, number: int, level: float) -> float:
    return level * dice(seed, f"{PLANS}/start/{number}", body_id).uniform(0.85, 1.15)


def _progress(seed: int) -> Table:
    """Monthly for the first two outcomes, quarterly for the others. One series in twelve began only last quarter."""
    table = Table(PLANS, "progress.csv", ("outcome_id", "organisation_id", "period", "value"))
    for place, body in enumerate(present(PLANS)):
        for number, (_, _, sign, level, change) in enumerate(OUTCOMES):
            rng = dice(seed, f"{PLANS}/progress/{number}", body.id)
            start = _start(seed, body.id, number, level)
            pace = (0.55 + 0.3 * merit(seed, body)) * sign * change / 60
            for at, month in enumerate(MONTHS):
                if (number > 1 and at % 3 != 2) or (number == 2 and place % 12 == 7 and at < 33):
                    continue
                season = 0.02 * level * cos(2 * pi * month.month / 12) if number < 2 else 0.0
                value = fixed(start + (0.0 if number == 3 else pace * at) + season + rng.gauss(0, 0.012 * level), 2)
                table.rows.append([f"{body.id}-{number + 1}", body.id, f"{month:%Y-%m}", value])
                table.note(f"{body.id}-{number + 1}", f"{month:%Y-%m}", {"value": value})
    return table


def _calendar(seed: int) -> Table:
    """Releases of official statistics: the end of the period that a release is about, and the day it came out."""
    table = Table(
        CALENDAR,
        "release-calendar.csv",
        ("organisation_id", "organisation", "release", "frequency", "period_end", "published"),
    )
    for body in present(CALENDAR):
        rng = dice(seed, CALENDAR, body.id)
        for frequency, step, usual in (("quarterly", 3, 75), ("annual", 12, 150)):
            for at in range(step, len(MONTHS) + 1, step):
                end = (MONTHS[at] if at < len(MONTHS) else date(2025, 4, 1)) - timedelta(days=1)
                days = max(10, int(usual * (1 - 0.2 * merit(seed, body)) + rng.gauss(0, 8)))
                table.rows.append(
                    [body.id, body.name, f"Sample {frequency} statistics", frequency, end, end + timedelta(days=days)]
                )
                table.note(body.id, end.isoformat(), {f"{frequency}/days": days})
    return table


def _evaluations(seed: int) -> Table:
    """Programmes in scope with their spending in GBP million, and whether an evaluation or a plan for one is public."""
    columns = (
        "year",
        "organisation_id",
        "organisation",
        "programme",
        "spend_gbp_m",
        "evaluation",
        "published",
        "source_url",
    )
    table = Table(EVALUATIONS, "evaluations.csv", columns)
    for body in present(EVALUATIONS):
        rng = dice(seed, EVALUATIONS, body.id)
        for year in YEARS:
            for number in range(1, 7):
                spend = fixed(rng.lognormvariate(3, 0.9), 1)
                luck = rng.random() - 0.12 * merit(seed, body)
                state = "evaluation" if luck < 0.25 else "plan" if luck < 0.5 else "none"
                published = date(int(year[:4]), 4, 1) + timedelta(days=rng.randint(0, 360)) if state != "none" else None
                url = f"{SITE}/evaluations/{body.id}/{number}" if published else None
                table.rows.append(
                    [year, body.id, body.name, f"Programme {number} (sample)", spend, state, published, url]
                )
                table.note(
                    body.id,
                    year,
                    {f"programme {number}/spend": spend, f"programme {number}/covered": int(state != "none")},
                )
    return table
