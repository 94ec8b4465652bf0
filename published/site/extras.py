"""What pages show that no SQL knows: files of the release, the releases before, texts. One function a page that names it.

Each gives values that JSON can hold, since they are part of the page's JSON twin.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from published import store
from published.listing import built_at
from published.metadata.schema_org import schema_org
from published.metadata.use import bibtex, citation, load_code
from published.release_deltas import read_index
from published.reports import FOLDER as REPORTS
from published.reports.score_draws import FOLDER as DRAWS
from published.reports.scorecards import FOLDER as SCORECARDS
from published.site.feeds import WHOLE, publisher_address
from published.site.held import read_package
from published.site.texts import TEXTS, rendered, text_file
from published.standing import read_standing
from sources.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from published.site.held import Held
    from sources.publisher import Publisher

RELEASES_SHOWN = 30
GOVUK = "https://www.gov.uk/government/organisations/"
ABOUT = {
    "data-dictionary.md": ("Data dictionary", "every dataset and column in words."),
    "CHANGELOG.md": ("Changelog", "what this release changed, with figures."),
    "README.md": ("Read me", "what is in the release and how it is used."),
    "TOMBSTONES.json": ("Tombstones", "what was taken down, when, and by whose authority."),
}

Values = dict[str, str | int]


def home(held: Held, values: Values) -> dict[str, Any]:  # noqa: ARG001 - the signature of all of them
    return {"dataset_count": len(held.tables), "version": held.package["version"], "feed": WHOLE}


def search(held: Held, values: Values) -> dict[str, Any]:
    """Datasets whose title or description holds every word."""
    words = str(values["q"]).lower().split()
    found = [
        {"name": name, "title": table["title"], "description": table["description"]}
        for name, table in held.tables.items()
        if words and all(word in f"{name} {table['title']} {table['description']}".lower() for word in words)
    ]
    return {"datasets": found}


def department(held: Held, values: Values) -> dict[str, Any]:
    publisher = str(values["publisher_id"])
    report = f"{REPORTS}/{publisher}/index.html"
    scorecard = f"{REPORTS}/scorecards/{publisher}.html"
    return {
        "files": [{**cut, "url": url(cut["file"], held.package["version"])} for cut in held.cuts.get(publisher, [])],
        "report": f"/{REPORTS}/{quote(publisher)}/" if report in held.files else None,
        "contact": _contact(publisher),
        "feed": publisher_address(publisher),
        "scorecard": f"/{scorecard}" if scorecard in held.files else None,
        "findings": f"/{REPORTS}/{quote(publisher)}/findings.csv"
        if f"{REPORTS}/{publisher}/findings.csv" in held.files
        else None,
    }


def datasets(held: Held, values: Values) -> dict[str, Any] | None:
    """Files of the version asked for, which may be any that stands beside the one served. None where there is no such."""
    versions, version = _free(held), str(values["version"] or held.release.name)
    if version not in versions:
        return None
    held = held.beside(version)
    listed = []
    for name, table in held.tables.items():
        files = [file for file in held.sizes if file.rsplit("/", 1)[-1].split(".", 1)[0] == name and "/" not in file]
        listed.append(
            {
                "name": name,
                "title": table["title"],
                "description": table["description"],
                "rows": table.get("rowCount"),
                "columns": len(table["schema"]["fields"]),
                "files": [_file(held, file, version) for file in sorted(files)],
            }
        )
    alone = {file["name"] for one in listed for file in one["files"]}
    others = [_file(held, file, version) for file in held.sizes if "/" not in file and file not in alone]
    return {
        "datasets": listed,
        "others": others,
        "versions": versions,
        "version": version,
        "about": _about(held.files, version),
    }


def dataset(held: Held, values: Values) -> dict[str, Any] | None:
    """None where there is no such dataset."""
    name = str(values["name"])
    if name not in held.tables:
        return None
    table, version = held.tables[name], held.package["version"]
    files = [file for file in sorted(held.sizes) if "/" not in file and file.split(".", 1)[0] == name]
    return {
        "dataset": {
            **{
                key: table.get(key)
                for key in ("name", "title", "description", "rowCount", "key", "attribution", "caveats", "emptyBecause")
            },
            "licence": next(iter(table.get("licenses", [])), None),
            "columns": [
                {**{key: column.get(key) for key in ("name", "title", "type", "unit", "description")}}
                for column in table["schema"]["fields"]
            ],
        },
        "files": [_file(held, file, version) for file in files],
        "code": [
            {"title": one.title, "needs": one.needs, "code": one.code}
            for one in load_code(name, f"{held.address}/releases/{version}/")
        ],
        "about": _about(held.files, version),
        **_words(held, name),
    }


def releases(held: Held, values: Values) -> dict[str, Any]:  # noqa: ARG001 - the signature of all of them
    """Newest first, with what each changed against the one before."""
    folder = held.release.parent
    found = []
    for version in _free(held)[:RELEASES_SHOWN]:
        package, index = read_package(folder / version), read_index(folder / version)
        tables = {one["name"]: one.get("rowCount") for one in package["resources"] if "schema" in one}
        found.append(
            {
                "version": version,
                "as_of": package.get("asOf"),
                "dataset_count": len(tables),
                "transaction_count": tables.get("transactions"),
                "before": index["from"] if index else None,
                "changes": [
                    {key: counts for key, counts in one.items() if key in {"added", "modified", "deleted"}}
                    | {"dataset": name}
                    for name, one in (index["datasets"] if index else {}).items()
                ],
                "package": url("datapackage.json", version),
                "is_whole": (folder / version / store.WHOLE).exists(),
                "about": [
                    {"title": title, "url": url(name, version)}
                    for name, (title, _) in ABOUT.items()
                    if (folder / version / name).is_file()
                ],
                "tombstones": _tombstones(folder / version),
            }
        )
    return {"releases": found, "served": held.package["version"], "feed": WHOLE}


def quality(held: Held, values: Values) -> dict[str, Any]:  # noqa: ARG001 - the signature of all of them
    return {
        "reports": sorted(
            name.split("/")[1] for name in held.files if re.fullmatch(rf"{REPORTS}/[^/]+/index\.html", name)
        ),
        "corrections": held.corrections,
        "issue_form": _issue_form(held),
        "checks_uploads": bool(held.check),
    }


def _issue_form(held: Held) -> str | None:
    """The project's own form for corrections, with the release filled in: .github/ISSUE_TEMPLATE/correction.yml."""
    if not held.repository:
        return None
    release = f"{held.package['channel']} {held.package['version']}"
    return f"{held.repository}/issues/new?{urlencode({'template': 'correction.yml', 'release': release})}"


