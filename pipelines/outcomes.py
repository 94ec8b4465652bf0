"""Results for the warehouse: the lake of results, what sources/outcomes says of it, and the registers, as lake_* and ref_*.

Belongs here: binding what pipelines/transform/3*.sql refers to. Does not belong here: reading files (outcome_lake) or what
the tables mean (sources/schema).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.outcome_lake import OutcomeLake
from pipelines.schema_duckdb import lake_columns
from sources.outcome_entities import Named, resolve
from sources.outcome_set import Metric, OutcomeSet
from sources.registers import Attribution, Judgement, Programme, Reason, Source, Target, load_register
from sources.registry import Registry
from sources.schema.arrow import arrow_schema
from sources.schema.duckdb_sql import DUCKDB_TYPES, literal, quoted
from sources.schema.model import table

if TYPE_CHECKING:
    import duckdb


def load_outcomes(
    con: duckdb.DuckDBPyConnection, lake: OutcomeLake, sets: Mapping[str, OutcomeSet], registry: Registry
) -> None:
    """Make lake_outcomes, lake_outcome_files and the ref_* tables that the models of results need. Reads the registers.

    Raises RegistryError where an entry of a register is wrong.
    """
    _view(con, "lake_outcomes", "lake_outcomes", lake.rows)
    _view(con, "lake_outcome_files", "core_outcome_files", lake.files)
    _datasets(con, sets)
    _metrics(con, sets)
    _entities(con, sets, registry)
    _registers(con)


def _view(con: duckdb.DuckDBPyConnection, name: str, declared: str, paths: Sequence[Path]) -> None:
    columns = ", ".join(f"{quoted(one.name)} {DUCKDB_TYPES[one.type]}" for one in table(declared).fields)
    if not paths:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        return
    listed = ", ".join(literal(str(path)) for path in paths)
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {lake_columns(declared)} FROM read_parquet([{listed}])")


def _fill(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Temporary table `name`; `columns` gives their DuckDB types. Goes by Arrow: thousands of rows take no time."""
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    types = {
        "VARCHAR": pa.string(),
        "DOUBLE": pa.float64(),
        "DATE": pa.date32(),
        "BOOLEAN": pa.bool_(),
        "BIGINT": pa.int64(),
    }
    schema = pa.schema([(column, types[kind]) for column, kind in columns.items()])
    _fill_arrow(con, name, pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=schema))


def _fill_arrow(con: duckdb.DuckDBPyConnection, name: str, rows: Any) -> None:
    con.register("being_loaded", rows)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM being_loaded")
    con.unregister("being_loaded")


def _datasets(con: duckdb.DuckDBPyConnection, sets: Mapping[str, OutcomeSet]) -> None:
    text = "VARCHAR"
    names = (
        "outcome_dataset_id",
        "outcome_dataset_title",
        "origin",
        "origin_url",
        "licence",
        "attribution",
        "caveats",
        "breaks",
    )
    _fill(
        con,
        "ref_outcome_datasets",
        dict.fromkeys((*names, "sample_size_from"), text),
        (
            (
                one.id, one.title, one.origin, one.origin_url, one.licence, one.attribution,
                json.dumps(one.caveats, ensure_ascii=False), _breaks(one), one.sample_size_from,
            )
            for one in sets.values()
        ),
    )  # fmt: skip
    files = con.execute("SELECT distribution_id, outcome_dataset_id, file_name FROM lake_outcome_files").fetchall()
    placed = [
        (distribution_id, found[0], found[1].is_revision)
        for distribution_id, dataset_id, file_name in files
        if dataset_id in sets and (found := sets[dataset_id].rule_for(file_name)) is not None
    ]
    _fill(con, "ref_outcome_files", {"distribution_id": text, "file_rank": "BIGINT", "is_revision": "BOOLEAN"}, placed)
    days = [
        (one.id, metric, kind, day)
        for one in sets.values()
        for a_break in one.breaks
        for metric in a_break.metrics or (None,)
        for kind in a_break.entity_kinds or (None,)
        for day in (a_break.start, a_break.until)
        if day is not None
    ]
    columns = {"outcome_dataset_id": text, "metric_id": text, "entity_kind": text, "break_day": "DATE"}
    _fill(con, "ref_outcome_breaks", columns, days)


def _metrics(con: duckdb.DuckDBPyConnection, sets: Mapping[str, OutcomeSet]) -> None:
    """Metrics of the datasets at hand: those declared, and those in the files that a declared pattern covers."""
    at_hand = {
        str(one) for (one,) in con.execute("SELECT DISTINCT outcome_dataset_id FROM lake_outcome_files").fetchall()
    }
    seen = con.execute(
        "SELECT DISTINCT outcome_dataset_id, metric_id FROM lake_outcomes WHERE metric_id IS NOT NULL"
    ).fetchall()
    wanted = {(one.id, metric) for one in sets.values() if one.id in at_hand for metric in one.metrics} | set(seen)
    rows = [
        (
            dataset_id,
            metric_id,
            metric_id in sets[dataset_id].metrics,
            *_described(metric),
            _breaks(sets[dataset_id], metric_id),
        )
        for dataset_id, metric_id in sorted(wanted)
        if (metric := sets[dataset_id].metric(metric_id)) is not None
    ]
    names = (
        "outcome_dataset_id", "metric_id", "is_named", "metric_title", "metric_description", "metric_unit",
        "metric_direction", "metric_frequency", "lowest_possible", "highest_possible", "is_derived_metric", "breaks",
    )  # fmt: skip
    types = {
        "is_named": "BOOLEAN",
        "is_derived_metric": "BOOLEAN",
        "lowest_possible": "DOUBLE",
        "highest_possible": "DOUBLE",
    }
    _fill(con, "ref_outcome_metrics", {name: types.get(name, "VARCHAR") for name in names}, rows)


