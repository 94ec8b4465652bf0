"""A release's Parquet files as a warehouse, so that the release can be built again from them alone.

Belongs here: tables over the files, and building a given version from them. Does not belong here: which rows are left out
(takedown.py), where the files come from (restoring.py).
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from published import building, store
from published.building import PROVENANCE, Build
from published.datasets import datasets
from published.deltas import columns_of
from published.errors import ReleaseError
from published.metadata import data_package as package
from published.version import Version
from sources.schema.duckdb_sql import DUCKDB_TYPES, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset


@contextmanager
def as_warehouse(
    folder: Path, keep: Callable[[Dataset, Mapping[str, str]], str] = lambda _dataset, _columns: "true"
) -> Iterator[DuckDBPyConnection]:
    """A connection in which every dataset's table is its Parquet file in `folder`.

    `keep` gives the condition on the rows that stay, from the dataset and the file's types by column. A field that the file
    lacks is empty; a dataset that has no file is an empty table.
    """
    import duckdb  # noqa: PLC0415 - only who rebuilds pays for it

    with closing(duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"})) as con:
        for dataset in datasets():
            path = folder / f"{dataset.name}.parquet"
            known = columns_of(con, path) if path.is_file() else {}
            columns = ", ".join(
                quoted(field.name)
                if field.name in known
                else f"CAST(NULL AS {DUCKDB_TYPES[field.type]}) AS {quoted(field.name)}"
                for field in dataset.fields
            )
            source = f"read_parquet({literal(str(path))})" if known else "(SELECT 1 WHERE false)"
            condition = keep(dataset, known) if known else "true"
            con.execute(f"CREATE VIEW {quoted(dataset.table)} AS SELECT {columns} FROM {source} WHERE {condition}")
        yield con


def has_todays_shape(release: Path) -> bool:
    """Whether the release holds the datasets, fields and keys that are declared today, so that it can be built to the byte."""
    held = package.read_content(json.loads((release / package.NAME).read_text(encoding="utf-8")))
    return {name: (dict(one.types), one.key) for name, one in held.items()} == {
        dataset.name: (dict(package.content(dataset, "").types), dataset.key) for dataset in datasets()
    }


def build_again(
    con: DuckDBPyConnection,
    channel_dir: Path,
    version: Version,
    previous: Path | None = None,
    tombstones: Sequence[Mapping[str, str]] = (),
) -> Path:
    """The release `version` built from `con` into a folder beside the others, which the caller puts in place or removes.

    Its day and its provenance are those of the release that stands, and so is the release before it, unless `previous`
    gives a whole copy of that.
    """
    release = channel_dir / str(version)
    provenance = read_provenance(release)
    if "as_of" not in provenance:
        raise ReleaseError(f"{release / PROVENANCE} does not say as_of; without it the reports cannot be built again")
    before = [one for one in store.versions(channel_dir) if one < version]
    channel = channel_dir.name
    build = Build(
        store.new_building(channel_dir),
        (previous or channel_dir / str(before[-1])) if before else None,
        channel,
        channel == "sample",
        date.fromisoformat(provenance["as_of"]),
        version=version,
        tombstones=[*map(dict, tombstones)],
    )
    building.write(con, build, before[-1] if before else None)
    building.write_json(build.folder / PROVENANCE, provenance)
    return build.folder


def read_provenance(release: Path) -> dict[str, Any]:
    """Raises ReleaseError where it cannot be read."""
    try:
        read: dict[str, Any] = json.loads((release / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{release / PROVENANCE} cannot be read ({error}); restore it from a copy") from error
    return read
