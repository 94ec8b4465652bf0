"""Cells of a dataset that a spreadsheet might take for a formula: which lines have one, and such a line made harmless.

Belongs here: finding and changing them in CSV. Does not belong here: what counts as a formula (reports/text.py).
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from published.formats.columns import for_csv
from published.reports.text import FORMULA
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset
    from sources.schema.model import Field

CELL = re.compile(r'("(?:[^"]|"")*"|[^",\n]*)(,|\n)')
STARTS = re.compile(FORMULA, re.ASCII)
TEXT = frozenset({"text", "list", "json"})
PLAIN = frozenset(["", *ascii_letters, *digits])
"""How most cells begin, which saves looking further."""


def is_formula(cell: str) -> str:
    """DuckDB's condition for the expression `cell`. Most texts begin with a letter or digit, which costs two comparisons to know,
    a tenth of what the pattern costs.
    """
    return (
        f"NOT (({cell} >= '0' AND {cell} < ':') OR ({cell} >= 'A' AND {cell} < '{{')) "
        f"AND regexp_matches({cell}, {literal(FORMULA)})"
    )


def lines_with_formulas(con: DuckDBPyConnection, dataset: Dataset, parquet: Path) -> list[int]:
    """Numbers of the lines, from 0, in order. A column at a time, so that a text that repeats is looked at once."""
    source = f"read_parquet({literal(str(parquet))}, file_row_number = true)"
    asked = [
        f"SELECT file_row_number AS line FROM (SELECT file_row_number, {for_csv(field)} FROM {source}) "
        f"WHERE {is_formula(quoted(field.name))}"
        for field in _texts(dataset)
    ]
    return [line for (line,) in con.execute(f"{' UNION '.join(asked)} ORDER BY line").fetchall()]


def harmless(dataset: Dataset, line: bytes) -> bytes:
    """One line of the dataset's CSV, which ends with a line feed, with an apostrophe in front of each such cell."""
    cells = zip(dataset.fields, CELL.findall(line.decode()), strict=True)
    return "".join(
        cell + end if field.type not in TEXT or cell[:1] in PLAIN else _harmless(cell) + end
        for field, (cell, end) in cells
    ).encode()


def _harmless(cell: str) -> str:
    text = cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
    if not STARTS.search(text):
        return cell
    return f"\"'{cell[1:]}" if cell.startswith('"') else f"'{cell}"


def _texts(dataset: Dataset) -> list[Field]:
    return [field for field in dataset.fields if field.type in TEXT]
