"""The OpenAPI document of the site's JSON twins, made from the same declarations as the pages.

What extras.py adds to a page is described in extras.yaml. The document is that of one release: its columns, and examples
that this release has.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from datasette.utils import tilde_encode

from published.datasette.metadata import DATABASE
from published.datasette.uploads import TWIN
from published.site.declared import pages

if TYPE_CHECKING:
    from datasette.app import Datasette

    from published.site.declared import Page, Parameter
    from published.site.held import Held

ADDRESS = "/openapi.json"
EXTRAS = Path(__file__).with_name("extras.yaml")
JSON_TYPES = {
    "integer": "integer",
    "boolean": "integer",  # SQLite has none of its own
    "number": "number",
    "string": "string",
    "date": "string",
    "list": "string",  # as JSON within
}
"""By the type of the release's data package, as its SQLite holds it."""
WORDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "count": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
}
OR_NULL = " or null"
"""The words of extras.yaml."""


class Answered(NamedTuple):
    """What a release has to say to a page: columns by query, less the queries that it cannot answer, and path parameters of
    a page that it has.
    """

    columns: dict[str, list[str]]
    example: dict[str, str]


async def openapi(datasette: Datasette, held: Held) -> dict[str, Any]:
    """OpenAPI 3.1. Columns of the answers are those that the served release gives, with its own words for them."""
    fields = {field["name"]: field for table in held.tables.values() for field in table["schema"]["fields"]}

    def answered(con: sqlite3.Connection) -> dict[str, Answered]:
        return {page.name: Answered(_columns(con, page), _example(con, page)) for page in pages()}

    found = await datasette.get_database(DATABASE).execute_fn(answered)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": held.package["title"],
            "version": held.package["version"],
            "description": "Each page of the site as JSON. Values never change within a version.",
            "license": {"name": held.package["licenses"][0]["title"], "url": held.package["licenses"][0]["path"]},
        },
        "paths": {f"{page.twin}.json": {"get": _operation(page, found[page.name], fields)} for page in pages()}
        | ({TWIN: {"post": _check()}} if held.check else {}),
        "components": {
            "schemas": {
                "Error": _object(
                    {"ok": {"type": "boolean"}, "error": {"type": "string"}, "status": {"type": "integer"}}
                )
            }
        },
    }


def _columns(con: sqlite3.Connection, page: Page) -> dict[str, list[str]]:
    found = {}
    for name, query in page.queries.items():
        values = {
            one: '""' if parameter.kind == "search" else parameter.default for one, parameter in page.parameters.items()
        }
        try:
            cursor = con.execute(f"SELECT * FROM ({query.sql}) LIMIT 0", values)
        except sqlite3.OperationalError:
            continue
        found[name] = [column[0] for column in cursor.description]
    return found


def _example(con: sqlite3.Connection, page: Page) -> dict[str, str]:
    """The first page of its kind, in the encoding of addresses; that of the declaration where it names no SQL."""
    if sql := page.example or page.ahead:
        try:
            row = con.execute(sql).fetchone()
        except sqlite3.OperationalError:
            row = None
        encoded = (tilde_encode(str(value)).replace("+", "~20") for value in row or ())
        return dict(zip(page.in_path, encoded, strict=True)) if row else {}
    return {name: str(page.parameters[name].example) for name in page.in_path}


def _operation(page: Page, found: Answered, fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, query in page.queries.items():
        if name not in found.columns:
            data[name] = {"type": "null"} if query.one else {"type": "array", "maxItems": 0}
            continue
        row = _object({column: _column(fields.get(column)) for column in found.columns[name]})
        one = {"oneOf": [row, {"type": "null"}]} if not query.required else row
        data[name] = one if query.one else {"type": "array", "items": row}
    if page.extra:
        data |= {name: _shape(shape) for name, shape in _extras()[page.extra].items()}
    answer = _object(
        {
            "page": {"const": page.name},
            "release": _object(
                {"version": {"type": "string"}, "channel": {"type": "string"}, "is_sample": {"type": "boolean"}}
            ),
            "parameters": _object(
                {
                    name: {"type": "integer" if parameter.kind == "count" else "string"}
                    for name, parameter in page.parameters.items()
                }
            ),
            "missing": {"type": "array", "items": {"type": "string"}},
            "data": _object(data),
        }
    )
    responses: dict[str, Any] = {"200": _response("The answers", answer)}
    error = {"$ref": "#/components/schemas/Error"}
    if page.parameters:
        responses["400"] = _response("A parameter cannot be read", error)
    if page.in_path or any(one.kind == "version" for one in page.parameters.values()):
        responses["404"] = _response("Nothing under this address", error)
    responses["503"] = _response("The queries took longer than the limit", error)
    return {
        "operationId": page.name,
        "summary": page.title,
        "description": page.description,
        "parameters": [_parameter(page, name, one, found.example) for name, one in page.parameters.items()],
        "responses": responses,
    }


def _check() -> dict[str, Any]:
    """The one address that is posted to (published/datasette/uploads.py); there where the site checks files."""
    error = {"$ref": "#/components/schemas/Error"}
    file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
    lists = {name: {"type": "array", "items": {"type": "object"}} for name in ("files", "rules")}
    return {
        "operationId": "check",
        "summary": "Check a file",
        "description": "What the rules find in a file before it is published, as `publicvalue check --json` tells it. Nothing is kept.",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": file}}},
        "responses": {
            "200": _response("What was found", {"type": "object", "properties": lists, "required": sorted(lists)}),
            "400": _response("This is no file of payments", error),
            "408": _response("The file did not arrive in time", error),
            "413": _response("The file or its account is too large", error),
            "503": _response("Others are being checked, or the check ran into its limits", error),
        },
    }


def _parameter(page: Page, name: str, parameter: Parameter, found: dict[str, str]) -> dict[str, Any]:
    place = "path" if name in page.in_path else "query"
    kind: dict[str, Any] = (
        {"type": "integer", "minimum": 0, "maximum": parameter.most}
        if parameter.kind == "count"
        else {"type": "string", "maxLength": 200}
    )
    if place == "path":
        kind["minLength"] = 1
        kind["pattern"] = r"^[A-Za-z0-9_~-]+$"
    elif parameter.default != "":
        kind["default"] = parameter.default
    shown = found.get(name, "") if place == "path" else parameter.example
    example = {"example": shown} if shown != "" else {}
    words = parameter.description + (" In Datasette's tilde encoding." if place == "path" else "")
    return {"name": name, "in": place, "required": place == "path", "description": words, "schema": kind, **example}


def _column(field: dict[str, Any] | None) -> dict[str, Any]:
    if field is None:  # made by the query
        return {"type": ["string", "number", "null"]}
    return {"type": [JSON_TYPES[field["type"]], "null"], "description": field["description"]}


@cache
def _extras() -> dict[str, dict[str, Any]]:
    declared: dict[str, dict[str, Any]] = yaml.safe_load(EXTRAS.read_text(encoding="utf-8"))
    return declared


def _shape(declared: Any) -> dict[str, Any]:
    """JSON Schema of what extras.yaml says. Raises KeyError on a word that it does not know."""
    if isinstance(declared, list):
        return {"type": "array", "items": _shape(declared[0])}
    if isinstance(declared, dict):
        if "any name" in declared:
            return {"type": "object", "additionalProperties": _shape(declared["any name"])}
        return _object({name: _shape(one) for name, one in declared.items()})
    if declared == "anything":
        return {}
    kind = WORDS[declared.removesuffix(OR_NULL)]
    return {**kind, "type": [kind["type"], "null"]} if declared.endswith(OR_NULL) else kind


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _response(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}
