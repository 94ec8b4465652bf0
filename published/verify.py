"""Reads a finished release back and compares it with the warehouse: rows and sums of money, format by format.

Belongs here: what has to agree. Does not belong here: checksums (published/metadata/checksums.py).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from published.errors import ReleaseError
from published.formats.columns import pence_name
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset, Link


@dataclass(frozen=True, slots=True)
class Control:
    """Rows of a dataset, and the sum of each money field in pounds (None where no value is present)."""

    rows: int
    totals: dict[str, Decimal | None]


def warehouse_control(con: DuckDBPyConnection, dataset: Dataset) -> Control:
    return _control(con, dataset, dataset.relation)


def parquet_control(con: DuckDBPyConnection, dataset: Dataset, path: Path) -> Control:
    return _control(con, dataset, f"read_parquet({literal(str(path))})")


def csv_control(con: DuckDBPyConnection, dataset: Dataset, path: Path) -> Control:
    """Parsed strictly and without sniffing: every line must have every column."""
    columns = ", ".join(f"{literal(field.name)}: 'VARCHAR'" for field in dataset.fields)
    return _control(
        con,
        dataset,
        f"read_csv({literal(str(path))}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"strict_mode=true, max_line_size=8388608, buffer_size=33554432, columns={{{columns}}})",
    )


def sqlite_control(path: Path, dataset: Dataset) -> Control:
    sums = "".join(f", sum({quoted(pence_name(name))})" for name in dataset.money)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as sqlite:
        rows, *pence = sqlite.execute(f"SELECT count(*){sums} FROM {quoted(dataset.name)}").fetchone()
    totals = [None if value is None else Decimal(value).scaleb(-2) for value in pence]
    return Control(rows, dict(zip(dataset.money, totals, strict=True)))


def agree(dataset: Dataset, wanted: Control, **found: Control) -> None:
    """Raises ReleaseError naming dataset and format where one does not hold what the warehouse holds."""
    for name, control in found.items():
        if control != wanted:
            raise ReleaseError(
                f"{dataset.name}: {name} holds {control.rows} rows with totals {_shown(control)}, the warehouse "
                f"{wanted.rows} with {_shown(wanted)}. Nothing was released. Run again; if it repeats, report it"
            )


def key_holds(con: DuckDBPyConnection, dataset: Dataset, path: Path) -> bool:
    """Whether the key has a value in every row. Raises ReleaseError where two rows share one, as nothing could be cited."""
    key = [quoted(name) for name in dataset.key]
    complete = " AND ".join(f"{name} IS NOT NULL AND CAST({name} AS VARCHAR) <> ''" for name in key)
    source = f"read_parquet({literal(str(path))})"
    rows, filled, distinct = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {complete}), "
        f"(SELECT count(*) FROM (SELECT DISTINCT {', '.join(key)} FROM {source})) FROM {source}"
    ).fetchall()[0]
    if distinct != rows:
        raise ReleaseError(
            f"{dataset.name}: {rows - distinct} rows repeat the key {', '.join(dataset.key)} of another. "
            f"Nothing was released. Find them in the warehouse's {dataset.table}"
        )
    return bool(filled == rows)


def link_holds(con: DuckDBPyConnection, link: Link, path: Path, target: Path) -> bool:
    """Whether every value of the link's column, where it has one, is a key of the target."""
    column = quoted(link.field)
    orphan = con.execute(
        f"SELECT 1 FROM read_parquet({literal(str(path))}) s ANTI JOIN read_parquet({literal(str(target))}) t "
        f"ON s.{column} = t.{column} WHERE s.{column} IS NOT NULL LIMIT 1"
    ).fetchall()
    return not orphan


def _control(con: DuckDBPyConnection, dataset: Dataset, relation: str) -> Control:
    sums = "".join(f", sum(CAST({quoted(name)} AS DECIMAL(18,2)))" for name in dataset.money)
    rows, *totals = con.execute(f"SELECT count(*){sums} FROM {relation}").fetchall()[0]
    return Control(rows, dict(zip(dataset.money, totals, strict=True)))


def _shown(control: Control) -> str:
    return ", ".join(f"{name}={value}" for name, value in control.totals.items()) or "none"
