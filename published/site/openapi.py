"""The OpenAPI document of the site's JSON twins, made from the same declarations as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from published.datasette.metadata import DATABASE
from published.site.declared import pages

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette

    from published.site.declared import Page, Parameter
    from published.site.held import Held

ADDRESS = "/openapi.json"


async def openapi(datasette: Datasette, held: Held) -> dict[str, Any]:
    """OpenAPI 3.1. Columns of the answers are those that the served release gives, with its own words for them."""
    meanings = {
        field["name"]: field["description"] for table in held.tables.values() for field in table["schema"]["fields"]
    }

    def columns(con: sqlite3.Connection) -> dict[str, dict[str, list[str]]]:
        return {page.name: _columns(con, page) for page in pages()}

    names = await datasette.get_database(DATABASE).execute_fn(columns)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": held.package["title"],
            "version": held.package["version"],
            "description": "Each page of the site as JSON. Values never change within a version.",
            "license": {"name": held.package["licenses"][0]["title"], "url": held.package["licenses"][0]["path"]},
        },
        "paths": {f"{page.twin}.json": {"get": _operation(page, names[page.name], meanings)} for page in pages()},
        "components": {
            "schemas": {
                "Error": _object(
                    {"ok": {"type": "boolean"}, "error": {"type": "string"}, "status": {"type": "integer"}}
                )
            }
        },
    }


def _columns(con: sqlite3.Connection, page: Page) -> dict[str, list[str]]:
    """Column names by query; queries that this release cannot answer are left out."""
    found = {}
    for name, query in page.queries.items():
        values = {
            one: '""' if parameter.kind == "search" else parameter.default for one, parameter in page.parameters.items()
        }
        try:
            cursor = con.execute(f"SELECT * FROM ({query.sql}) LIMIT 0", values)
        except con.OperationalError:
            continue
        found[name] = [column[0] for column in cursor.description]
    return found


def _operation(page: Page, columns: dict[str, list[str]], meanings: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, query in page.queries.items():
        row = _object({column: _column(meanings.get(column)) for column in columns.get(name, [])})
        one = {"oneOf": [row, {"type": "null"}]} if not query.required else row
        data[name] = one if query.one else {"type": "array", "items": row}
    answer = _object(
        {
            "page": {"const": page.name},
            "release": _object(
                {"version": {"type": "string"}, "channel": {"type": "string"}, "is_sample": {"type": "boolean"}}
            ),
            "parameters": {"type": "object"},
            "missing": {"type": "array", "items": {"type": "string"}},
            "data": {"type": "object", "properties": data, "required": sorted(data)},
        }
    )
    responses: dict[str, Any] = {"200": _response("The answers", answer)}
    error = {"$ref": "#/components/schemas/Error"}
    if page.parameters:
        responses["400"] = _response("A parameter cannot be read", error)
    if page.in_path:
        responses["404"] = _response("Nothing under this address", error)
    responses["503"] = _response("The queries took longer than the limit", error)
    return {
        "operationId": page.name,
        "summary": page.title,
        "description": page.description,
        "parameters": [_parameter(page, name, one) for name, one in page.parameters.items()],
        "responses": responses,
    }


def _parameter(page: Page, name: str, parameter: Parameter) -> dict[str, Any]:
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
    example = {"example": parameter.example} if parameter.example != "" else {}
    words = parameter.description + (" In Datasette's tilde encoding." if place == "path" else "")
    return {"name": name, "in": place, "required": place == "path", "description": words, "schema": kind, **example}


def _column(meaning: str | None) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": ["string", "number", "null"]}
    return {**kind, "description": meaning} if meaning else kind


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _response(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}
