"""The deltas of a whole release: every dataset compared with the release before, and the index of what was found.

Belongs here: which datasets are compared and the index. Does not belong here: comparing two files (deltas.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from published.datasets import datasets
from published.deltas import FOLDER, INDEX, Delta, parquet_rows, write_delta

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.version import Content


def write_deltas(
    con: DuckDBPyConnection, previous: Path, folder: Path, before: Mapping[str, Content], now: Mapping[str, Content]
) -> dict[str, Delta]:
    """Deltas, by name, of the datasets whose content differs, written to folder/deltas/<dataset>.parquet.

    A dataset whose CSV has the checksum it had, with the same types and key, is not looked at. One that the newer release
    lacks has counts and no file.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    found: dict[str, Delta] = {}
    for dataset in datasets():
        name = dataset.name
        if name not in now or before.get(name) == now[name]:
            continue
        known = before.get(name)
        found[name] = write_delta(
            con,
            previous / f"{name}.parquet" if known else None,
            folder / f"{name}.parquet",
            folder / FOLDER / f"{name}.parquet",
            key=dataset.key,
            order=dataset.order,
            key_before=known.key if known else None,
        )
    for name in sorted(before.keys() - now.keys()):
        found[name] = Delta(0, 0, parquet_rows(con, previous / f"{name}.parquet"), is_whole=True)
    return found


def write_index(folder: Path, deltas: Mapping[str, Delta], *, version_from: str, version_to: str) -> None:
    """deltas/deltas.json: names the two releases, and for each dataset that differs its counts, key and order."""
    declared = {dataset.name: dataset for dataset in datasets()}
    index = {
        "from": version_from,
        "to": version_to,
        "datasets": {
            name: {
                **asdict(delta),
                "file": f"{name}.parquet" if name in declared else None,
                "key": list(declared[name].key) if name in declared else [],
                "order": list(declared[name].order) if name in declared else [],
            }
            for name, delta in sorted(deltas.items())
        },
    }
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read_index(release: Path) -> dict[str, Any] | None:
    """The index of a release's deltas; None where it has none, as the first release."""
    path = release / FOLDER / INDEX
    if not path.is_file():
        return None
    index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return index
