"""What differs between any two releases whose files are at hand: by dataset in figures, for one dataset line by line.

Belongs here: the comparison as plain values and in words. Does not belong here: comparing two files (deltas.py).
"""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.deltas import ADDED, DELETED, MODIFIED, OP, Delta, parquet_rows, write_delta
from published.metadata.data_package import NAME, read_content
from sources.errors import UsageError
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from published.version import Content


def diff_releases(before: Path, now: Path, *, dataset: str | None = None, limit: int = 20) -> dict[str, Any]:
    """`from`, `to`, and for each dataset that differs its counts, fields gone and come, and sums of money that moved.

    With `dataset`, of that one also up to `limit` lines: each with its operation, key, and values (of a modified line the
    fields that differ, before and now). Raises UsageError where neither release has it.
    """
    import duckdb  # noqa: PLC0415 - only a comparison pays for it

    contents = [read_content(json.loads((release / NAME).read_text(encoding="utf-8"))) for release in (before, now)]
    known = sorted(contents[0].keys() | contents[1].keys())
    if dataset is not None and dataset not in known:
        raise UsageError(f"neither release has a dataset {dataset}; there are {', '.join(known)}")
    found: dict[str, Any] = {"from": before.name, "to": now.name, "datasets": {}}
    with (
        closing(duckdb.connect(config={"threads": 2, "memory_limit": "800MB"})) as con,
        tempfile.TemporaryDirectory() as scratch,
    ):
        for name in [dataset] if dataset else known:
            sides = contents[0].get(name), contents[1].get(name)
            if sides[0] == sides[1]:
                continue
            paths = before / f"{name}.parquet", now / f"{name}.parquet"
            out = Path(scratch) / "delta.parquet"
            described = _compare(con, sides, paths, out)
            if dataset and sides[0] and sides[1]:
                described["lines"] = _lines(con, sides[1], paths[0], out, limit)
            found["datasets"][name] = described
    return found


def _compare(
    con: DuckDBPyConnection, sides: tuple[Content | None, Content | None], paths: tuple[Path, Path], out: Path
) -> dict[str, Any]:
    old, new = sides
    if new is None:
        return {**Delta(0, 0, parquet_rows(con, paths[0])).counts(), "is_gone": True}
    if old is None:
        return {**Delta(parquet_rows(con, paths[1]), 0, 0).counts(), "is_new": True}
    delta = write_delta(con, paths[0], paths[1], out, key=new.key, order=new.key, key_before=old.key)
    described: dict[str, Any] = {**delta.counts(), "is_whole": delta.is_whole}
    described["fields_gone"] = sorted(old.types.keys() - new.types.keys())
    described["fields_come"] = sorted(new.types.keys() - old.types.keys())
    described["fields_retyped"] = sorted(
        name for name in old.types.keys() & new.types.keys() if old.types[name] != new.types[name]
    )
    described["money"] = _money(con, old.types, new.types, paths)
    return described


def _money(
    con: DuckDBPyConnection, old: Mapping[str, str], new: Mapping[str, str], paths: tuple[Path, Path]
) -> dict[str, dict[str, str]]:
    """Sums of the fields in pounds that moved; text with two decimals."""
    names = [name for name in new if name.endswith("_gbp") and old.get(name) == new[name]]
    if not names:
        return {}
    sums = ", ".join(f"coalesce(sum(CAST({quoted(name)} AS DECIMAL(18,2))), 0)::VARCHAR" for name in names)
    before, now = (
        con.execute(f"SELECT {sums} FROM read_parquet({literal(str(path))})").fetchall()[0] for path in paths
    )
    moved = zip(names, before, now, strict=True)
    return {name: {"before": one, "now": other} for name, one, other in moved if one != other}


def _lines(con: DuckDBPyConnection, content: Content, before: Path, delta: Path, limit: int) -> list[dict[str, Any]]:
    order = ", ".join(quoted(name) for name in content.key)
    cursor = con.execute(f"SELECT * FROM read_parquet({literal(str(delta))}) ORDER BY {order} LIMIT ?", [limit])
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = []
    for row in rows:
        operation = row.pop(OP)
        line: dict[str, Any] = {"op": operation, "key": {name: row[name] for name in content.key}}
        if operation == MODIFIED:
            line["changed"] = _changed(con, content, before, row)
        else:
            line["values"] = {name: value for name, value in row.items() if value is not None}
        found.append(line)
    return found


def _changed(con: DuckDBPyConnection, content: Content, before: Path, row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a modified line that differ. `limit` keeps the number of these look-ups small."""
    where = " AND ".join(f"{quoted(name)} IS NOT DISTINCT FROM ?" for name in content.key)
    cursor = con.execute(
        f"SELECT * FROM read_parquet({literal(str(before))}) WHERE {where}", [row[name] for name in content.key]
    )
    names = [column[0] for column in cursor.description or ()]
    old = dict(zip(names, cursor.fetchall()[0], strict=True))
    return {name: {"before": old.get(name), "now": value} for name, value in row.items() if old.get(name) != value}


def in_words(found: dict[str, Any]) -> str:
    """The comparison for a person."""
    head = f"From {found['from']} to {found['to']}"
    if not found["datasets"]:
        return f"{head}: the data are the same."
    lines = [f"{head}:"]
    for name, one in found["datasets"].items():
        what = ", ".join(f"{one[kind]:,} {kind}" for kind in (ADDED, MODIFIED, DELETED))
        note = " (dataset is new)" if one.get("is_new") else " (dataset is gone)" if one.get("is_gone") else ""
        if one.get("is_whole"):
            note = " (its key or a type changed: lines cannot be matched)"
        lines.append(f"  {name:<28}{what}{note}")
        for kind, words in (
            ("fields_come", "new fields"),
            ("fields_gone", "fields gone"),
            ("fields_retyped", "other type"),
        ):
            if one.get(kind):
                lines.append(f"  {'':<28}{words}: {', '.join(one[kind])}")
        for field, moved in one.get("money", {}).items():
            lines.append(f"  {'':<28}{field}: {moved['before']} -> {moved['now']}")
        for line in one.get("lines", ()):
            key = ", ".join(str(value) for value in line["key"].values())
            lines.append(f"    {line['op']:<9} {key}")
            for field, change in line.get("changed", {}).items():
                lines.append(f"    {'':<9}   {field}: {change['before']} -> {change['now']}")
            if "values" in line:
                shown = [f"{field}={value}" for field, value in line["values"].items() if field not in line["key"]]
                lines.append(f"    {'':<9}   {', '.join(shown)}")
    return "\n".join(lines)
