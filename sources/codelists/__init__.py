"""Code lists of the world outside: deflators, public bodies, rules for payees. Each is a file here, cited in index.yaml.

Belongs here: reading and checking them. Does not belong here: codes of our own making (schema/codes), or applying a rule
to transactions (pipelines/transform).
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter, model_validator

from sources.schema.model import codes

HERE = Path(__file__).parent


def _known_kind(value: str) -> str:
    if value not in codes("payee_kinds"):
        raise ValueError(f"{value!r} is not in the code list payee_kinds")
    return value


class CodeList(BaseModel):
    """Where one file of this folder comes from, and what its columns mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    source: str
    licence: str
    vintage: Annotated[str, BeforeValidator(str)]
    columns: dict[str, str]
    address: str | None = None
    base: str | None = None
    notes: str | None = None


class PayeeRule(BaseModel):
    """One rule for the kind of a payee. `pattern` and `exclude` are RE2, matched anywhere in the field's upper-case text.

    `passes` and `fails` are examples that a test holds the rule to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    priority: int
    kind: Annotated[str, AfterValidator(_known_kind)]
    field: Literal["supplier_name", "supplier_key", "expense_type", "expense_area", "description"]
    evidence: str
    pattern: str | None = None
    exclude: str | None = None
    list: Literal["public_bodies"] | None = None
    passes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _pattern_or_list(self) -> PayeeRule:
        if (self.pattern is None) == (self.list is None):
            raise ValueError(f"{self.id}: a rule has either a pattern or a list")
        return self


@cache
def index() -> dict[str, CodeList]:
    """Every code list by file name."""
    loaded = yaml.safe_load((HERE / "index.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, CodeList]).validate_python(loaded)


def path(name: str) -> Path:
    """Path of the CSV `name`, for readers such as DuckDB's."""
    return HERE / f"{name}.csv"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of the CSV `name` as text, in the file's order."""
    with path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def gdp_deflator() -> dict[str, Decimal]:
    """Index by financial year ('2024-25'); the base year named in index.yaml is 100. Years outside have no value."""
    return {row["financial_year"]: Decimal(row["index"]) for row in rows("gdp_deflator")}


@cache
def payee_rules() -> tuple[PayeeRule, ...]:
    """Rules in the order in which they are tried; the first that matches decides."""
    loaded = yaml.safe_load((HERE / "payee_rules.yaml").read_text(encoding="utf-8"))
    rules = TypeAdapter(tuple[PayeeRule, ...]).validate_python(loaded)
    return tuple(sorted(rules, key=lambda rule: rule.priority))
