"""Fields, tables and code lists, each declared once in YAML beside this module and read here.

Belongs here: what a column means. Does not belong here: how a table is rendered (DuckDB, Arrow, Data Package,
Datasette, data dictionary), which lives beside whoever uses the rendering.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C, ten times as fast, where the library has it."""

FieldType = Literal["text", "integer", "number", "decimal", "date", "boolean", "json", "list"]


class Field(BaseModel):
    """One column, wherever it occurs. `decimal` is DECIMAL(18,2); `list` is a list of text; `json` is text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: FieldType
    title: str
    description: str
    unit: str | None = None
    codes: str | None = None
    example: str | None = None
    format: str | None = None


class Table(BaseModel):
    """One table: its key and its fields in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str
    layer: Literal["lake", "raw", "core", "mart"]
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def field_names(self) -> list[str]:
        return [field.name for field in self.fields]


@cache
def codes(name: str) -> dict[str, str]:
    """Code list `name`: code to meaning, in declared order."""
    loaded: dict[str, str] = _read(HERE / "codes" / f"{name}.yaml")
    return loaded


@cache
def fields() -> dict[str, Field]:
    """Every field by name. Raises ValueError where one is declared twice."""
    found: dict[str, Field] = {}
    for path in sorted((HERE / "fields").glob("*.yaml")):
        for name, spec in _read(path).items():
            if name in found:
                raise ValueError(f"{path.name}: field {name} is declared twice")
            found[name] = Field(name=name, **spec)
    return found


@cache
def table(name: str) -> Table:
    """Table `name`. Raises ValueError where it names a field that is declared nowhere."""
    path = HERE / "tables" / f"{name}.yaml"
    spec = _read(path)
    if unknown := [field for field in spec["fields"] if field not in fields()]:
        raise ValueError(f"{path.name}: no such field: {', '.join(unknown)}")
    return Table(name=name, **{**spec, "fields": tuple(fields()[field] for field in spec["fields"])})


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both loaders are safe ones


@cache
def table_names() -> list[str]:
    return sorted(path.stem for path in (HERE / "tables").glob("*.yaml"))
