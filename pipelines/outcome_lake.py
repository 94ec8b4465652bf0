"""The lake of results: every held outcome file read into figures once, cached by content.

Belongs here: what has to be read, what can be taken as it is, and the Parquet files. Does not belong here: how a file is
read (sources.outcome_readers) or what the tables made of it mean (pipelines/transform).

    lake/outcomes/<dataset>/<key>.rows.parquet    one file's figures, columns of lake_outcomes
    lake/outcomes/<dataset>/<key>.file.parquet    its account, one row of core_outcome_files without the counts
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.home import Home
from pipelines.ingest import Holding, Holdings, safe_name
from sources.outcome_readers.figures import Figure, Figures
from sources.outcome_readers.read import read_outcome_file
from sources.outcome_set import OutcomeSet
from sources.schema.arrow import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

SOURCES = Path(__file__).parent.parent / "sources"
READER_PARTS = ("outcome_readers", "outcome_sets.py", "readers", "grid.py")


@dataclass(slots=True)
class OutcomeLake:
    """The files of the lake that stand for what is held, in order; `problems` are for people."""

    rows: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    read_files: int = 0
    problems: list[str] = field(default_factory=list)


def update_outcomes(home: Home, holdings: Holdings, sets: Mapping[str, OutcomeSet]) -> OutcomeLake:
    """Read what is missing. A file that gives nothing has an account with the reason; a dataset without entry is not read."""
    lake = OutcomeLake()
    for dataset_id, held_files in sorted(holdings.items()):
        outcome_set = sets.get(dataset_id)
        if outcome_set is None:
            lake.problems.append(
                f"outcomes/{safe_name(dataset_id)}: no sources/outcomes/{safe_name(dataset_id)}.yaml, so its "
                f"{len(held_files):,} files were listed and not read; add one that names their reader"
            )
        folder = home.lake / "outcomes" / safe_name(dataset_id)
        for holding in held_files:
            base = folder / _key(holding, outcome_set)
            rows, account = base.with_name(f"{base.name}.rows.parquet"), base.with_name(f"{base.name}.file.parquet")
            if not (rows.exists() and account.exists()):
                folder.mkdir(parents=True, exist_ok=True)
                _write(home, holding, outcome_set, rows, account)
                lake.read_files += 1
            lake.rows.append(rows)
            lake.files.append(account)
    return lake


@cache
def outcome_reader_version() -> str:
    """Hash of the code that reads outcome files."""
    digest = hashlib.sha256()
    for part in READER_PARTS:
        path = SOURCES / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(SOURCES).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _key(holding: Holding, outcome_set: OutcomeSet | None) -> str:
    """Everything that the figures and the account of a file depend on."""
    one = holding.distribution
    declared = outcome_set.model_dump_json() if outcome_set else ""
    parts = (
        holding.sha256, holding.reason, holding.detail, outcome_reader_version(), declared,
        one.publisher_id, one.distribution_id, one.path, one.url, one.published_date,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def _write(home: Home, holding: Holding, outcome_set: OutcomeSet | None, rows: Path, account: Path) -> None:
    container, encoding = "unknown", None
    if outcome_set is None:
        found = Figures(reason="not_declared", detail="the dataset has no entry in sources/outcomes")
    elif holding.sha256 is None:
        found = Figures(reason=holding.reason, detail=holding.detail)
    else:
        data = (home.snapshots / "objects" / holding.sha256[:2] / holding.sha256).read_bytes()
        content, found = read_outcome_file(data, holding.distribution.file_name, outcome_set)
        container, encoding = content.container, content.encoding or None
    _save(_table(found.figures, holding), rows)
    _save(_account(found, holding, container, encoding), account)


def _account(found: Figures, holding: Holding, container: str, encoding: str | None) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    one = holding.distribution
    notes = [{"code": note.code, "detail": note.detail, "line": note.line} for note in found.notes]
    status = "read" if found.reason is None else "explained" if found.reason == "not_declared" else "unreadable"
    schema = arrow_schema("core_outcome_files")
    row: dict[str, Any] = dict.fromkeys(schema.names)
    row |= {
        "distribution_id": one.distribution_id,
        "outcome_dataset_id": one.dataset_id,
        "file_name": one.file_name,
        "source_url": one.url,
        "source_path": one.path,
        "published_date": one.published_date,
        "snapshot_sha256": holding.sha256,
        "byte_count": holding.byte_count,
        "file_status": status,
        "file_reason_code": found.reason,
        "reason_detail": found.detail or None,
        "container": container,
        "encoding": encoding,
        "notes": json.dumps(notes, ensure_ascii=False),
        "reader_version": outcome_reader_version(),
    }
    return pa.Table.from_pylist([row], schema=schema)


def _table(figures: list[Figure], holding: Holding) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    one = holding.distribution
    count = len(figures)
    entities = [figure.entity for figure in figures]
    periods = [figure.period for figure in figures]
    columns: dict[str, list[Any]] = {
        "outcome_dataset_id": [one.dataset_id] * count,
        "distribution_id": [one.distribution_id] * count,
        "snapshot_sha256": [holding.sha256] * count,
        "entity_code": [entity and _text(entity.code) for entity in entities],
        "entity_name": [entity and _text(entity.name) for entity in entities],
        "entity_kind": [entity and entity.kind for entity in entities],
        "entity_group": [entity and _text(entity.group) for entity in entities],
        "metric_id": [_text(figure.metric) for figure in figures],
        "period_label": [figure.period.label if figure.period else _text(figure.undated) for figure in figures],
        "period_start": [period and period.start for period in periods],
        "period_end": [period and period.end for period in periods],
        "breakdown": [_json(figure.breakdown) for figure in figures],
        "value": [figure.value.number for figure in figures],
        "value_raw": [_text(figure.value.raw) for figure in figures],
        "sample_size": [figure.sample_size for figure in figures],
        "outcome_status": [figure.value.status for figure in figures],
        "outcome_flags": [list(figure.flags) for figure in figures],
        "attributes": [_json(figure.attributes) for figure in figures],
        "sheet": [_text(figure.sheet) for figure in figures],
        "line_number": [figure.line for figure in figures],
        "source_column": [_text(figure.column) for figure in figures],
    }
    return pa.table(columns, schema=arrow_schema("lake_outcomes"))


def _text(text: str) -> str | None:
    """Empty is NULL; half characters of a broken encoding are replaced, since Parquet holds UTF-8."""
    return text.encode("utf-8", "replace").decode() or None


def _json(facts: Mapping[str, str]) -> str | None:
    return json.dumps(dict(sorted(facts.items())), ensure_ascii=False) if facts else None


def _save(table: pa.Table, target: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - see sources.schema.arrow

    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    pq.write_table(table, aside, compression="zstd")
    aside.replace(target)
