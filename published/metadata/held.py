"""What the descriptions need to know of a release's own datasets: versions of rules and methods, and columns without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from published.datasets import Dataset, Link, datasets
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

VERSIONS = ("rule_version", "method_version")
CATALOGUES = {"rules": "rule_id", "measures": "measure_id"}
"""Datasets that list versioned things one a line, with the column that names the thing."""


def method_versions(con: DuckDBPyConnection, folder: Path) -> dict[str, Any]:
    """By dataset: in a catalogue each thing's version by its id, elsewhere the versions that occur, in order."""
    found: dict[str, Any] = {}
    for dataset in datasets():
        version = next((field.name for field in dataset.fields if field.name in VERSIONS), None)
        if version is None:
            continue
        source = f"read_parquet({literal(str(folder / f'{dataset.name}.parquet'))})"
        columns = [*([CATALOGUES[dataset.name]] if dataset.name in CATALOGUES else []), version]
        named = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in columns)
        rows = con.execute(f"SELECT DISTINCT {named} FROM {source} WHERE {version} IS NOT NULL ORDER BY ALL").fetchall()
        found[dataset.name] = dict(rows) if dataset.name in CATALOGUES else [value for (value,) in rows]
    return found


def filled_links(con: DuckDBPyConnection, folder: Path, dataset: Dataset, links: Sequence[Link]) -> frozenset[str]:
    """Columns of `links` that have a value in every row of `dataset`."""
    if not links:
        return frozenset()
    tests = ", ".join(f"bool_and(coalesce({quoted(link.field)} <> '', false))" for link in links)
    found = con.execute(
        f"SELECT {tests} FROM read_parquet({literal(str(folder / f'{dataset.name}.parquet'))})"
    ).fetchall()
    return frozenset(link.field for link, is_filled in zip(links, found[0], strict=True) if is_filled)
