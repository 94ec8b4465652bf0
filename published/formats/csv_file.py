"""Writes one dataset as CSV (RFC 4180 quoting, UTF-8, header, LF), in the order of its Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from published.formats.columns import for_csv
from sources.schema.duckdb_sql import literal

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset


def write_csv(con: DuckDBPyConnection, dataset: Dataset, parquet: Path, path: Path) -> None:
    """Cells are pure data, as published: nothing is added to a text that a spreadsheet might take for a formula."""
    columns = ", ".join(for_csv(field) for field in dataset.fields)
    con.execute(
        f"COPY (SELECT {columns} FROM read_parquet({literal(str(parquet))})) TO {literal(str(path))} (FORMAT csv, HEADER)"
    )
