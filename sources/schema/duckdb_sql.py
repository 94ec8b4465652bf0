"""Renders fields of the schema to DuckDB's SQL: types, identifiers and strings. Used by whoever writes SQL."""

from __future__ import annotations

from sources.schema.model import Field, FieldType

DUCKDB_TYPES: dict[FieldType, str] = {
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
    """`identifier` as an SQL identifier, in DuckDB and SQLite alike, whatever characters it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string, for the few statements (COPY, FTS options) that take no bound values."""
    return "'" + text.replace("'", "''") + "'"


def typed(field: Field) -> str:
    """Select-list entry that gives the field in its declared type."""
    return f"CAST({quoted(field.name)} AS {DUCKDB_TYPES[field.type]}) AS {quoted(field.name)}"
