"""A large dataset once more in parts that suit people: CSV files that open in a spreadsheet, cut by body and year.

Belongs here: cutting one sorted pass into files. Does not belong here: the whole files (published/formats), or Parquet in parts
(partitions.py).

A cut is for eyes, the whole file for programs. So a cut begins with a byte order mark, without which Excel misreads every
letter beyond ASCII; a cell that a spreadsheet might take for a formula has an apostrophe in front; and no file has more
rows than a sheet.
"""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from published.formats.columns import LIST_SEPARATOR
from published.metadata.checksums import sha256
from published.metadata.data_package import Stored
from published.reports.text import FORMULA, folder_name
from published.runs import runs
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset
    from sources.schema.model import Field

SHEET_ROWS = 1_048_576
"""Rows of a sheet in Excel and LibreOffice, the heading among them."""
BATCH_ROWS = 50_000
INDEX = "index.csv"
MARK = "SAMPLE-"
CUT = "cut"
BETWEEN = "\x1f"

Values = tuple[str, ...]
"""Values of the columns that a dataset is cut by; empty where there is none."""


def write_cuts(
    con: DuckDBPyConnection,
    dataset: Dataset,
    parquet: Path,
    folder: Path,
    *,
    is_sample: bool,
    sheet_rows: int = SHEET_ROWS,
) -> dict[str, Stored]:
    """Writes the cuts of `dataset` under the release's `folder`, and their index. By path; nothing where it has no cuts.

    One pass in the order of the Parquet file; lines of one cut need not stand together. A cut with more lines than a sheet
    holds goes on in a second file. Files of a sample say so in their names, as their text cannot.
    """
    if dataset.cuts is None:
        return {}
    root = folder / dataset.cuts.folder
    root.mkdir()
    cutter = _Cutter(root, dataset, MARK if is_sample else "", sheet_rows)
    values = " || chr(31) || ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), '')" for name in dataset.cuts.by)
    columns = ", ".join(_cell(column) for column in dataset.fields)
    reader = con.execute(
        f"SELECT {values} AS {CUT}, {columns} FROM read_parquet({literal(str(parquet))})"
    ).to_arrow_reader(BATCH_ROWS)
    with ExitStack() as closing:
        closing.callback(cutter.close)
        for batch in reader:
            for start, end, joined in runs(batch.column(CUT)):
                cutter.write(tuple(joined.split(BETWEEN)), batch.slice(start, end - start).drop_columns([CUT]))
    return _stored(cutter, dataset, folder)


@dataclass(slots=True)
class _Cutter:
    """Appends lines to the files of the cuts; one file is open at a time."""

    root: Path
    dataset: Dataset
    mark: str
    sheet_rows: int
    rows: Counter[Values] = field(default_factory=Counter)
    files: dict[Path, tuple[Values, int]] = field(default_factory=dict)
    """Values and rows of each file."""
    current: Path | None = None
    file: BinaryIO | None = None

    def write(self, cut: Values, lines: Any) -> None:
        from pyarrow.csv import WriteOptions, write_csv  # noqa: PLC0415 - only a release build pays for it

        room = self.sheet_rows - 1
        while lines.num_rows:
            number, used = divmod(self.rows[cut], room)
            part = lines.slice(0, room - used)
            write_csv(part, self._open(cut, number), WriteOptions(include_header=False))
            self.rows[cut] += part.num_rows
            path = self._path(cut, number)
            self.files[path] = (cut, self.files.get(path, (cut, 0))[1] + part.num_rows)
            lines = lines.slice(part.num_rows)

    def close(self) -> None:
        if self.file is not None:
            self.file.close()

    def _open(self, cut: Values, number: int) -> BinaryIO:
        path = self._path(cut, number)
        if self.file is None or path != self.current:
            self.close()
            path.parent.mkdir(exist_ok=True)
            is_new = path not in self.files
            self.current, self.file = path, path.open("ab")
            if is_new:
                heading = ",".join(column.name for column in self.dataset.fields)
                self.file.write(f"\ufeff{heading}\n".encode())
        return self.file

    def _path(self, cut: Values, number: int) -> Path:
        by = self.dataset.cuts.by if self.dataset.cuts else ()
        names = [
            folder_name(value) if value else f"without-{name.replace('_', '-')}"
            for name, value in zip(by, cut, strict=True)
        ]
        more = f"-part-{number + 1}" if number else ""
        return self.root / names[0] / f"{self.mark}{'-'.join(names)}{more}.csv"


def _stored(cutter: _Cutter, dataset: Dataset, folder: Path) -> dict[str, Stored]:
    by = dataset.cuts.by if dataset.cuts else ()
    found = {}
    index = cutter.root / INDEX
    with index.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([*by, "path", "rows", "bytes", "sha256"])
        for path, (cut, rows) in sorted(cutter.files.items()):
            name = path.relative_to(folder).as_posix()
            title = f"{dataset.title}: {', '.join(value or 'no value' for value in cut)}"
            found[name] = Stored(name, path.stat().st_size, sha256(path), title, rows)
            lines.writerow(
                [*cut, path.relative_to(cutter.root).as_posix(), rows, found[name].bytes, found[name].sha256]
            )
    name = index.relative_to(folder).as_posix()
    found[name] = Stored(name, index.stat().st_size, sha256(index), f"{dataset.title}: list of the files", len(found))
    return found


def _cell(column: Field) -> str:
    """The column as a spreadsheet takes it. Most cells begin with a letter or digit, which costs two comparisons to know."""
    name = quoted(column.name)
    if column.type not in {"text", "list", "json"}:
        return name
    text = f"array_to_string({name}, {literal(LIST_SEPARATOR)})" if column.type == "list" else name
    harmless = f"({text} >= '0' AND {text} < ':') OR ({text} >= 'A' AND {text} < '{{')"
    return (
        f"CASE WHEN {harmless} OR NOT regexp_matches({text}, {literal(FORMULA)}) THEN {text} "
        f"ELSE '''' || {text} END AS {name}"
    )
