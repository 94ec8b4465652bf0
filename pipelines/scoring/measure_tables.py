"""Catalogue, values and coverage of the measures as rows of their tables."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import yaml

from pipelines.scoring.catalogue import Measure
from pipelines.scoring.composite.colours import anchor_label, colours
from pipelines.scoring.composite.normalise import anchor_score
from pipelines.scoring.fill import HERE
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.tables import Row, number
from published.reports.value_words import Z90

if TYPE_CHECKING:
    from pipelines.scoring.bodies import Body
    from pipelines.scoring.family import FamilyScores

NO_SOURCE = "no open source at hand"


@cache
def _provenance() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = yaml.safe_load((HERE / "provenance.yaml").read_text(encoding="utf-8"))
    return loaded


def sources_of(measure: Measure) -> list[str]:
    """Datasets that the measure's input tables are filled from, each once."""
    return sorted({name for table in measure.inputs for name in _provenance()[table]})


def is_project_anchor(measure: Measure) -> bool:
    """Whether the measure's colour rests on an anchor of our own choosing."""
    return measure.anchors is not None and anchor_label([measure.anchor_basis]) is not None


def catalogue_rows(chosen: Sequence[Measure], rows: Mapping[str, list[ValueRow]]) -> list[Row]:
    """One row a measure."""
    return [
        {
            "measure_id": one.id,
            "measure_name": one.name,
            "pillar": one.pillar,
            "area": one.area,
            "question": one.question,
            "measure_why": one.why,
            "formula": one.formula,
            "measure_unit": one.unit,
            "metric_direction": one.direction,
            "anchors": json.dumps(one.anchors) if one.anchors else None,
            "anchor_basis": one.anchor_basis,
            "is_project_anchor": is_project_anchor(one),
            "compared_with": one.family,
            "minimum_sample": one.minimum_sample,
            "error_kind": one.error_kind,
            "measure_error": one.standard_error,
            "is_scored": one.is_scored,
            "measure_status": one.status,
            "applies_to": list(one.applies_to),
            "speaks_to": one.speaks_to,
            "is_value_for_money": one.is_value_for_money,
            "input_sources": sources_of(one),
            "measure_caveats": json.dumps(one.caveats, ensure_ascii=False),
            "measure_source": one.source,
            "method_version": one.method_version,
            "review_date": one.review_date,
            "value_count": sum(row.value is not None for row in rows[one.id]),
            "measured_entity_count": len({row.entity_id for row in rows[one.id] if row.value is not None}),
        }
        for one in chosen
    ]


def measure_score(measure: Measure, row: ValueRow) -> tuple[float | None, str | None]:
    """Score and colour of one value; the colour is `uncertain` where its 90% interval, or its bounds, span three."""
    if measure.anchors is None or row.value is None:
        return None, None
    anchors = np.array(measure.anchors)
    reach = Z90 * row.se if row.se is not None else 0.0
    low = min(part for part in (row.value - reach, row.low) if part is not None)
    high = max(part for part in (row.value + reach, row.high) if part is not None)
    ends = anchor_score(np.array([row.value, low, high]), anchors)
    (colour,) = colours(ends[:1], np.array([ends[1:].min()]), np.array([ends[1:].max()]))
    return float(ends[0]), colour


