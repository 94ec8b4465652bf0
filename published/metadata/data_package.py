"""datapackage.json: the release described by the Data Package 2.0 standard, readable by frictionless.

The CSV files are the tabular resources; Parquet and SQLite are listed as files beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from published.formats.columns import LIST_SEPARATOR, PACKAGE_TYPES
from published.version import Content
from sources.schema.model import Field, codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from published.datasets import Dataset, Licence, Link

NAME = "datapackage.json"
SQLITE = "public-value.sqlite"
SAMPLE = "SAMPLE DATA"

MEDIA_TYPES = {
    "csv": "text/csv",
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


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the release."""

    name: str
    bytes: int
    sha256: str


def data_package(
    described: Sequence[Described], files: Mapping[str, Stored], *, version: str, channel: str, is_sample: bool
) -> dict[str, Any]:
    """`files` by name. Holds no clock and no path, so that the same content gives the same bytes."""
    licences = {one.licence.name: one.licence for one in described}
    marked = f"{SAMPLE}: " if is_sample else ""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "public-value",
        "title": f"{marked}Public Value {version}",
        "description": (
            f"{licences[next(iter(sorted(licences)))].attribution if is_sample else ''}"
            f"{' ' if is_sample else ''}What UK public bodies publish about their spending, read as published, with every "
            "figure traceable to the published line."
        ),
        "version": version,
        "channel": channel,
        "isSample": is_sample,
        "licenses": [
            {"name": licence.name, "title": licence.title, "path": licence.path} for licence in licences.values()
        ],
        "resources": [
            *(_table(one, files[f"{one.dataset.name}.csv"]) for one in described),
            *(_file(one, files[f"{one.dataset.name}.parquet"]) for one in described),
            {
                "name": "sqlite",
                "title": "All datasets in one SQLite file",
                "type": "file",
                **_stored(files[SQLITE], "sqlite"),
            },
        ],
    }


def read_content(package: Mapping[str, Any]) -> dict[str, Content]:
    """What the tabular resources of an earlier release's package were, to compare versions."""
    return {
        resource["name"]: Content(
            types={field["name"]: field["type"] for field in resource["schema"]["fields"]},
            key=tuple(resource["key"]),
            sha256=resource["hash"].removeprefix("sha256:"),
        )
        for resource in package["resources"]
        if "schema" in resource
    }


def content(dataset: Dataset, sha256: str) -> Content:
    """The same for a dataset that has just been written as CSV."""
    return Content({field.name: PACKAGE_TYPES[field.type] for field in dataset.fields}, dataset.key, sha256)


def _table(one: Described, file: Stored) -> dict[str, Any]:
    dataset = one.dataset
    required = set(dataset.key) if one.keyed else set()
    schema: dict[str, Any] = {"fields": [_field(field, required=field.name in required) for field in dataset.fields]}
    if one.keyed:
        schema["primaryKey"] = list(dataset.key)
    if one.links:
        schema["foreignKeys"] = [
            {"fields": [link.field], "reference": {"resource": link.dataset, "fields": [link.field]}}
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
        "key": list(dataset.key),
        "licenses": [{"name": one.licence.name, "title": one.licence.title, "path": one.licence.path}],
        "attribution": one.licence.attribution,
        "caveats": list(dataset.caveats),
        **({"do_not_rank_without_interval": True} if dataset.do_not_rank_without_interval else {}),
        "schema": schema,
    }


def _file(one: Described, file: Stored) -> dict[str, Any]:
    return {
        "name": f"{one.dataset.name}-parquet",
        "title": f"{one.dataset.title} (Parquet)",
        "type": "file",
        **_stored(file, "parquet"),
    }


def _stored(file: Stored, kind: str) -> dict[str, Any]:
    return {
        "path": file.name,
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _field(field: Field, *, required: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": PACKAGE_TYPES[field.type],
        "title": field.title,
        "description": field.description,
    }
    if field.format:
        described["format"] = field.format
    if field.example:
        described["example"] = field.example
    if field.unit:
        described["unit"] = field.unit
    if field.type == "list":
        described |= {"delimiter": LIST_SEPARATOR, "itemType": "string"}
    constraints: dict[str, Any] = {"required": True} if required else {}
    if field.codes:
        meanings = codes(field.codes)
        if field.type == "list":
            described["codes"] = meanings
        else:
            described["categories"] = [{"value": code, "label": meaning} for code, meaning in meanings.items()]
            constraints["enum"] = list(meanings)
    if constraints:
        described["constraints"] = constraints
    return described
