"""Fills the small tables that the measures' formulas read: in_<name> for each SELECT in pipelines/scoring/inputs.

Belongs here: the way from the warehouse's tables to formulas. Does not belong here: any formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).parent / "inputs"

MACROS = """
CREATE OR REPLACE TEMP MACRO fy_end(d) AS make_date(year(d + INTERVAL 9 MONTH)::BIGINT, 3, 31);
CREATE OR REPLACE TEMP MACRO fy_label(d) AS printf('%d-%02d', year(fy_end(d)) - 1, year(fy_end(d)) % 100);
"""
"""The financial year, April to March, that a day lies in: its last day, and its name."""


POSSIBLE = """
CREATE OR REPLACE TEMP VIEW possible_outcomes AS
SELECT * FROM core_outcomes WHERE NOT coalesce(list_contains(outcome_flags, 'out_of_range'), false)
"""
"""Figures that can be: one beyond its metric's bounds, as -1% or 103%, is published with its flag and nothing is made of it."""


@cache
def columns() -> dict[str, list[str]]:
    """Columns of every input table, as SQL."""
    loaded: dict[str, list[str]] = yaml.safe_load((HERE / "columns.yaml").read_text(encoding="utf-8"))
    return loaded


def create_empty(con: duckdb.DuckDBPyConnection) -> None:
    """Make every input table anew and empty, with the macros that formulas use."""
    con.execute(MACROS)
    for name, declared in columns().items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE in_{name} ({', '.join(declared)})")


def give(con: duckdb.DuckDBPyConnection, rows: Mapping[str, Iterable[Sequence[Any]]]) -> None:
    """Put rows into input tables by hand: for worked examples. KeyError for a table that is none."""
    for name, values in rows.items():
        width = len(columns()[name])
        con.executemany(f"INSERT INTO in_{name} VALUES ({', '.join('?' * width)})", [list(row) for row in values])


def fill(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Fill every input table from the warehouse's. `ref_as_of()` and `ref_deflator` are bound here where they are not."""
    con.execute(f"CREATE OR REPLACE TEMP MACRO ref_as_of() AS DATE '{as_of.isoformat()}'")
    _deflator(con)
    con.execute(POSSIBLE)
    create_empty(con)
    for name in columns():
        con.execute(f"INSERT INTO in_{name} BY NAME {(HERE / f'{name}.sql').read_text(encoding='utf-8')}")


def _deflator(con: duckdb.DuckDBPyConnection) -> None:
    from sources import codelists  # noqa: PLC0415 - not needed for worked examples

    con.execute("CREATE OR REPLACE TEMP TABLE ref_deflator (financial_year VARCHAR, factor DOUBLE)")
    rows = [[year, float(100 / index)] for year, index in sorted(codelists.gdp_deflator().items())]
    con.executemany("INSERT INTO ref_deflator VALUES (?, ?)", rows)