def _described(metric: Metric) -> tuple[Any, ...]:
    return (
        metric.title, metric.description, metric.unit, metric.direction, metric.frequency, metric.lowest, metric.highest,
        metric.is_derived,
    )  # fmt: skip


def _breaks(one: OutcomeSet, metric_id: str | None = None) -> str | None:
    """Breaks of the dataset, or those that touch one metric, as JSON; None where there are none."""
    breaks = [
        a_break.model_dump(mode="json", by_alias=True)
        for a_break in one.breaks
        if metric_id is None or not a_break.metrics or metric_id in a_break.metrics
    ]
    return json.dumps(breaks, ensure_ascii=False) if breaks else None


def _entities(con: duckdb.DuckDBPyConnection, sets: Mapping[str, OutcomeSet], registry: Registry) -> None:
    seen = con.execute(
        "SELECT DISTINCT outcome_dataset_id, entity_kind, entity_code, entity_name, entity_group FROM lake_outcomes "
        "WHERE entity_kind IS NOT NULL"
    ).fetchall()
    names = [Named(*(cell or "" for cell in row)) for row in seen]
    columns = ("outcome_dataset_id", "entity_kind", "named_code", "named_name", "named_group")
    found = ("entity_id", "entity_code", "entity_name", "entity_group", "outcome_publisher_id")
    rows = (
        (
            one.named.outcome_dataset_id, one.named.entity_kind, one.named.entity_code, one.named.entity_name,
            one.named.entity_group, one.entity_id, one.entity_code or None, one.entity_name or None,
            one.entity_group or None, one.publisher_id,
        )
        for one in resolve(names, sets, registry)
    )  # fmt: skip
    _fill(con, "ref_outcome_entities", dict.fromkeys((*columns, *found), "VARCHAR"), rows)


def _cited(source: Source) -> dict[str, Any]:
    return {
        "citation": source.citation,
        "citation_url": source.url,
        "is_verified": source.is_verified,
        "verification_note": source.how,
    }


def _registers(con: duckdb.DuckDBPyConnection) -> None:
    """Each register as a temporary table with the columns of the table that it becomes."""
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    programmes = load_register("programmes", Programme)
    rows: dict[str, list[dict[str, Any]]] = {
        "core_targets": [_target(one) for one in load_register("targets", Target)],
        "core_judgements": [_judgement(one) for one in load_register("judgements", Judgement)],
        "core_programmes": [_programme(one) for one in programmes],
        "core_programme_facts": [fact for one in programmes for fact in _facts(one)],
        "core_attribution": [share for one in load_register("attribution", Attribution) for share in _shares(one)],
        "core_reasons": [_reason(one) for one in load_register("reasons", Reason)],
    }
    for name, entries in rows.items():
        schema = arrow_schema(name)
        whole = [{column: entry.get(column) for column in schema.names} for entry in entries]
        _fill_arrow(con, f"ref_{name.removeprefix('core_')}", pa.Table.from_pylist(whole, schema=schema))


def _target(one: Target) -> dict[str, Any]:
    points = [point.model_dump(mode="json", by_alias=True) for point in one.points]
    return {
        "target_id": one.id, "target_title": one.title, "target_outcome": one.outcome, "outcome_dataset_id": one.dataset,
        "metric_id": one.metric, "entity_id": one.entity, "is_for_each_entity": one.is_for_each_entity,
        "metric_direction": one.direction, "is_metric_given": True, "baseline_value": one.baseline_value,
        "baseline_date": one.baseline_date, "target_value": one.target_value, "target_date": one.target_date,
        "announced_date": one.announced, "target_owner": one.owner, "owner_publisher_id": one.owner_publisher,
        "plan_shape": one.plan, "plan_points": json.dumps(points) if points else None, "tolerance": one.tolerance,
        "superseded_by_target_id": one.superseded_by, "target_origin": "register", **_cited(one.source),
    }  # fmt: skip


def _judgement(one: Judgement) -> dict[str, Any]:
    return {
        "judgement_id": one.id, "publisher_id": one.publisher, "area": one.area, "assessor": one.assessor,
        "judged_date": one.day, "rating": one.rating, "evidence_text": one.evidence, **_cited(one.source),
    }  # fmt: skip


def _programme(one: Programme) -> dict[str, Any]:
    return {
        "programme_id": one.id, "programme_title": one.title, "owner_publisher_id": one.owner_publisher,
        "programme_promise": one.promise, "promised_by_date": one.promised_by, "shown_by": one.shown_by,
        "programme_state": one.state, "state_date": one.state_date, "state_reason": one.state_reason,
        "is_verified": one.is_verified,
    }  # fmt: skip


def _facts(one: Programme) -> list[dict[str, Any]]:
    return [
        {
            "programme_id": one.id, "fact_number": number, "fact_kind": fact.kind, "fact_date": fact.day,
            "fact_text": fact.text, **_cited(fact.source),
        }
        for number, fact in enumerate(one.facts, start=1)
    ]  # fmt: skip


def _shares(one: Attribution) -> list[dict[str, Any]]:
    return [
        {
            "publisher_id": one.department, "programme_name": one.programme, "financial_year": share.year,
            "target_outcome": share.outcome, "alpha": float(share.alpha), "attribution_basis": share.basis,
            "confidence": share.confidence, "attribution_origin": "register", **_cited(one.source),
        }
        for share in one.shares
    ]  # fmt: skip


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "reason_id": one.id, "change_reason_kind": one.kind, "reason_title": one.title, "reason_text": one.text,
        "outcome_dataset_id": one.dataset, "metric_id": one.metric, "entity_id": one.entity, "reason_start": one.start,
        "reason_end": one.end, **_cited(one.source),
    }  # fmt: skip