def compare(held: Held, values: Values) -> dict[str, Any]:
    """Where the draws of the family are, and whether there are any."""
    family = re.sub(r"[^a-z0-9]+", "-", str(values["family"]).lower()).strip("-")
    draws = f"{REPORTS}/{SCORECARDS}/{DRAWS}/{family}.json"
    return {"draws": f"/{draws}" if draws in held.files else None}


def texts(held: Held, values: Values) -> dict[str, Any]:  # noqa: ARG001 - the signature of all of them
    there = {name: text.title for name, text in TEXTS.items() if text_file(name)}
    return {"texts": list(there), "titles": there}


def text(held: Held, values: Values) -> dict[str, Any] | None:  # noqa: ARG001 - the signature of all of them
    """A text of the project as HTML. None where there is no such text."""
    name = str(values["text"])
    path = text_file(name)
    if path is None:
        return None
    title, html = rendered(path)
    return {"name": name, "title": title, "html": html}


def status(held: Held, values: Values) -> dict[str, Any]:  # noqa: ARG001 - the signature of all of them
    """Also what /metrics tells. `operation` is None where the server does not know the home."""
    package, built = held.package, built_at(held.release)
    age = (datetime.now(UTC) - datetime.fromisoformat(built)).total_seconds() if built else None
    return {
        "version": package["version"],
        "channel": package["channel"],
        "as_of": package.get("asOf"),
        "is_newest": held.versions[0] == held.release.name,
        "dataset_count": len(held.tables),
        "file_count": len(held.files),
        "byte_count": sum(held.sizes.values()),
        "built_at": built,
        "age_seconds": round(age) if age is not None else None,
        "rows": [
            {"dataset": name, "row_count": one["rowCount"]} for name, one in held.tables.items() if "rowCount" in one
        ],
        "held_count": len(read_standing(held.release.parent).held),
        "operation": held.operation() if held.operation else None,
    }


def _free(held: Held) -> list[str]:
    """Versions that stand beside the one served, newest first, less those held for approval."""
    waiting = read_standing(held.release.parent).held
    return [version for version in held.versions if version not in waiting or version == held.release.name]


def _about(files: Collection[str], version: str) -> list[dict[str, str]]:
    return [
        {"title": title, "words": words, "url": url(name, version)}
        for name, (title, words) in ABOUT.items()
        if name in files
    ]


def _words(held: Held, name: str) -> dict[str, Any]:
    """Citation and schema.org's description; None where an older release lacks what they are made of."""
    address, base = f"{held.address}/datasets/{name}", f"{held.address}/releases/{held.package['version']}/"
    try:
        return {
            "citation": citation(held.package, name, address),
            "bibtex": bibtex(held.package, name, address),
            "linked_data": schema_org(held.package, base, name),
        }
    except (KeyError, TypeError, ValueError):
        return {"citation": None, "bibtex": None, "linked_data": None}


def _tombstones(release: Path) -> list[dict[str, str]]:
    path = release / "TOMBSTONES.json"
    read: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return read


@cache
def _registered() -> dict[str, Publisher]:
    return {publisher.id: publisher for publisher in load_registry().publishers}


def _contact(publisher_id: str) -> str | None:
    """The body's page on GOV.UK, which has its contact, or its own site; None for one that is not in the register."""
    known = _registered().get(publisher_id)
    if known is None:
        return None
    return f"{GOVUK}{quote(known.govuk_slug)}" if known.govuk_slug else known.website


def url(file: str, version: str) -> str:
    """Address of a file of a release, which never changes."""
    return f"/releases/{version}/{quote(file)}"


def _file(held: Held, name: str, version: str) -> dict[str, Any]:
    digest = held.files[name]
    return {"name": name, "bytes": held.sizes[name], "sha256": digest, "url": url(name, version)}


EXTRAS: dict[str, Callable[[Held, Values], dict[str, Any] | None]] = {
    function.__name__: function
    for function in (home, search, department, datasets, dataset, releases, quality, compare, texts, text, status)
}
