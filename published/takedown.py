"""Takes lines out of releases that stand: the one exception to their never changing.

Belongs here: which rows go from which dataset, and building the release again in its place. Does not belong here: the stored
bytes and the register of takedowns (pipelines.suppression).

A release is built again from its own Parquet files without the rows, under its version, with TOMBSTONES.json, which says
when, by whose authority and why, and never what; checksums and the deltas around it are new.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from published import store
from published.building import TOMBSTONES
from published.deltas import FOLDER as DELTAS
from published.deltas import columns_of
from published.errors import ReleaseError
from published.reopen import as_warehouse, build_again
from published.restoring import restore
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset
    from published.version import Version

AT_FDCWD, EXCHANGE = -100, 2
OTHERS = ("revisions", "distributions", "set_aside_rows", "findings")
"""Datasets beside transactions that can hold something of a line."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What is taken down: transactions by id, rows by publisher and hash of their cells, suppliers by the SHA-256 of their
    key, whole snapshots.
    """

    transaction_ids: frozenset[str] = frozenset()
    row_hashes: frozenset[tuple[str, str]] = frozenset()
    supplier_keys: frozenset[str] = frozenset()
    snapshots: frozenset[str] = frozenset()
    tombstone: Mapping[str, str] = field(default_factory=dict)


def take_down(root: Path, gone: Gone) -> dict[str, int]:
    """Builds every release of every channel that holds any of it again; `channel/version` to transactions taken out.

    Oldest first, so that deltas are against what stands. Doing it twice changes nothing more. The home has to be locked.
    """
    done: dict[str, int] = {}
    for channel in store.CHANNELS:
        channel_dir = root / channel
        if not channel_dir.is_dir():
            continue
        store.sweep(channel_dir)
        follows = False
        for version in store.versions(channel_dir):
            count = _take_down_one(channel_dir, version, gone, follows=follows)
            follows = count is not None
            if count:
                done[f"{channel}/{version}"] = count
    return done


def _take_down_one(channel_dir: Path, version: Version, gone: Gone, *, follows: bool) -> int | None:
    """Number of transactions taken out; None where the release had nothing of it and did not follow one that had."""
    release = channel_dir / str(version)
    if not (release / store.WHOLE).exists():
        restore(channel_dir, version)
    with tempfile.TemporaryDirectory() as scratch:
        marks = Path(scratch)
        count, held = _mark(release, gone, marks)
        if not held and not follows:
            return None
        known = _tombstones(release)
        added = [{**gone.tombstone, "lines": str(count)}]
        with as_warehouse(release, lambda dataset, columns: _stays(dataset, columns, marks)) as con:
            built = build_again(con, channel_dir, version, tombstones=[*known, *added])
        try:
            exchange(built, release)
        finally:
            shutil.rmtree(built, ignore_errors=True)
    return count if held else None


def _tombstones(release: Path) -> list[dict[str, str]]:
    path = release / TOMBSTONES
    read: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return read


def _mark(release: Path, gone: Gone, marks: Path) -> tuple[int, bool]:
    """Writes what goes as lists of values, one Parquet file a field; returns the transactions, and whether anything goes."""
    import duckdb  # noqa: PLC0415 - only a takedown pays for it

    with closing(duckdb.connect(config={"threads": 2, "memory_limit": "800MB"})) as con:
        for name, values in (
            ("ids", gone.transaction_ids),
            ("keys", gone.supplier_keys),
            ("snapshots", gone.snapshots),
            ("rows", {f"{publisher}\x1f{value}" for publisher, value in gone.row_hashes}),
        ):
            con.execute(f"CREATE TEMP TABLE asked_{name} AS SELECT unnest(?::VARCHAR[]) AS one", [sorted(values)])
        source = f"read_parquet({literal(str(release / 'transactions.parquet'))})"
        asked = (
            "(transaction_id IN (FROM asked_ids) OR sha256(supplier_key) IN (FROM asked_keys) "
            "OR snapshot_sha256 IN (FROM asked_snapshots))"
        )
        con.execute(
            f"CREATE TEMP TABLE lines AS SELECT transaction_id, payment_id, supplier_key, supplier_name FROM {source} "
            f"WHERE {asked}"
        )
        kept = f"(SELECT * FROM {source} WHERE transaction_id NOT IN (SELECT transaction_id FROM lines))"
        queries = {
            "transaction_id": "SELECT transaction_id FROM lines",
            "payment_id": f"SELECT payment_id FROM lines EXCEPT SELECT payment_id FROM {kept}",
            "supplier_key": f"SELECT supplier_key FROM lines EXCEPT SELECT supplier_key FROM {kept}",
            "supplier_name": f"SELECT supplier_name FROM lines WHERE sha256(supplier_key) IN (FROM asked_keys) EXCEPT SELECT supplier_name FROM {kept}",
            "snapshot_sha256": "FROM asked_snapshots",
            "row_hash": "FROM asked_rows",
        }
        for name, query in queries.items():
            con.execute(
                f"COPY (SELECT DISTINCT * FROM ({query}) q(one) WHERE one IS NOT NULL) TO {literal(str(marks / name))} (FORMAT parquet)"
            )
        (found,) = con.execute("SELECT count(*) FROM lines").fetchall()
        others = any(_held(con, release / f"{name}.parquet", marks) for name in OTHERS)
        delta = release / DELTAS / "transactions.parquet"  # it holds the last values of lines that went
        if not others and delta.is_file():
            others = bool(
                con.execute(f"SELECT 1 FROM read_parquet({literal(str(delta))}) WHERE {asked} LIMIT 1").fetchall()
            )
    return int(found[0]), bool(found[0]) or others


def _held(con: DuckDBPyConnection, path: Path, marks: Path) -> bool:
    if not path.is_file():
        return False
    condition = _condition(columns_of(con, path), marks)
    return bool(
        con.execute(f"SELECT 1 FROM read_parquet({literal(str(path))}) WHERE NOT ({condition}) LIMIT 1").fetchall()
    )


def _stays(dataset: Dataset, columns: Mapping[str, str], marks: Path) -> str:
    # A payment or supplier of which other lines stay is not known by name alone; in transactions, only lines go.
    names = {"transaction_id", "snapshot_sha256"} if dataset.name == "transactions" else columns.keys()
    return _condition({name: columns[name] for name in columns if name in names}, marks)


def _condition(columns: Mapping[str, str], marks: Path) -> str:
    """The condition that keeps a row, by the fields that can name what goes."""
    tests = []
    for name, mark in (
        ("transaction_id", "transaction_id"),
        ("payment_id", "payment_id"),
        ("supplier_key", "supplier_key"),
        ("supplier_name", "supplier_name"),
        ("snapshot_sha256", "snapshot_sha256"),
        ("previous_snapshot_sha256", "snapshot_sha256"),
    ):
        if name in columns:
            tests.append(f"coalesce({quoted(name)} NOT IN (FROM read_parquet({literal(str(marks / mark))})), true)")
    if {"publisher_id", "row_hash"} <= columns.keys():
        listed = f"(FROM read_parquet({literal(str(marks / 'row_hash'))}))"
        tests.append(f"coalesce(publisher_id || chr(31) || row_hash NOT IN {listed}, true)")
    return " AND ".join(tests) or "true"


def exchange(one: Path, other: Path) -> None:
    """Two folders take each other's name in one step, so that a kill leaves the one or the other.

    Raises ReleaseError where the file system cannot do that.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE) != 0:
        raise ReleaseError(
            f"{other}: this file system cannot exchange two folders in one step ({os.strerror(ctypes.get_errno())}); "
            "move the home to a local disk and say it again"
        )
