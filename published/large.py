"""A large dataset in one sorted pass: each group of rows goes into the whole Parquet file, into the file of its part, and on to
whoever else takes rows in this order.

Belongs here: which datasets are large, and what happens side by side. Does not belong here: the order (sorted_groups.py), the parts
(partitions.py).
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from published.errors import ReleaseError
from published.formats.parquet_file import ParquetTables
from published.partitions import Parts
from published.sorted_groups import GROUP_ROWS, sorted_groups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset
    from published.metadata.data_package import Stored


def is_large(dataset: Dataset, rows: int) -> bool:
    """Whether the dataset, which has `rows` rows, is also published in parts."""
    return dataset.partition is not None and rows >= dataset.partition.from_rows


def write_large(
    con: DuckDBPyConnection,
    dataset: Dataset,
    folder: Path,
    *,
    notice: str,
    also: Callable[[pa.Table], None],
    group_rows: int = GROUP_ROWS,
) -> dict[str, Stored]:
    """Writes the whole and its parts under the release's `folder`, and gives every group to `also`. Returns the parts, by path.

    Raises ReleaseError where the parts do not add up to the whole. Two groups are held at a time: one is read and sorted while
    the one before is written.
    """
    under_way: list[Future[None]] = []
    rows = 0
    with (
        ThreadPoolExecutor(2) as pool,
        ParquetTables(folder / f"{dataset.name}.parquet", notice) as whole,
        Parts(dataset, folder, notice) as parts,
    ):
        for table in sorted_groups(con, dataset, group_rows):
            for written in under_way:
                written.result()
            under_way = [pool.submit(whole.write, table), pool.submit(parts.write, table)]
            also(table)
            rows += table.num_rows
        for written in under_way:
            written.result()
    held = sum(part.rows or 0 for part in parts.stored.values())
    if held != rows:
        raise ReleaseError(f"{dataset.name}: its parts hold {held} rows, the whole {rows}. Nothing was released")
    return parts.stored
