"""datapackage.json: the release described by the Data Package 2.0 standard, readable by frictionless.

The CSV files are the tabular resources; every other form of the data is listed as a file beside them. The other descriptions
(README, dictionary, CSVW, DCAT ...) are made from this one, so that none says anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from published.datasets import attributions, rhythms
from published.formats.columns import LIST_SEPARATOR, PACKAGE_TYPES
from published.version import Content
from sources.schema.model import Field, codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from published.datasets import Dataset, Licence, Link

NAME = "datapackage.json"
SQLITE = "public-value.sqlite"
SAMPLE = "SAMPLE DATA"
KEYWORDS = ["public spending", "transparency", "government", "outcomes", "value for money", "United Kingdom"]

MEDIA_TYPES = {
    "csv": "text/csv",
    "csv.gz": "application/gzip",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset as it stands in this release."""

    dataset: Dataset
    rows: int
    keyed: bool
    links: Sequence[Link]
    licence: Licence
    totals: Mapping[str, Decimal | None] = field(default_factory=dict)
    """Sum of each field in pounds, in pounds."""
    filled: frozenset[str] = frozenset()
    """Columns of links that have a value in every row."""

    @property
    def empty_because(self) -> str | None:
        """Why the release has no row of it; None where there are rows, or nothing more to say."""
        return self.dataset.when_empty if self.rows == 0 else None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the release; `name` is its path there. `title` and `rows` are given where it is a part of a dataset."""

    name: str
    bytes: int
    sha256: str
    title: str = ""
    rows: int | None = None


def data_package(
    described: Sequence[Described],
    files: Mapping[str, Stored],
    *,
    version: str,
    channel: str,
    is_sample: bool,
    as_of: date,
    methods: Mapping[str, Any],
) -> dict[str, Any]:
    """`files` by path; those that are no form of the data are not listed. `methods`: versions of rules and methods, as they are.

    Holds no clock but `as_of` and no path of the machine, so that the same content gives the same bytes.
    """
    licences = {one.licence.name: one.licence for one in described}
    marked = f"{SAMPLE}: " if is_sample else ""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "public-value",
        "title": f"{marked}Public Value {version}",
        "description": (
            f"{licences[next(iter(sorted(licences)))].attribution if is_sample else ''}"
            f"{' ' if is_sample else ''}What UK public bodies publish about their spending and their results: read as "
            "published, checked, and joined to measures of value for money, with every figure traceable to the published line."
        ),
        "version": version,
        "channel": channel,
        "isSample": is_sample,
        "asOf": as_of.isoformat(),
        "keywords": KEYWORDS,
        "contributors": [{"title": "Public Value", "roles": ["publisher"]}],
        "sources": [{"title": "The published files, each with address and checksum", "path": "distributions.csv"}],
        "licenses": [_licence(licence) for licence in licences.values()],
        "methods": dict(methods),
        "resources": [
            *(_table(one, files[f"{one.dataset.name}.csv"]) for one in described),
            *_other_forms(described, files),
            {
                "name": "sqlite",
                "title": "All datasets in one SQLite file",
                "type": "file",
                **_stored(files[SQLITE], "sqlite"),
            },
            *_parts(described, files),
        ],
    }


def read_content(package: Mapping[str, Any]) -> dict[str, Content]:
    """What the tabular resources of an earlier release's package were, to compare versions."""
    return {
        resource["name"]: Content(
            types={one["name"]: one["type"] for one in resource["schema"]["fields"]},
            key=tuple(resource["key"]),
            sha256=resource["hash"].removeprefix("sha256:"),
        )
        for resource in package["resources"]
        if "schema" in resource
    }


def content(dataset: Dataset, sha256: str) -> Content:
    """The same for a dataset that has just been written as CSV."""
    return Content({one.name: PACKAGE_TYPES[one.type] for one in dataset.fields}, dataset.key, sha256)


def _table(one: Described, file: Stored) -> dict[str, Any]:
    dataset = one.dataset
    required = set(dataset.key) if one.keyed else set()
    schema: dict[str, Any] = {"fields": [_field(column, required=column.name in required) for column in dataset.fields]}
    if one.keyed:
        schema["primaryKey"] = list(dataset.key)
    if one.links:
        schema["foreignKeys"] = [
            {
                "fields": [link.field],
                "reference": {"resource": link.dataset, "fields": [link.field]},
                "isFilled": link.field in one.filled,
            }
            for link in one.links
        ]
    return {
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "type": "table",
        **_stored(file, "csv"),
        "encoding": "utf-8",
        "rowCount": one.rows,
        **({"emptyBecause": one.empty_because} if one.empty_because else {}),
        "key": list(dataset.key),
        "totals": {name: str(total) for name, total in one.totals.items() if total is not None},
        "licenses": [_licence(one.licence)],
        "attribution": one.licence.attribution if one.licence.is_own else attributions()[dataset.attribution],
        "updates": {"frequency": rhythms()[dataset.rhythm].frequency, "words": rhythms()[dataset.rhythm].words},
        "caveats": list(dataset.caveats),
        "questions": [{"title": question.title, "sql": question.sql} for question in dataset.questions],
        **({"do_not_rank_without_interval": True} if dataset.do_not_rank_without_interval else {}),
        "schema": schema,
    }


def _licence(licence: Licence) -> dict[str, str]:
    return {"name": licence.name, "title": licence.title, "path": licence.path}


def _other_forms(described: Sequence[Described], files: Mapping[str, Stored]) -> Iterable[dict[str, Any]]:
    """Each dataset's Parquet file and, where there is one, its CSV compressed."""
    for kind, words in (("parquet", "Parquet"), ("csv.gz", "CSV, compressed with gzip")):
        for one in described:
            if file := files.get(f"{one.dataset.name}.{kind}"):
                yield {
                    "name": f"{one.dataset.name}-{kind.replace('.', '-')}",
                    "title": f"{one.dataset.title} ({words})",
                    "type": "file",
                    "dataset": one.dataset.name,
                    **_stored(file, kind),
                }


def _parts(described: Sequence[Described], files: Mapping[str, Stored]) -> Iterable[dict[str, Any]]:
    """Files that hold a part of a dataset: cuts and partitions, in the order of their paths."""
    for one in described:
        for folder in (one.dataset.cuts, one.dataset.partition):
            for path in sorted(files):
                if folder and path.startswith(f"{folder.folder}/"):
                    file = files[path]
                    part: dict[str, Any] = {"name": path.replace("/", "."), "title": file.title, "type": "file"}
                    part |= {"dataset": one.dataset.name, "part": True, "rowCount": file.rows}
                    yield part | _stored(file, path.rpartition(".")[2])


def _stored(file: Stored, kind: str) -> dict[str, Any]:
    return {
        "path": file.name,
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _field(column: Field, *, required: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": PACKAGE_TYPES[column.type],
        "title": column.title,
        "description": column.description,
    }
    if column.format:
        described["format"] = column.format
    if column.example:
        described["example"] = column.example
    if column.unit:
        described["unit"] = column.unit
    if column.type == "list":
        described |= {"delimiter": LIST_SEPARATOR, "itemType": "string"}
    constraints: dict[str, Any] = {"required": True} if required else {}
    if column.codes:
        meanings = codes(column.codes)
        if column.type == "list":
            described["codes"] = meanings
        else:
            described["categories"] = [{"value": code, "label": meaning} for code, meaning in meanings.items()]
            constraints["enum"] = list(meanings)
    if constraints:
        described["constraints"] = constraints
    return described
