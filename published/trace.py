"""The way back from a published figure: query, inputs, snapshot, file, sheet, line, and the raw cells read again from the bytes.

Belongs here: reading a release's rows and the stored bytes they name. Does not belong here: how a file is read into a grid
(sources.readers). Nothing is taken from memory: the cells shown are those that stand in the stored copy now.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.errors import UsageError
from sources.readers import read_content
from sources.schema.duckdb_sql import literal, quoted
from sources.snapshots import stored_bytes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES = 3
"""How many lines of one source a score's trace reads back from the bytes."""
OWNER = ("entity_id", "publisher_id")


def trace_transaction(release: Path, snapshots: Path, transaction_id: str) -> dict[str, Any]:
    """Raises UsageError where the release has no such transaction."""
    with _opened() as con:
        query = f"SELECT * FROM 'transactions.parquet' WHERE transaction_id = {literal(transaction_id)}"
        found = _rows(con, release, "transactions", "transaction_id = ?", [transaction_id])
        if not found:
            raise UsageError(
                f"release {release.name} has no transaction {transaction_id}; ids stand in the first column of transactions.csv"
            )
        line = found[0]
        files = _rows(con, release, "distributions", "distribution_id = ?", [line["distribution_id"]])
        heading = files[0].get("header_line") if files else None
        name = files[0]["file_name"] if files else str(line["source_path"]).rsplit("/", 1)[-1]
        return {
            "release": release.name,
            "channel": release.parent.name,
            "query": query,
            "published_as": {key: value for key, value in line.items() if value is not None},
            "reader_version": files[0]["reader_version"] if files else None,
            "source": source_of(snapshots, line, name, heading),
        }


def source_of(snapshots: Path, line: dict[str, Any], name: str, heading: int | None = None) -> dict[str, Any]:
    """File, snapshot, sheet and line of a published row, and the cells that its stored bytes hold there.

    `proof` says in words what was proved: that the stored bytes have the checksum published, or why that cannot be.
    """
    sha256 = str(line["snapshot_sha256"])
    found: dict[str, Any] = {
        "file_name": name,
        "source_url": line.get("source_url"),
        "source_path": line.get("source_path"),
        "snapshot_sha256": sha256,
        "sheet": line.get("sheet") or "",
        "line_number": line["line_number"],
        "heading": None,
        "raw_cells": None,
        "raw_line": None,
    }
    path, is_original = stored_bytes(snapshots, sha256)
    if path is None:
        return {**found, "proof": "the stored copy is not in this home, so the cells cannot be read back here"}
    data = path.read_bytes()
    if is_original and hashlib.sha256(data).hexdigest() != sha256:
        return {**found, "proof": f"THE STORED COPY IS DAMAGED: {path} has another checksum; restore it from a copy"}
    content = read_content(data, name)
    for grid in content.grids:
        if grid.sheet == found["sheet"] and line["line_number"] in grid.lines:
            lines = list(grid.lines)
            found["raw_cells"] = grid.rows[lines.index(line["line_number"])]
            if heading in lines:
                found["heading"] = grid.rows[lines.index(heading)]
            break
    if content.container in {"csv", "text", "tsv"} or (content.delimiter and content.encoding):
        physical = data.splitlines()
        if 0 < line["line_number"] <= len(physical):
            found["raw_line"] = physical[line["line_number"] - 1].decode(content.encoding or "utf-8", "replace")
    if found["raw_cells"] is None:
        return {
            **found,
            "proof": f"the stored copy is whole, but holds no sheet and line of that name; is {name} read by other code?",
        }
    kept = "the bytes as published, whose checksum is the one in the release"
    return {
        **found,
        "proof": f"read back from {path}: {kept if is_original else 'a copy from which lines were taken down'}",
    }


