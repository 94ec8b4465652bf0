"""Renders tables of the schema to Arrow. Used by the lake."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sources.schema.model import table

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def arrow_schema(table_name: str) -> pa.Schema:
    """Arrow schema of a declared table: text and json as string, decimal as decimal128(18, 2), list as list of string."""
    import pyarrow as pa  # noqa: PLC0415 - a fifth of a second that commands without tables do not pay

    types = {
        "text": pa.string(),
        "json": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "decimal": pa.decimal128(18, 2),
        "date": pa.date32(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    return pa.schema([pa.field(field.name, types[field.type]) for field in table(table_name).fields])
