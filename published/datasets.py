"""The open datasets: one YAML each in published/datasets, read here and joined to the schema's fields.

Belongs here: what a dataset is called, made from, sorted by, and how it can be explored. Does not belong here: what a
column means (sources/schema), or how a dataset is written (published/formats).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from sources.schema import model as schema

HERE = Path(__file__).parent / "datasets"
METADATA = Path(__file__).parent / "metadata"


class Strict(BaseModel):
    """A part of a dataset file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(Strict):
    """A licence: its Open Definition name, title and address, and the words that acknowledge the source.

    `is_own`: the data are our own invention, so that these words stand in place of a dataset's.
    """

    name: str
    title: str
    path: str
    attribution: str
    is_own: bool = False


class Rhythm(Strict):
    """How often a dataset changes: a code of the EU's frequency list, and the words."""

    frequency: str
    words: str


class Link(Strict):
    """A column that holds the key of another dataset, which has it under the same name."""

    field: str
    dataset: str


class Question(Strict):
    """A question a reader may have, with the SQL (of the SQLite file) that answers it."""

    title: str
    sql: str


class Cuts(Strict):
    """The dataset once more, cut by the values of some columns, into files that open in a spreadsheet, in `folder`."""

    folder: str
    by: tuple[str, ...]


class Partition(Strict):
    """The dataset's Parquet once more, one file a value of `by`, in `folder`, where it has `from_rows` rows or more."""

    folder: str
    by: str
    from_rows: int


class Dataset(Strict):
    """One open dataset. `table` declares its fields and, unless `query` says otherwise, yields its rows.

    `rank` is its place in lists, `brief` are the columns shown at first, `facets` those offered to count by, `search` those
    in the full-text index. `do_not_rank_without_interval` goes into the release's metadata.
    `not_in_sqlite` are columns that a linked dataset of the same file holds already: CSV and Parquet repeat them in every
    line, so that each stands alone; a database joins. `attribution` and `rhythm` are names of published/metadata/attributions.yaml
    and rhythms.yaml. `when_empty` says why there are no rows, where a reader would ask: it is shown where there are none.
    """

    name: str
    title: str
    description: str
    rank: int
    table: str
    query: str | None = None
    order: tuple[str, ...]
    brief: tuple[str, ...]
    licence: str
    attribution: str
    rhythm: str
    caveats: tuple[str, ...]
    when_empty: str | None = None
    label: str | None = None
    sort: str | None = None
    sort_desc: str | None = None
    facets: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()
    not_in_sqlite: tuple[str, ...] = ()
    do_not_rank_without_interval: bool = False
    cuts: Cuts | None = None
    partition: Partition | None = None
    questions: tuple[Question, ...]

    @property
    def fields(self) -> tuple[schema.Field, ...]:
        return schema.table(self.table).fields

    @property
    def sqlite_fields(self) -> tuple[schema.Field, ...]:
        return tuple(field for field in self.fields if field.name not in self.not_in_sqlite)

    @property
    def key(self) -> tuple[str, ...]:
        return schema.table(self.table).key

    @property
    def money(self) -> list[str]:
        """Fields in pounds, whose sums are the control totals."""
        return [field.name for field in self.fields if field.type == "decimal"]

    @property
    def relation(self) -> str:
        """What stands after FROM in the warehouse."""
        return f"({self.query})" if self.query else self.table

    @model_validator(mode="after")
    def names_are_fields(self) -> Self:
        """Raises ValueError where a column is named that the table does not have, or the order is not total."""
        named = [*self.order, *self.brief, *self.facets, *self.search, *(link.field for link in self.links)]
        named += self.not_in_sqlite
        named += [column for index in self.indexes for column in index]
        named += [*(self.cuts.by if self.cuts else ()), *([self.partition.by] if self.partition else ())]
        named += [column for column in (self.label, self.sort, self.sort_desc) if column]
        if unknown := sorted(set(named) - {field.name for field in self.fields}):
            raise ValueError(f"{self.name}: {self.table} has no column {', '.join(unknown)}")
        if missing := sorted(set(self.key) - set(self.order)):
            raise ValueError(
                f"{self.name}: the order lacks {', '.join(missing)} of the key, so ties would be left open"
            )
        if self.partition and self.partition.by != self.order[0]:
            raise ValueError(
                f"{self.name}: its parts are written one after another, so its order has to begin with {self.partition.by}"
            )
        return self


@cache
def datasets() -> tuple[Dataset, ...]:
    """Every dataset, by rank and name. Raises ValueError with the file's name where one is wrong."""
    found = (read_dataset(path) for path in HERE.glob("*.yaml"))
    return tuple(sorted(found, key=lambda dataset: (dataset.rank, dataset.name)))


def read_dataset(path: Path) -> Dataset:
    """The dataset declared in `path`; its name is the file's. Raises ValueError naming the file."""
    try:
        return Dataset(name=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error


@cache
def licences() -> dict[str, Licence]:
    return {name: Licence(name=name, **spec) for name, spec in _named("licences").items()}


@cache
def attributions() -> dict[str, str]:
    return _named("attributions")


@cache
def rhythms() -> dict[str, Rhythm]:
    return {name: Rhythm(**spec) for name, spec in _named("rhythms").items()}


def _named(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((METADATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded
