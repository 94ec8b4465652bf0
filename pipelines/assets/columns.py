"""Renders declared tables as Dagster column schemas, and what every asset says of itself.

Does not belong here: what a column means (sources/schema).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from sources.schema.model import Field, table

OWNERS = ["team:public-value"]
DECIMAL = "DECIMAL(18,2)"


def column_schema(table_name: str) -> dg.TableSchema:
    declared = table(table_name)
    return dg.TableSchema(
        columns=[_column(field, is_key=field.name in declared.key) for field in declared.fields],
        constraints=dg.TableConstraints(other=[f"unique: {', '.join(declared.key)}"]),
    )


def table_spec(table_name: str, *, group: str, kinds: set[str], deps: Sequence[str] = (), **rest: Any) -> dg.AssetSpec:
    """Asset of a declared table. `rest` goes to AssetSpec."""
    declared = table(table_name)
    return dg.AssetSpec(
        table_name,
        description=f"{declared.title}. {declared.description}",
        group_name=group,
        owners=OWNERS,
        kinds=kinds,
        tags={"layer": declared.layer},
        deps=deps,
        metadata={"dagster/column_schema": column_schema(table_name)},
        **rest,
    )


def _column(field: Field, *, is_key: bool) -> dg.TableColumn:
    unit = f" Unit: {field.unit}." if field.unit else ""
    return dg.TableColumn(
        field.name,
        type=DECIMAL if field.type == "decimal" else field.type,
        description=f"{field.title}. {field.description}{unit}",
        constraints=dg.TableColumnConstraints(nullable=not is_key),
    )
