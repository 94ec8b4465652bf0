"""A large dataset's Parquet once more, one file for each value of a column: whoever works on one body fetches one small file.

Belongs here: writing the parts in one pass. Does not belong here: the whole file (published/formats/parquet_file.py), which stands
beside the parts whatever their number, so that one line goes on reading everything.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from published.errors import ReleaseError
from published.formats.parquet_file import ROW_GROUP_ROWS
from published.metadata.checksums import sha256
from published.metadata.data_package import Stored
from published.reports.text import folder_name
from published.runs import runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from published.datasets import Dataset


def write_partitions(dataset: Dataset, parquet: Path, folder: Path, *, rows: int) -> dict[str, Stored]:
    """Writes the parts of `dataset`, which has `rows` rows, under the release's `folder`. By path.

    Nothing where it has too few rows to need them. The file has to be sorted by the column first; raises ReleaseError where
    it is not.
    """
    if dataset.partition is None or rows < dataset.partition.from_rows:
        return {}
    (folder / dataset.partition.folder).mkdir()
    found = {}
    for path, value, count in _split(parquet, dataset.partition.by, folder / dataset.partition.folder):
        name = path.relative_to(folder).as_posix()
        found[name] = Stored(name, path.stat().st_size, sha256(path), f"{dataset.title}: {value} (Parquet)", count)
    return found


def _split(parquet: Path, by: str, root: Path) -> Iterator[tuple[Path, str, int]]:
    """Path, value and rows of each part, as it is finished."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only a large release pays for it

    with pq.ParquetFile(parquet) as whole:
        place = whole.schema_arrow.get_field_index(by)
        slices = (
            (value, batch.slice(start, end - start))
            for batch in whole.iter_batches(ROW_GROUP_ROWS, use_threads=False)
            for start, end, value in runs(batch.column(place))
        )
        done = set()
        for value, group in groupby(slices, key=itemgetter(0)):
            if value in done:
                raise ReleaseError(f"{parquet.name} is not sorted by {by}: {value} comes twice. Nothing was released")
            done.add(value)
            path, count = root / f"{folder_name(value)}.parquet", 0
            with pq.ParquetWriter(path, whole.schema_arrow, compression="zstd") as part:
                for _, lines in group:
                    part.write_batch(lines, ROW_GROUP_ROWS)
                    count += lines.num_rows
            yield path, value, count
