"""Renders the declared tables of sources/schema to DuckDB. Says nothing about what fills them."""

from __future__ import annotations

from sources.schema.duckdb_sql import DUCKDB_TYPES, quoted, typed
from sources.schema.model import Table, table


def create_table(declared: Table) -> str:
    """Statement that makes `declared` anew and empty, columns in declared order.

    No keys or NOT NULL: an index over millions of rows costs more than the whole build, and the invariants prove keys
    once, after it.
    """
    columns = ", ".join(f"{quoted(field.name)} {DUCKDB_TYPES[field.type]}" for field in declared.fields)
    return f"CREATE OR REPLACE TABLE {quoted(declared.name)} ({columns})"


def lake_columns(name: str) -> str:
    """Select list that gives the columns of lake table `name` in declared order and type."""
    return ", ".join(map(typed, table(name).fields))
