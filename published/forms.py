"""The further forms of a dataset, beside its CSV and Parquet file: compressed, cut for spreadsheets.

Belongs here: which further forms a dataset takes, and that they hold all of it. Does not belong here: how each is written, or the
parts of a large dataset, which are made in the same pass as its Parquet file (large.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from published.cuts import INDEX, write_cuts
from published.errors import ReleaseError
from published.formats.gzip_file import write_gzip
from published.metadata.checksums import sha256
from published.metadata.data_package import Stored

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset


def write_forms(
    con: DuckDBPyConnection, dataset: Dataset, folder: Path, *, rows: int, is_sample: bool
) -> dict[str, Stored]:
    """By path in the release's `folder`, where the dataset's CSV and Parquet stand already; `rows` is how many it has.

    Raises ReleaseError where the cuts of a dataset do not add up to it.
    """
    gz = folder / f"{dataset.name}.csv.gz"
    write_gzip(folder / f"{dataset.name}.csv", gz)
    cuts = write_cuts(con, dataset, folder, is_sample=is_sample)
    held = sum(file.rows or 0 for name, file in cuts.items() if not name.endswith(f"/{INDEX}"))
    if cuts and held != rows:
        raise ReleaseError(f"{dataset.name}: its cuts hold {held} rows, the whole {rows}. Nothing was released")
    return {gz.name: Stored(gz.name, gz.stat().st_size, sha256(gz))} | cuts
