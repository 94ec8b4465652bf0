"""Writes one dataset as Parquet, typed and totally sorted. The other formats are made from this file, or from the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sources.schema.duckdb_sql import literal, quoted, typed

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset

ROW_GROUP_ROWS = 100_000
"""Small enough that a filter on the leading sort column skips most of a file, large enough to compress well."""


NOTICE = "notice"
"""Key, in the file's own metadata, of what everybody who opens it has to know."""


def write_parquet(con: DuckDBPyConnection, dataset: Dataset, path: Path, notice: str = "") -> None:
    """Sorted by `dataset.order`, so that a reader can skip row groups by publisher and date. Same rows, same bytes.

    `notice` is kept in the file's metadata: that a sample is one.
    """
    columns = ", ".join(typed(field) for field in dataset.fields)
    order = ", ".join(quoted(name) for name in dataset.order)
    con.execute(
        f"COPY (SELECT {columns} FROM {dataset.relation} ORDER BY {order}) TO {literal(str(path))} ({options(notice)})"
    )


class ParquetTables:
    """A Parquet file that grows by sorted tables of one schema, each a row group or more. Same tables, same bytes.

    Its types and metadata are those of `write_parquet`. `rows` is how many it has taken.
    """

    def __init__(self, path: Path, notice: str = "") -> None:
        self.path, self.notice = path, notice
        self.rows = 0
        self._writer: Any = None

    def write(self, table: pa.Table) -> None:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - only a large release pays for it

        if self._writer is None:
            self._writer = ParquetWriter(
                self.path, table.schema, compression="zstd", store_decimal_as_integer=True, store_schema=False
            )
            if self.notice:
                self._writer.add_key_value_metadata({NOTICE: self.notice})
        self._writer.write_table(table, ROW_GROUP_ROWS)
        self.rows += table.num_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._writer is not None:
            self._writer.close()


def options(notice: str = "") -> str:
    """Of COPY, for every Parquet file of a release."""
    said = f", KV_METADATA {{{NOTICE}: {literal(notice)}}}" if notice else ""
    return f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}{said}"


def notice_of(con: DuckDBPyConnection, path: Path) -> str:
    """What `write_parquet` was given; empty where it was given nothing."""
    found = con.execute(
        f"SELECT decode(value) FROM parquet_kv_metadata({literal(str(path))}) WHERE decode(key) = ?", [NOTICE]
    ).fetchall()
    return str(found[0][0]) if found else ""
