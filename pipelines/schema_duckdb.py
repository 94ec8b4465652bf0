"""Renders the declared tables of sources/schema to DuckDB. Says nothing about what fills them."""

from __future__ import annotations

from sources.schema.model import FieldType, Table, table

TYPES: dict[FieldType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "decimal": "DECIMAL(18,2)",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "json": "VARCHAR",
    "list": "VARCHAR[]",
}


def quoted(identifier: str) -> str:
    """`identifier` as a DuckDB identifier, whatever characters it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as a DuckDB string, for the few statements that cannot bind values."""
    return "'" + text.replace("'", "''") + "'"


def create_table(declared: Table) -> str:
    """Statement that makes `declared` anew and empty, columns in declared order.

    No keys or NOT NULL: an index over millions of rows costs more than the whole build, and the invariants prove keys
    once, after it.
    """
    columns = ", ".join(f"{quoted(field.name)} {TYPES[field.type]}" for field in declared.fields)
    return f"CREATE OR REPLACE TABLE {quoted(declared.name)} ({columns})"


def lake_columns(name: str) -> str:
    """Select list that gives the columns of lake table `name` in declared order and type."""
    return ", ".join(
        f"CAST({quoted(field.name)} AS {TYPES[field.type]}) AS {quoted(field.name)}" for field in table(name).fields
    )
