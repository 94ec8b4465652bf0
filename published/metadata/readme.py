"""README.md of a release: what it is, what is in it, how to cite and check it. The words are in readme.md.jinja beside this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from published.metadata.pages import render
from published.metadata.use import citation, load_code

if TYPE_CHECKING:
    from collections.abc import Mapping


def readme(package: Mapping[str, Any]) -> str:
    """Made from the data package alone, so that both say the same."""
    tables = [resource for resource in package["resources"] if "schema" in resource]
    parts = [resource for resource in package["resources"] if resource.get("part")]
    first = tables[0]["name"]
    return render(
        "readme.md.jinja",
        package=package,
        tables=tables,
        indexes=[one for one in parts if one["path"].endswith("/index.csv")],
        partitioned=next((one["path"].rpartition("/")[0] for one in parts if one["format"] == "parquet"), None),
        snippets=load_code(first),
        citation=citation(package, first),
        attributions=sorted({table["attribution"] for table in tables}),
    )