def value_rows(
    chosen: Sequence[Measure],
    rows: Mapping[str, list[ValueRow]],
    bodies: Mapping[str, Body],
    families: Mapping[str, list[FamilyScores]],
    as_of: date,
    *,
    is_sample: bool,
) -> list[Row]:
    """Every value; and for publishers and scored bodies, one row for each measure without any, saying why."""
    made: list[Row] = []
    scored_bodies = {body for own in families.values() for body in own[-1].matrix.bodies}
    latest = max((row.period_end for own in rows.values() for row in own), default=as_of)
    label = ValueRow("", latest, None).period_label
    for measure in chosen:
        counted = measure.is_scored and (is_sample or measure.status == "computed")
        base = {
            "measure_id": measure.id,
            "measure_unit": measure.unit,
            "is_scored": counted,
            "is_project_anchor": is_project_anchor(measure),
            "speaks_to": measure.speaks_to,
            "is_value_for_money": measure.is_value_for_money,
            "input_sources": sources_of(measure),
            "method_version": measure.method_version,
        }
        seen: dict[str, list[Row]] = {}
        newest: dict[str, ValueRow] = {}
        for row in rows[measure.id]:
            body = bodies.get(row.entity_id)
            if body is None:
                continue
            if row.value is not None and row.breakdown is None:
                newest[row.entity_id] = row
            is_scored = counted and row.breakdown is None  # a part of a body is shown beside it
            score, colour = measure_score(measure, row) if is_scored else (None, None)
            made_row = {**base, **_value(body, row), "is_scored": is_scored, "score": score, "colour": colour}
            seen.setdefault(row.entity_id, []).append(made_row)
        for body_id, row in newest.items():  # a value that stands for a later year is shown as that
            if counted and body_id in scored_bodies:
                stale = {one["period_label"]: one for one in _carried(measure, base, bodies[body_id], row, families)}
                for one in seen[body_id]:  # why the year has no value of its own stays beside the value carried into it
                    if one["period_label"] in stale:
                        stale[one["period_label"]]["status_reason"] += f"; {one['status_reason']}"
                kept = [one for one in seen[body_id] if one["period_label"] not in stale]
                seen[body_id] = [*kept, *stale.values()]
        made.extend(one for own in seen.values() for one in own)
        for body_id in sorted(bodies):
            body = bodies[body_id]
            if body_id in seen or not (body_id in scored_bodies or _is_publisher(body)):
                continue
            fits = not measure.applies_to or body.kind in measure.applies_to
            status = "missing" if fits else "not_applicable"
            reason = (
                _why_missing(measure, is_sample=is_sample) if fits else f"asked of {', '.join(measure.applies_to)} only"
            )
            row = ValueRow(body_id, latest, None, reason=reason)
            made.append({**base, **_value(body, row), "value_status": status, "period_label": label})
    return made


def _is_publisher(body: Body) -> bool:
    return (
        body.kind not in {"service", "survey_unit", "country"}
        and not body.family.startswith("council class")
        and body.family != "trust"
    )


def _why_missing(measure: Measure, *, is_sample: bool) -> str:
    if measure.status == "no_open_source" and not is_sample:
        return NO_SOURCE
    return "the datasets at hand hold nothing about this body"


def _value(body: Body, row: ValueRow) -> Row:
    return {
        "entity_id": body.id,
        "entity_name": body.name,
        "compare_family": body.family,
        "period_label": row.period_label,
        "period_end": None if row.label else row.period_end,
        "breakdown": row.breakdown or "",
        "value": number(row.value),
        "is_unbounded": row.value is not None and math.isinf(row.value),
        "value_se": number(row.se),
        "observation_count": row.n,
        "value_low": number(row.low),
        "value_high": number(row.high),
        "value_status": "ok" if row.value is not None else "missing",
        "status_reason": row.reason,
        "value_note": row.note,
    }


def _carried(
    measure: Measure, base: Row, body: Body, row: ValueRow, families: Mapping[str, list[FamilyScores]]
) -> list[Row]:
    made: list[Row] = []
    for found in families[body.family]:
        matrix = found.matrix
        unit = matrix.bodies.index(body.id)
        column = found.structure.measures.index(measure.id)
        age = int(matrix.ages[unit, column])
        if age <= 0 or row.period_end.year != matrix.year_end.year - age:
            continue
        score, colour = measure_score(measure, row)
        stale = {
            "period_label": ValueRow("", matrix.year_end, None).period_label,
            "period_end": matrix.year_end,
            "value_status": "stale",
            "status_reason": f"value of {row.period_label}, carried forward",
        }
        made.append({**base, **_value(body, row), **stale, "score": score, "colour": colour})
    return made


def coverage_rows(values: Sequence[Row]) -> list[Row]:
    """Measure by body: the status of the newest row, and the latest period with a value of its own."""
    order = {"ok": 3, "stale": 2, "missing": 1, "not_applicable": 0}
    best: dict[tuple[str, str], Row] = {}
    for row in values:
        key = (row["measure_id"], row["entity_id"])
        made = best.setdefault(
            key,
            {
                **{name: row[name] for name in ("measure_id", "entity_id", "entity_name", "compare_family")},
                "value_status": "not_applicable",
                "status_reason": row["status_reason"],
                "latest_period": None,
                "value_count": 0,
            },
        )
        if row["value_status"] == "ok":
            made["value_count"] += 1
            made["latest_period"] = max(made["latest_period"] or "", row["period_label"])
        if order[row["value_status"]] >= order[made["value_status"]]:
            made["value_status"] = row["value_status"]
            made["status_reason"] = None if row["value_status"] == "ok" else row["status_reason"]
    return list(best.values())
