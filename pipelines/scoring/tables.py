"""Rows of scores to the declared tables. Says nothing about what the rows hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipelines.schema_duckdb import create_table
from sources.schema.arrow import arrow_schema
from sources.schema.model import table

if TYPE_CHECKING:
    import duckdb

    from pipelines.scoring.arrays import FloatArray

Row = dict[str, Any]


def number(value: FloatArray | float | None) -> float | None:
    """A finite float, else None: NaN stands for missing inside the arithmetic only."""
    return float(value) if value is not None and math.isfinite(value) else None


def whole(value: float | None) -> int | None:
    """The same as a whole number."""
    found = number(value)
    return None if found is None else int(found)


def write(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    """Make table `name` anew with these rows, in the order of its key. Fields that a row lacks are empty."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; only where tables are written

    declared = table(name)
    con.execute(create_table(declared))
    if not rows:
        return
    complete = [{field: row.get(field) for field in declared.field_names} for row in rows]
    held = pa.Table.from_pylist(complete, schema=arrow_schema(name))
    con.register("rows_to_write", held)
    order = ", ".join(declared.key)
    con.execute(f"INSERT INTO {name} SELECT * FROM rows_to_write ORDER BY {order}")
    con.unregister("rows_to_write")
