"""The Parquet files of the lake: written whole or not at all. Runs in the worker processes.

Belongs here: one file's rows and account on the disk, and many put together. Does not belong here: which are needed.
"""

from __future__ import annotations

import base64
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.inputs import Distribution
from sources.reading import read_distribution, reader_version
from sources.registry import Publisher
from sources.schema.arrow import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.ingest import Holding

ACCOUNT = b"publicvalue.lake_files"
"""Key of the Parquet metadata that holds the account: one row of lake_files, as an Arrow stream in base64."""
GROUP_ROWS = 131_072
MOSTLY_DISTINCT = frozenset(
    {"row_hash", "occurrence", "line_number", "payment_date", "amount_gbp", "amount_raw", "transaction_number", "raw_cells", "extra"}
)  # fmt: skip
"""Columns for which Parquet's dictionary costs more than it saves: without it they take less room, in half the time."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Read the snapshot at `object_path` into `target`."""

    distribution: Distribution
    publisher: Publisher
    sha256: str
    byte_count: int
    object_path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class CompactTask:
    """Put `members` together, in this order, into `rows` and `files`."""

    members: list[Path]
    rows: Path
    files: Path


def read_into(task: ReadTask) -> None:
    """Raises whatever the reader does; the caller makes it that file's reason."""
    # Reading makes millions of small objects and no cycles: looking for some costs a tenth of the time.
    gc.disable()
    try:
        reading = read_distribution(task.object_path.read_bytes(), task.distribution, task.publisher, task.sha256)
        _write_member(task.target, reading.rows, reading.file)
    finally:
        gc.enable()


def write_unread(target: Path, holding: Holding, publisher: Publisher) -> None:
    """An account without rows, for a file that gave none: `holding.reason` says why."""
    import json  # noqa: PLC0415 - see sources.schema.arrow

    schema = arrow_schema("lake_files")
    one = holding.distribution
    account: dict[str, Any] = dict.fromkeys(schema.names)
    account |= {
        "publisher_id": publisher.id,
        "distribution_id": one.distribution_id,
        "snapshot_sha256": holding.sha256,
        "file_name": one.file_name,
        "source_path": one.path,
        "source_url": one.url,
        "published_date": one.published_date,
        "byte_count": holding.byte_count,
        "series": "unknown",
        "file_status": "explained" if holding.reason == "taken_down" else "unreadable",
        "file_reason_code": holding.reason,
        "container": "unknown",
        "columns": "[]",
        "notes": json.dumps([{"code": holding.reason, "detail": holding.detail, "line": None}], ensure_ascii=False),
        "physical_line_count": 0,
        "row_count": 0,
        "transaction_count": 0,
        "set_aside_count": 0,
        "total_gbp": Decimal("0.00"),
        "date_order": "none",
        "period_evidence": "none",
        "reader_version": reader_version(),
    }
    _write_member(target, arrow_schema("lake_rows").empty_table(), account)


def compact(task: CompactTask) -> None:
    """Rows in the order of the members, in groups of about GROUP_ROWS, so that few files are opened later."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    task.rows.parent.mkdir(parents=True, exist_ok=True)
    accounts: list[pa.Table] = []
    aside = _aside(task.rows)
    if len(task.members) == 1 and _is_lasting(row_count(task.members[0])):
        with pq.ParquetFile(task.members[0]) as file:
            accounts.append(_account(file))
        aside.unlink(missing_ok=True)
        os.link(task.members[0], aside)  # it was written as it has to be
    else:
        _together(task.members, accounts, aside)
    files_aside = _aside(task.files)
    pq.write_table(pa.concat_tables(accounts), files_aside, compression="zstd")
    for path in (aside, files_aside):
        with path.open("rb") as written:
            os.fsync(written.fileno())
    aside.replace(task.rows)
    files_aside.replace(task.files)


def _together(members: list[Path], accounts: list[pa.Table], target: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pq.ParquetWriter(target, arrow_schema("lake_rows"), **_lasting()) as writer:
        waiting: list[pa.Table] = []
        for rows in _rows_of(members, accounts):
            waiting.append(rows)
            if sum(table.num_rows for table in waiting) >= GROUP_ROWS:
                writer.write_table(pa.concat_tables(waiting), row_group_size=GROUP_ROWS)
                waiting = []
        if waiting:
            writer.write_table(pa.concat_tables(waiting), row_group_size=GROUP_ROWS)


def _is_lasting(rows: int) -> bool:
    """Whether a file of so many rows is written at once as it would be put together: alone, it need not be written again."""
    return rows >= GROUP_ROWS


def _lasting() -> dict[str, Any]:
    """How rows are written that later work reads, column by column."""
    repeating = [name for name in arrow_schema("lake_rows").names if name not in MOSTLY_DISTINCT]
    return {"compression": "zstd", "use_dictionary": repeating}


def _passing() -> dict[str, Any]:
    """How rows are written that compact() alone reads: for small files half the work."""
    return {"compression": "lz4", "use_dictionary": False, "write_statistics": False}


def row_count(path: Path) -> int:
    """Rows of a Parquet file, by its footer."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows: int = pq.read_metadata(path).num_rows
    return rows


def is_whole(path: Path) -> bool:
    """Whether a member can be opened."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path) as file:
            return ACCOUNT in (file.schema_arrow.metadata or {})
    except Exception:  # noqa: BLE001 - any reason will do
        return False


def _rows_of(members: list[Path], accounts: list[pa.Table]) -> Iterator[pa.Table]:
    """The members' rows, a row group at a time; their accounts go to `accounts`."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    for path in members:
        with pq.ParquetFile(path) as file:
            accounts.append(_account(file))
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, use_threads=False).replace_schema_metadata(None)


def _account(member: pq.ParquetFile) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    return pa.ipc.open_stream(base64.b64decode(member.schema_arrow.metadata[ACCOUNT])).read_all()


def _write_member(target: Path, rows: pa.Table, account: dict[str, Any]) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    facts = pa.Table.from_pylist([account], schema=arrow_schema("lake_files"))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, facts.schema) as stream:
        stream.write_table(facts)
    rows = rows.cast(arrow_schema("lake_rows"))
    rows = rows.replace_schema_metadata({ACCOUNT: base64.b64encode(sink.getvalue())})
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(target)
    form = _lasting() if _is_lasting(rows.num_rows) else _passing()
    pq.write_table(rows, aside, row_group_size=GROUP_ROWS, **form)
    aside.replace(target)


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.part")
