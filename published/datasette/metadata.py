"""What Datasette is told about a release: titles, column descriptions, facets, sort order, search, questions, row counts.

Written into the release when it is built, so that an old release is served with the words of its own time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from published.formats.sqlite_file import described_columns
from published.metadata.data_package import SAMPLE, SQLITE, Described, Stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

METADATA = "datasette-metadata.json"
INSPECT = "datasette-inspect.json"
DATABASE = "public-value"


def datasette_metadata(described: Sequence[Described], *, title: str, is_sample: bool) -> dict[str, Any]:
    licence = described[0].licence
    common = {
        "license": licence.title,
        "license_url": licence.path,
        "source": licence.attribution,
    }
    about = {"hidden": True}
    return {
        "title": title,
        **common,
        "databases": {
            DATABASE: {
                "title": title,
                "description": f"{SAMPLE}: invented, describes no real body."
                if is_sample
                else "All datasets of the release.",
                **common,
                "tables": {
                    **{one.dataset.name: _table(one) for one in described},
                    "about_release": about,
                    "about_columns": about,
                },
                "queries": {
                    _slug(question.title): {"title": question.title, "sql": question.sql}
                    for one in described
                    for question in one.dataset.questions
                },
            }
        },
    }


def datasette_inspect(described: Sequence[Described], sqlite: Stored, hidden: Mapping[str, int]) -> dict[str, Any]:
    """Row counts known in advance, so that no page counts millions of rows. `hidden`: counts of the other tables."""
    counts = {one.dataset.name: one.rows for one in described} | dict(hidden)
    return {
        DATABASE: {
            "hash": sqlite.sha256,
            "size": sqlite.bytes,
            "file": SQLITE,
            "tables": {name: {"count": rows} for name, rows in sorted(counts.items())},
        }
    }


def _table(one: Described) -> dict[str, Any]:
    dataset = one.dataset
    described: dict[str, Any] = {
        "title": dataset.title,
        "description": dataset.description,
        "facets": list(dataset.facets),
        "columns": {name: description for name, _, description, _ in described_columns(dataset)},
        "column_units": {name: unit for name, _, _, unit in described_columns(dataset) if unit},
        "brief": [*dataset.brief],
        "caveats": list(dataset.caveats),
    }
    optional = {
        "empty_because": one.empty_because,
        "label_column": dataset.label,
        "sort": dataset.sort,
        "sort_desc": dataset.sort_desc,
    }
    described |= {name: value for name, value in optional.items() if value}
    if dataset.search:
        described["fts_table"] = f"{dataset.name}_fts"
    return described


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
