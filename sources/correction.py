"""Declared corrections to published data: one YAML each in sources/corrections, read and validated.

Belongs here: what a correction says. Does not belong here: whether it fits what is published today, and applying it
(pipelines.corrections). sources/corrections/README.md explains every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from sources.errors import RegistryError
from sources.places import WebAddress
from sources.publisher import HERE, ID_FORM, Model, Text
from sources.registry import Registry
from sources.written_yaml import read_model

FOLDER = HERE / "corrections"
Value = Annotated[str, Field(max_length=1000), BeforeValidator(lambda value: "" if value is None else str(value))]


class Correction(Model):
    """One value of one line. `address` is the file's address or, where none is known, its path in the input.

    The line is named by `row_hash` and `occurrence`, or by `sheet` and `line_number`. Values are text: money as digits with
    two decimals, dates yyyy-mm-dd, nothing for an empty one.
    """

    id: Annotated[str, Field(pattern=rf"^{ID_FORM.pattern}$", max_length=200)]
    publisher_id: Text
    address: Text
    sheet: Annotated[str, Field(max_length=1000)] = ""
    line_number: Annotated[int, Field(ge=1)] | None = None
    row_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")] | None = None
    occurrence: Annotated[int, Field(ge=1)] = 1
    field: Literal["amount_gbp", "payment_date", "supplier_name", "transaction_number"]
    expected: Value
    corrected: Value
    reason: Text
    evidence: Text
    evidence_url: WebAddress | None = None
    date: date

    @model_validator(mode="after")
    def _is_whole(self) -> Correction:
        if (self.line_number is None) == (self.row_hash is None):
            raise ValueError("name the line by line_number or by row_hash, one of them")
        for key in ("expected", "corrected"):
            object.__setattr__(self, key, _normal(key, self.field, getattr(self, key)))
        if self.expected == self.corrected:
            raise ValueError("expected and corrected are the same, so there is nothing to correct")
        return self


def load_corrections(registry: Registry, folder: Path = FOLDER) -> tuple[Correction, ...]:
    """Every correction, by id. Raises RegistryError with all problems, one a line."""
    problems: list[str] = []
    found: list[Correction] = []
    for path in sorted(folder.glob("*.yaml")):
        one = read_model(path, problems, Correction.model_validate)
        if one is None:
            continue
        if one.id != path.stem:
            problems.append(f"{path}: id: {one.id!r} differs from the file's name; they have to be equal")
        if one.publisher_id not in registry:
            problems.append(f"{path}: publisher_id: {one.publisher_id!r} is not in the register")
        found.append(one)
    problems.extend(_given_twice(found, folder))
    if problems:
        raise RegistryError(
            "\n".join([*problems, f"Correct the files named above; {folder / 'README.md'} explains the keys."])
        )
    return tuple(found)


def _given_twice(found: Iterable[Correction], folder: Path) -> Iterable[str]:
    taken: dict[tuple[object, ...], str] = {}
    for one in found:
        place = (one.publisher_id, one.address, one.sheet, one.line_number, one.row_hash, one.occurrence, one.field)
        if place in taken:
            yield f"{folder / one.id}.yaml: corrects the same value as {taken[place]}.yaml; keep one of them"
        taken.setdefault(place, one.id)


def _normal(key: str, field: str, value: str) -> str:
    """The value as the warehouse writes it."""
    if not value:
        return ""
    if field == "amount_gbp":
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise ValueError(f"{key}: {value!r} is no amount; write digits and two decimals, as -1234.50") from None
        if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,2})?", value):
            raise ValueError(f"{key}: {value!r} has more than 16 digits or two decimals, or other signs")
        return f"{amount:.2f}"
    if field == "payment_date":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValueError(f"{key}: {value!r} is no date; write yyyy-mm-dd") from None
    return value
