"""data-dictionary.md: every dataset and column of the release in words. The words around them are in dictionary.md.jinja."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from published.metadata.pages import render

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "data-dictionary.md"
TYPES = {
    "string": "text",
    "list": "list, joined by |",
    "integer": "whole number",
    "number": "number",
    "date": "date",
    "boolean": "true or false",
}


def dictionary(package: Mapping[str, Any]) -> str:
    tables = [resource for resource in package["resources"] if "schema" in resource]
    return render("dictionary.md.jinja", package=package, tables=tables, types=TYPES, codes=_codes(tables))


def _codes(tables: list[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Codes and their meanings by column, in the order of their first use. A column means the same in every dataset."""
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        for one in table["schema"]["fields"]:
            listed = {entry["value"]: entry["label"] for entry in one.get("categories", [])} or one.get("codes", {})
            if listed:
                found.setdefault(one["name"], listed)
    return found
