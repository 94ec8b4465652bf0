"""A large dataset once more in parts that suit people: CSV files that open in a spreadsheet, cut by body and year.

Belongs here: cutting the whole CSV file into files. Does not belong here: the whole files (published/formats), or Parquet in parts
(partitions.py).

A cut is for eyes, the whole file for programs. So a cut begins with a byte order mark, without which Excel misreads every
letter beyond ASCII; a cell that a spreadsheet might take for a formula has an apostrophe in front; and no file has more
rows than a sheet. All else are the bytes of the whole file, which cost nothing to write again.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from published.csv_lines import CsvLines
from published.formula_cells import harmless, lines_with_formulas
from published.metadata.checksums import sha256
from published.metadata.data_package import Stored
from published.reports.text import folder_name
from published.runs import runs
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset

SHEET_ROWS = 1_048_576
"""Rows of a sheet in Excel and LibreOffice, the heading among them."""
INDEX = "index.csv"
MARK = "SAMPLE-"
BETWEEN = "\x1f"

Values = tuple[str, ...]
"""Values of the columns that a dataset is cut by; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines of one file, numbered from 0; `end` is the line after the last. One that has a formula stands alone."""

    start: int
    end: int
    cut: Values
    file: int
    has_formula: bool


def write_cuts(
    con: DuckDBPyConnection, dataset: Dataset, folder: Path, *, is_sample: bool, sheet_rows: int = SHEET_ROWS
) -> dict[str, Stored]:
    """Writes the cuts of `dataset` under the release's `folder`, where its CSV and Parquet file stand, and their index. By
    path; nothing where it has no cuts.

    One pass in the order of the files; lines of one cut need not stand together. A cut with more lines than a sheet
    holds goes on in a second file. Files of a sample say so in their names, as their text cannot.
    """
    if dataset.cuts is None:
        return {}
    root = folder / dataset.cuts.folder
    root.mkdir()
    cutter = _Cutter(root, dataset, MARK if is_sample else "")
    with ExitStack() as closing:
        closing.callback(cutter.close)
        lines = CsvLines(closing.enter_context((folder / f"{dataset.name}.csv").open("rb")))
        heading = b"".join(lines.take(1))
        for piece in _pieces(con, dataset, folder / f"{dataset.name}.parquet", sheet_rows - 1):
            text = lines.take(piece.end - piece.start)
            cutter.write(piece, heading, [harmless(dataset, b"".join(text))] if piece.has_formula else text)
    return _stored(cutter, dataset, folder)


def _pieces(con: DuckDBPyConnection, dataset: Dataset, parquet: Path, room: int) -> Iterator[Piece]:
    """Every line once, in order; `room` is how many a file takes."""
    formulas = iter([*lines_with_formulas(con, dataset, parquet), -1])
    formula = next(formulas)
    rows: Counter[Values] = Counter()
    for first, last, cut in _runs(con, dataset, parquet):
        start = first
        while start < last:
            number, used = divmod(rows[cut], room)
            end = min(last, start + room - used)
            while start <= formula < end:
                if start < formula:
                    yield Piece(start, formula, cut, number, has_formula=False)
                yield Piece(formula, formula + 1, cut, number, has_formula=True)
                rows[cut] += formula + 1 - start
                start, formula = formula + 1, next(formulas)
            if start < end:
                yield Piece(start, end, cut, number, has_formula=False)
                rows[cut] += end - start
                start = end


def _runs(con: DuckDBPyConnection, dataset: Dataset, parquet: Path) -> Iterator[tuple[int, int, Values]]:
    """First line, line after the last and values of each run of lines with the same values."""
    by = dataset.cuts.by if dataset.cuts else ()
    joined = " || chr(31) || ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), '')" for name in by)
    reader = con.execute(f"SELECT {joined} AS cut FROM read_parquet({literal(str(parquet))})").to_arrow_reader(500_000)
    before = 0
    for batch in reader:
        for start, end, cut in runs(batch.column(0)):
            yield before + start, before + end, tuple(cut.split(BETWEEN))
        before += batch.num_rows


@dataclass(slots=True)
class _Cutter:
    """Appends lines to the files of the cuts; one file is open at a time, with the rows that it has."""

    root: Path
    dataset: Dataset
    mark: str
    files: Counter[tuple[Values, int]] = field(default_factory=Counter)
    """Rows of each file, by its values and number."""
    current: tuple[Values, int] | None = None
    file: BinaryIO | None = None

    def write(self, piece: Piece, heading: bytes, text: Iterable[bytes]) -> None:
        wanted = (piece.cut, piece.file)
        if self.file is None or wanted != self.current:
            self.close()
            path = self.path(*wanted)
            path.parent.mkdir(exist_ok=True)
            self.current, self.file = wanted, path.open("ab")
            if wanted not in self.files:
                self.file.write(BOM_UTF8 + heading)
        self.file.writelines(text)
        self.files[wanted] += piece.end - piece.start

    def close(self) -> None:
        if self.file is not None:
            self.file.close()

    def path(self, cut: Values, number: int) -> Path:
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
        paths = {cutter.path(*one): (one[0], rows) for one, rows in cutter.files.items()}
        for path, (cut, rows) in sorted(paths.items()):
            name = path.relative_to(folder).as_posix()
            title = f"{dataset.title}: {', '.join(value or 'no value' for value in cut)}"
            found[name] = Stored(name, path.stat().st_size, sha256(path), title, rows)
            lines.writerow(
                [*cut, path.relative_to(cutter.root).as_posix(), rows, found[name].bytes, found[name].sha256]
            )
    name = index.relative_to(folder).as_posix()
    found[name] = Stored(name, index.stat().st_size, sha256(index), f"{dataset.title}: list of the files", len(found))
    return found
