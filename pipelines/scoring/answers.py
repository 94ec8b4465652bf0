"""Answers to questions about a body, as data and in lines to print: its card, why its index changed, what else would make of it.

Belongs here: how an answer reads. Does not belong here: working it out (ask, why, released) or the options of a command.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.scoring import released, why
from pipelines.scoring.bodies import Body
from pipelines.scoring.catalogue import by_id
from pipelines.scoring.released import Held
from pipelines.scoring.tables import number
from published.reports import value_words
from published.reports.words import PILLARS
from sources.schema.model import codes

if TYPE_CHECKING:
    import duckdb

SHOWN_POINTS = 0.005


def _verdict(row: dict[str, Any]) -> str:
    """What may be said of a promise, or why nothing may."""
    reason = f"{row['status_reason'][:1].upper()}{row['status_reason'][1:]}." if row["status_reason"] else ""
    return " ".join(part for part in (codes("verdicts").get(row["verdict"], ""), reason) if part)


def explained(
    con: duckdb.DuckDBPyConnection, held: Held, body: Body, old: Path | date | None, new: date | None
) -> tuple[dict[str, Any], list[str]]:
    """Why the index changed from `old`, a release or a year, up to `new`, as data and in lines. UsageError as why."""
    if isinstance(old, Path):
        told = why.between_releases(held, released.load(con, old, is_sample=held.is_sample), body, con)
    else:
        told = why.between_years(held, body, con, old, new)
    change = told.change
    steps = [{"stage": one.stage, "item": one.item, "points": one.amount} for one in change.steps]
    found = {
        "entity_id": body.id,
        "from": told.before,
        "to": told.after,
        "start": change.start,
        "end": change.end,
        "words": told.words,
        "steps": steps,
        "reasons": told.reasons,
    }
    lines = [body.name, f"Index {change.start:.1f} ({told.before}) -> {change.end:.1f} ({told.after})", told.words, ""]
    for one in sorted(change.steps, key=lambda step: (-abs(step.amount), step.item)):
        if abs(one.amount) >= SHOWN_POINTS:
            name = by_id()[one.item].name if one.item in by_id() else PILLARS.get(one.item, "")
            lines.append(f"  {one.amount:+7.2f}  {one.stage.replace('_', ' '):14} {one.item:4} {name}")
    if told.reasons:
        lines += ["", "Registered beside it; the arithmetic says what moved, not why:"]
        lines += [
            f"  {item:4} {row['reason_title']} ({row['reason_start'] or ''} to {row['reason_end'] or 'now'}). {row['citation']}"
            for item, rows in told.reasons.items()
            for row in rows
        ]
    return found, lines


def changed(
    held: Held, body: Body, what_if: dict[str, float], weights: dict[str, float] | None
) -> tuple[dict[str, Any], list[str]]:
    """The index and its pillars with other weights or values, beside the declared ones, as data and in lines."""
    before, after = released.rescored(held, body), released.rescored(held, body, weights=weights, what_if=what_if)
    old, new = before.matrix.bodies.index(body.id), after.matrix.bodies.index(body.id)
    pillars = {
        pillar: (number(before.made.pillars[old, at]), number(after.made.pillars[new, at]))
        for at, pillar in enumerate(after.structure.pillars)
    }
    indices = (released.index_of(before, body), released.index_of(after, body))
    found = {"entity_id": body.id, "what_if": what_if, "weights": weights, "index": indices, "pillars": pillars}
    lines = [body.name, f"{'':28}  declared    asked"]
    lines += [f"  {pillar} {PILLARS[pillar]:23} {_shown(a)}  {_shown(b)}" for pillar, (a, b) in pillars.items()]
    lines.append(f"  {'Index':26} {_shown(indices[0])}  {_shown(indices[1])}")
    return found, lines


def _shown(value: float | None) -> str:
    return f"{value:8.1f}" if value is not None else "withheld"


def card(body: Body, found: dict[str, Any]) -> list[str]:
    """What a release says of a body (see ask.scorecard) in lines."""
    lines = [f"{body.name}  ({body.family.replace('_', ' ')})"]
    for row in sorted(
        found["scores"], key=lambda row: (["index", "pillar", "area"].index(row["score_level"]), row["score_item"])
    ):
        if row["score_level"] == "area":
            continue
        name = (
            f"Index {row['period_label']}"
            if row["score_level"] == "index"
            else f"{row['score_item']} {PILLARS[row['score_item']]}"
        )
        between = (
            f"{row['interval_low']:.1f} to {row['interval_high']:.1f}"
            if row["interval_low"] is not None
            else f"at least {row['bound_low']:.0f}, at most {row['bound_high']:.0f}"
            if row["bound_low"] is not None
            else ""
        )
        rank = ""
        if row["rank_low"] is not None:
            ends = dict.fromkeys(str(row[end]) for end in ("rank_low", "rank_high"))
            rank = f"rank {' to '.join(ends)}"
        lines.append(
            f"  {name:26} {_shown(row['score'])}  {row['colour'] or '':12} {between:24} {rank or (row['withheld_reason'] or '').replace('_', ' ')}"
        )
    lines.append("")
    for row in found["measures"]:
        has_value = row["value"] is not None or row["is_unbounded"]
        value = value_words.shown(row) if has_value else row["status_reason"] or row["value_status"]
        interval = value_words.between(row) if has_value else ""
        name = f"{row['measure_id']:4}{by_id()[row['measure_id']].name}"
        lines.append(
            f"  {name:38} {row['period_label']:8} {row['colour'] or '':12} {value}{f' ({interval})' if interval else ''}"
        )
    if found["trajectories"]:
        lines.append("")
    for row in found["trajectories"]:
        chance = f", chance {row['p_hit']:.0%}" if row["p_hit"] is not None else ""
        forecast = (
            f", forecast {row['forecast_low']:.1f} to {row['forecast_high']:.1f}"
            if row["forecast_low"] is not None
            else ""
        )
        value = f"{row['value']:.1f}" if row["value"] is not None else "no value"
        lines.append(
            f"  {row['target_title']}: {value}, target {row['target_value']:g}{forecast}{chance}. {_verdict(row)}"
        )
    return lines
