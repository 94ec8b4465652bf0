"""Writes one dataset as Parquet, typed and totally sorted. The other formats are made from this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.schema.duckdb_sql import literal, quoted, typed

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset

ROW_GROUP_ROWS = 100_000
"""Small enough that a filter on the leading sort column skips most of a file, large enough to compress well."""


def write_parquet(con: DuckDBPyConnection, dataset: Dataset, path: Path) -> None:
    """Sorted by `dataset.order`, so that a reader can skip row groups by publisher and date. Same rows, same bytes."""
    columns = ", ".join(typed(field) for field in dataset.fields)
    order = ", ".join(quoted(name) for name in dataset.order)
    con.execute(
        f"COPY (SELECT {columns} FROM {dataset.relation} ORDER BY {order}) TO {literal(str(path))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )
