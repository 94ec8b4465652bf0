"""The catalogue of measures: one YAML a measure in pipelines/scoring/measures, read here.

Belongs here: what a measure is, and whether its entry is complete. Does not belong here: computing one (values).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sources.errors import RegistryError
from sources.schema.model import codes

HERE = Path(__file__).parent / "measures"
METHOD_VERSION = "1.1"
"""Of the method as a whole; what each version changed is in docs/methodology.md."""
ANCHORS = 5


class Strict(BaseModel):
    """Part of a measure's file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(Strict):
    """Rows of the input tables, and what comes of them. Run as a test by the functions that the pipeline uses."""

    inputs: dict[str, list[list[Any]]]
    entity_id: str
    period_label: str
    value: float
    breakdown: str | None = None
    n: int | None = None
    note: str | None = None
    tolerance: float = 1e-9


class Measure(Strict):
    """One measure. `anchors` are the values of scores 0, 25, 50, 75, 100; `inputs` are tables of pipelines/scoring/inputs.

    `status` says what the open data of real bodies carry: only `computed` measures are scored there. An empty
    `applies_to` means every kind of body. The values of a `complete_count` have the standard error 0.
    """

    id: str = Field(pattern=r"^[GICS]\d{1,2}$")
    name: str
    pillar: Literal["P1", "P2", "P3", "P4"]
    area: str = Field(pattern=r"^[1-4]\.[1-6]$")
    question: str
    why: str
    formula: str
    computed_by: Literal["sql", "code"]
    inputs: tuple[str, ...] = Field(min_length=1)
    unit: str
    direction: Literal["higher", "lower", "neither"]
    anchors: tuple[float, ...] | None = None
    anchor_basis: str
    family: str
    minimum_sample: str
    error_kind: str
    standard_error: str
    is_scored: bool
    scored_note: str | None = None
    status: str
    applies_to: tuple[str, ...] = ()
    speaks_to: str
    is_value_for_money: bool
    caveats: tuple[str, ...] = Field(min_length=1)
    source: str
    method_version: str
    review_date: date
    example: Example

    @property
    def sql(self) -> str | None:
        """The formula, where SQL says it."""
        return (HERE / f"{self.id}.sql").read_text(encoding="utf-8") if self.computed_by == "sql" else None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.status not in codes("measure_statuses") or self.speaks_to not in codes("speaks_to"):
            raise ValueError("status or speaks_to is in no code list of sources/schema")
        if self.error_kind not in codes("error_kinds"):
            raise ValueError(f"error_kind: {self.error_kind} is in no code list of sources/schema")
        if self.is_scored and (self.anchors is None or self.direction == "neither"):
            raise ValueError("a scored measure needs anchors and a direction")
        if self.anchors is not None:
            steps = [b - a for a, b in zip(self.anchors, self.anchors[1:], strict=False)]
            rising = self.direction == "higher"
            if len(self.anchors) != ANCHORS or not all((step > 0) == rising and step != 0 for step in steps):
                raise ValueError(f"anchors: five values that go the way of the direction, not {self.anchors}")
        if (self.computed_by == "sql") != (HERE / f"{self.id}.sql").exists():
            raise ValueError(f"{self.id}.sql: is there only, and always, for a measure computed by sql")
        return self


@cache
def measures() -> tuple[Measure, ...]:
    """Every measure in the order of pillar and number. Raises RegistryError naming the file where an entry is wrong."""
    found = []
    for path in HERE.glob("*.yaml"):
        try:
            found.append(Measure(id=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise RegistryError(f"{path}: {error}") from error
    return tuple(sorted(found, key=lambda one: (one.pillar, int(one.id[1:]))))


@cache
def by_id() -> dict[str, Measure]:
    """The same by id."""
    return {one.id: one for one in measures()}
