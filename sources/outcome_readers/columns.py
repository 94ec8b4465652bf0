"""Which columns of a file name the entity, the period and the breakdown, as a dataset declares them.

Shared by the readers whose files are plain tables. Does not belong here: which columns hold figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sources.outcome_readers.figures import Entity
from sources.outcome_readers.headings import Row, Table
from sources.outcome_readers.periods import FORMS, Period, read_period
from sources.publisher import Model, Text
from sources.schema.model import codes


def _form(value: str) -> str:
    if value not in FORMS:
        raise ValueError(f"{value!r} is no form of period: {', '.join(FORMS)}")
    return value


def _kind(value: str) -> str:
    if value not in codes("entity_kinds"):
        raise ValueError(f"{value!r} is not in the code list entity_kinds: {', '.join(codes('entity_kinds'))}")
    return value


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from error
    return value


Form = Annotated[str, AfterValidator(_form)]
Kind = Annotated[str, AfterValidator(_kind)]
Expression = Annotated[str, AfterValidator(_expression)]


class EntityColumns(Model):
    """Headings of the columns that name the entity, or the one entity that the whole file is about."""

    kind: Kind
    code: Text | None = None
    name: Text | None = None
    group: Text | None = None
    fixed_name: Text | None = None

    @model_validator(mode="after")
    def _says_who(self) -> EntityColumns:
        if not (self.code or self.name or self.fixed_name):
            raise ValueError("give a column for code or name, or fixed_name")
        return self

    def headings(self) -> list[str]:
        return [heading for heading in (self.code, self.name, self.group) if heading]

    def read(self, table: Table, row: Row) -> Entity | None:
        """None where the row names nobody."""
        code = row.cell(table.at(self.code))
        name = self.fixed_name or row.cell(table.at(self.name))
        return Entity(self.kind, code, name, row.cell(table.at(self.group))) if code or name else None


class PeriodSource(Model):
    """Where a file says which period a row is about: a column, a part of the file's name, or nowhere but in `fixed_label`.

    `exceptions` puts right what is written wrongly or means something else: text as written to text that is meant, in the
    form `months_range`.
    """

    form: Form = "financial_year"
    column: Text | None = None
    file_name: Expression | None = None
    fixed: Text | None = None
    fixed_label: Text | None = None
    exceptions: dict[str, str] = Field(default_factory=dict)

    def headings(self) -> list[str]:
        return [self.column] if self.column else []

    def read(self, text: str) -> Period | None:
        text = " ".join(text.split())
        if text in self.exceptions:
            return read_period(self.exceptions[text], "months_range")
        return read_period(text, self.form)

    def of_file(self, file_name: str) -> Period | None:
        """The period of the whole file, where its name or the declaration gives one."""
        if self.fixed:
            return self.read(self.fixed)
        found = re.search(self.file_name, file_name) if self.file_name else None
        return self.read(found[0]) if found else None


def picked(table: Table, row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """The row's cells by our names for them, in order of name; empty cells are left out."""
    found = {name: row.cell(table.at(heading)) for name, heading in sorted(columns.items())}
    return {name: cell for name, cell in found.items() if cell}


def together(*groups: Iterable[str]) -> list[str]:
    """Headings of several groups, each once, in order."""
    return list(dict.fromkeys(heading for group in groups for heading in group))
