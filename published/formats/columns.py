"""How a field of the schema is written in each format, as DuckDB expressions and type names.

Belongs here: the one table of types. Does not belong here: reading or writing files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from sources.schema.model import Field, FieldType

LIST_SEPARATOR = "|"

SQLITE_TYPES: dict[FieldType, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "decimal": "INTEGER",
    "date": "TEXT",
    "boolean": "INTEGER",
    "json": "TEXT",
    "list": "TEXT",
}

PACKAGE_TYPES: dict[FieldType, str] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "decimal": "number",
    "date": "date",
    "boolean": "boolean",
    "json": "string",
    "list": "list",
}


def for_csv(field: Field) -> str:
    """The field as DuckDB's CSV writer renders it: ISO dates, true and false, lists joined."""
    name = quoted(field.name)
    return f"array_to_string({name}, {literal(LIST_SEPARATOR)}) AS {name}" if field.type == "list" else name


def for_sqlite(field: Field) -> str:
    """The field in a type that SQLite has: whole pence, ISO dates, 0 and 1."""
    name = quoted(field.name)
    match field.type:
        case "decimal":
            return f"CAST({name} * 100 AS BIGINT) AS {quoted(pence_name(field.name))}"
        case "boolean":
            return f"CAST({name} AS BIGINT) AS {name}"
        case "date":
            return f"CAST({name} AS VARCHAR) AS {name}"
        case "list":
            return for_csv(field)
        case _:
            return name


def pence_name(name: str) -> str:
    """Name of the stored whole pence beside a field in pounds."""
    return name.removesuffix("_gbp") + "_pence"
