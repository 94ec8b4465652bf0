"""A large dataset's Parquet once more, one file for each value of a column: whoever works on one body fetches one small file.

Belongs here: the files of the parts, as sorted rows come. Does not belong here: the whole file, which stands beside the parts whatever
their number, so that one line goes on reading everything (large.py writes both).
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from published.errors import ReleaseError
from published.formats.parquet_file import ParquetTables
from published.metadata.checksums import sha256
from published.metadata.data_package import Stored
from published.reports.text import folder_name
from published.runs import runs

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from published.datasets import Dataset


class Parts:
    """The files of `dataset`, which has a partition, under the release's `folder`; one is open at a time.

    `stored` has each by its path once the rows have ended. Rows have to come sorted by the column.
    """

    def __init__(self, dataset: Dataset, folder: Path, notice: str) -> None:
        if dataset.partition is None:
            raise ValueError(f"{dataset.name} has no partition")
        self.dataset, self.partition, self.folder, self.notice = dataset, dataset.partition, folder, notice
        self.stored: dict[str, Stored] = {}
        self.open = ExitStack()
        self.value: str | None = None
        self.file: ParquetTables | None = None
        (folder / dataset.partition.folder).mkdir()

    def write(self, table: pa.Table) -> None:
        """Raises ReleaseError where a value comes a second time after another."""
        for start, end, value in runs(table.column(self.partition.by).combine_chunks()):
            if self.file is None or value != self.value:
                self._end()
                path = self.folder / self._name(value)
                if path.exists():
                    raise ReleaseError(
                        f"{self.dataset.name} is not sorted by {self.partition.by}: {value} comes twice. Nothing was released"
                    )
                self.value, self.file = value, self.open.enter_context(ParquetTables(path, self.notice))
            self.file.write(table.slice(start, end - start))

    def _end(self) -> None:
        """Closes the file that is open, and notes what it holds."""
        if self.file is None:
            return
        self.open.close()
        name, rows = self._name(str(self.value)), self.file.rows
        title = f"{self.dataset.title}: {self.value} (Parquet)"
        self.stored[name] = Stored(name, self.file.path.stat().st_size, sha256(self.file.path), title, rows)
        self.file = None

    def _name(self, value: str) -> str:
        return f"{self.partition.folder}/{folder_name(value)}.parquet"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        with self.open:
            if raised[0] is None:
                self._end()
