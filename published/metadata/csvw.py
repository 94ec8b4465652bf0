"""csv-metadata.json: the release's CSV files described by CSV on the Web (W3C), made from the data package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "csv-metadata.json"
"""Where a reader of CSVW looks by itself for the description of a CSV file."""

DATATYPES: dict[str, Any] = {
    "string": "string",
    "list": "string",
    "integer": "integer",
    "number": "double",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "boolean": {"base": "boolean", "format": "true|false"},
}


def csvw(package: Mapping[str, Any]) -> dict[str, Any]:
    """A table group with a table for each tabular resource. A link that some rows leave empty is no foreign key here, since
    validators refuse it.
    """
    tables = [resource for resource in package["resources"] if "schema" in resource]
    paths = {table["name"]: table["path"] for table in tables}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": package["title"],
        "dc:description": package["description"],
        "dc:publisher": "Public Value",
        "dc:license": {"@id": package["licenses"][0]["path"]},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [_table(table, paths) for table in tables],
    }


def _table(table: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
    schema = table["schema"]
    described: dict[str, Any] = {"columns": [_column(one) for one in schema["fields"]]}
    if "primaryKey" in schema:
        described["primaryKey"] = schema["primaryKey"]
    if links := [link for link in schema.get("foreignKeys", []) if link["isFilled"]]:
        described["foreignKeys"] = [
            {
                "columnReference": link["fields"],
                "reference": {
                    "resource": paths[link["reference"]["resource"]],
                    "columnReference": link["reference"]["fields"],
                },
            }
            for link in links
        ]
    return {
        "url": table["path"],
        "dc:title": table["title"],
        "dc:description": table["description"],
        "tableSchema": described,
    }


def _column(one: Mapping[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": one["name"],
        "titles": one["name"],
        "dc:title": one["title"],
        "dc:description": one["description"],
        "datatype": "decimal" if one["type"] == "number" and one["name"].endswith("_gbp") else DATATYPES[one["type"]],
    }
    if one["type"] == "list":
        column["separator"] = one["delimiter"]
    if one.get("constraints", {}).get("required"):
        column["required"] = True
    return column