def trace_score(release: Path, snapshots: Path, entity_id: str, period: str | None = None) -> dict[str, Any]:
    """The index of a body in a period (its last with a value where none is given), down to measures, inputs and lines.

    Raises UsageError where the release has no score of the body or the period.
    """
    with _opened() as con:
        scores = _rows(con, release, "scores", "entity_id = ?", [entity_id])
        if not scores:
            raise UsageError(f"release {release.name} has no scores of {entity_id}; `publicvalue score` lists who has")
        periods = sorted({one["period_label"] for one in scores if one["score"] is not None})
        chosen = period or (periods[-1] if periods else max(one["period_label"] for one in scores))
        if chosen not in {one["period_label"] for one in scores}:
            raise UsageError(
                f"{entity_id} has no scores for {chosen}; there are those of {', '.join(periods) or 'none'}"
            )
        where, values = "entity_id = ? AND period_label = ?", [entity_id, chosen]
        catalogue = {one["measure_id"]: one for one in _rows(con, release, "measures", "true", [])}
        measures = [
            _measure(con, release, snapshots, one, catalogue.get(one["measure_id"], {}), entity_id)
            for one in _rows(con, release, "measure_values", where, values)
            if one["value"] is not None
        ]
        return {
            "release": release.name,
            "channel": release.parent.name,
            "entity_id": entity_id,
            "period_label": chosen,
            "query": f"SELECT * FROM 'scores.parquet' WHERE entity_id = {literal(entity_id)} AND period_label = {literal(chosen)}",
            "scores": [
                {
                    name: one[name]
                    for name in (
                        "score_level",
                        "score_item",
                        "score",
                        "interval_low",
                        "interval_high",
                        "withheld_reason",
                    )
                }
                for one in scores
                if one["period_label"] == chosen and (one["score"] is not None or one["score_level"] == "index")
            ],
            "measures": measures,
        }


def _measure(  # noqa: PLR0917 - private, called once
    con: DuckDBPyConnection,
    release: Path,
    snapshots: Path,
    value: dict[str, Any],
    declared: dict[str, Any],
    entity_id: str,
) -> dict[str, Any]:
    kept = (
        "measure_id",
        "breakdown",
        "value",
        "measure_unit",
        "value_low",
        "value_high",
        "score",
        "is_scored",
        "method_version",
    )
    return {
        **{name: value[name] for name in kept},
        "name": declared.get("measure_name"),
        "formula": declared.get("formula"),
        "inputs": [_input(con, release, snapshots, source, entity_id) for source in value["input_sources"] or ()],
    }


def _input(con: DuckDBPyConnection, release: Path, snapshots: Path, source: str, entity_id: str) -> dict[str, Any]:
    """The rows of a dataset of the release, or of an outcome dataset, that are about the body; a few of them read back."""
    dataset, _, part = source.partition(":")
    condition: str
    bound: list[Any]
    condition, bound = ("outcome_dataset_id = ? AND ", [part]) if part else ("", [])
    if not (release / f"{dataset}.parquet").is_file():
        return {"source": source, "query": None, "rows": None}
    columns = _columns(con, release, dataset)
    owner = next((name for name in OWNER if name in columns), None)
    where = f"{condition}{quoted(owner)} = ?" if owner else f"{condition}true"
    if owner:
        bound.append(entity_id)
    shown = where
    for one in bound:
        shown = shown.replace("?", literal(one), 1)
    (rows,) = con.execute(f"SELECT count(*) FROM {_file(release, dataset)} WHERE {where}", bound).fetchall()[0]
    found: dict[str, Any] = {
        "source": source,
        "query": f"SELECT * FROM '{dataset}.parquet' WHERE {shown}",
        "rows": rows,
    }
    if {"snapshot_sha256", "line_number", "distribution_id"} <= columns.keys():
        lines = _rows(con, release, dataset, f"{where} ORDER BY ALL LIMIT {EXAMPLES}", bound)
        found["examples"] = [source_of(snapshots, one, _name(con, release, one)) for one in lines]
    return found


def _name(con: DuckDBPyConnection, release: Path, line: dict[str, Any]) -> str:
    for dataset in ("distributions", "outcome_files"):
        if found := _rows(con, release, dataset, "distribution_id = ?", [line["distribution_id"]]):
            return str(found[0]["file_name"])
    return str(line.get("source_path") or "").rsplit("/", 1)[-1]


def _opened() -> closing[DuckDBPyConnection]:
    import duckdb  # noqa: PLC0415 - only a trace pays for it

    return closing(duckdb.connect(config={"threads": 2, "memory_limit": "800MB"}))


def _file(release: Path, dataset: str) -> str:
    return f"read_parquet({literal(str(release / f'{dataset}.parquet'))})"


def _columns(con: DuckDBPyConnection, release: Path, dataset: str) -> dict[str, str]:
    return {
        name: kind for name, kind, *_ in con.execute(f"DESCRIBE SELECT * FROM {_file(release, dataset)}").fetchall()
    }


def _rows(con: DuckDBPyConnection, release: Path, dataset: str, where: str, bound: list[Any]) -> list[dict[str, Any]]:
    cursor = con.execute(f"SELECT * FROM {_file(release, dataset)} WHERE {where}", bound)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
