"""How a release is used: code that loads a dataset, and how to cite it. For the README, CITATION.cff and the site's pages.

Everything is made from the data package, so that an old release is cited by its own words. The code is in use.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
PUBLISHER = "Public Value"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code for one tool. `needs`: what has to be there first."""

    id: str
    title: str
    language: str
    needs: str
    code: str


def load_code(dataset: str, base: str = "") -> list[Snippet]:
    """Code that loads `dataset` in pandas, DuckDB, R, and from CSV. `base`: the address of the release's files, ending with a
    slash; without it, the code reads them from the folder it runs in. Raises ValueError for a base that could end a string.
    """
    if set(base) & set("\"'\\\n\r{}"):
        raise ValueError(f"{base!r} is no address: it holds quotes, braces, backslashes or line ends")
    values = {"name": dataset, "parquet": f"{base}{dataset}.parquet", "csv": f"{base}{dataset}.csv"}
    return [Snippet(**{**spec, "code": spec["code"].format(**values)}) for spec in _snippets()]


def citation(package: Mapping[str, Any], dataset: str | None = None, address: str = "") -> str:
    """One line that says what was used, of which version: `Public Value (2026). Transactions. Public Value 3.2.0 (live).`

    `dataset` is the name of one of the package's tables, or None for all of them; `address` is where they can be had.
    Raises KeyError where the package has no such dataset.
    """
    title = f"{_table(package, dataset)['title']}. " if dataset else ""
    where = f" {address}" if address else ""
    notice = " SAMPLE DATA, invented." if package["isSample"] else ""
    return f"{PUBLISHER} ({_year(package)}). {title}{PUBLISHER} {package['version']} ({package['channel']}).{notice}{where}"


def bibtex(package: Mapping[str, Any], dataset: str | None = None, address: str = "") -> str:
    """The same as an entry of BibTeX. Raises KeyError where the package has no such dataset."""
    key = "-".join(["public-value", package["version"], *([dataset] if dataset else [])])
    title = f"{_table(package, dataset)['title']}, {PUBLISHER}" if dataset else PUBLISHER
    fields = {
        "author": f"{{{PUBLISHER}}}",
        "title": f"{{{title}}}",
        "version": package["version"],
        "year": _year(package),
        "note": f"Channel {package['channel']}{'. SAMPLE DATA, invented' if package['isSample'] else ''}",
        **({"url": address} if address else {}),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _year(package: Mapping[str, Any]) -> str:
    return str(date.fromisoformat(package["asOf"]).year)


def _table(package: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Raises KeyError where the package has no such table."""
    for resource in package["resources"]:
        if resource["name"] == name and "schema" in resource:
            found: Mapping[str, Any] = resource
            return found
    raise KeyError(name)


@cache
def _snippets() -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = yaml.safe_load((HERE / "use.yaml").read_text(encoding="utf-8"))
    return loaded
