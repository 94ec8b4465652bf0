"""What one dataset gained, lost and corrected between two releases, line by line and by key.

Belongs here: comparing two Parquet files of a dataset, writing the difference, and applying it. Does not belong here:
which releases are compared (building.py, diff.py), or what the difference makes of the version (version.py).

    deltas/<dataset>.parquet   `op` (added, modified, deleted), then the dataset's columns: new values of lines added and
                               modified, last values of lines deleted; in the dataset's order
    deltas/deltas.json         from which release to which, and for each dataset that differs the counts, key and order
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from published.formats.parquet_file import notice_of, options, write_parquet
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset

FOLDER = "deltas"
INDEX = "deltas.json"
OP = "op"
METHOD = "method_version"
ADDED, MODIFIED, DELETED = "added", "modified", "deleted"


@dataclass(frozen=True, slots=True)
class Delta:
    """Counts of lines. `is_whole` says that lines of both cannot be matched (a key or a type changed, or one of the two
    releases lacks the dataset): the delta then holds every line of the newer as added, and `deleted` counts all of the older.
    """

    added: int
    modified: int
    deleted: int
    is_whole: bool = False
    is_new_method: bool = False
    """A line that is in both names another version of the method that its values come from."""

    @property
    def same_keys(self) -> bool:
        return self.added == 0 and self.deleted == 0

    def counts(self) -> dict[str, int]:
        return {ADDED: self.added, MODIFIED: self.modified, DELETED: self.deleted}


def columns_of(con: DuckDBPyConnection, parquet: Path) -> dict[str, str]:
    """DuckDB types by column, in the file's order."""
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(parquet))})").fetchall()
    return {str(name): str(kind) for name, kind, *_ in described}


def parquet_rows(con: DuckDBPyConnection, path: Path) -> int:
    """Number of lines of a Parquet file."""
    return _count(con, f"SELECT * FROM read_parquet({literal(str(path))})")


def write_delta(
    con: DuckDBPyConnection,
    before: Path | None,
    now: Path,
    out: Path,
    *,
    key: Sequence[str],
    order: Sequence[str],
    key_before: Sequence[str] | None = None,
) -> Delta:
    """Compares two Parquet files and writes `out`. Keys have to be unique in each; an empty value is a value there.

    A field that only the newer file has counts as empty in the older one; a field that only the older has is left out.
    Lines are compared by 128 bits of hash, so that those that did not change cost neither a sort nor a wide join.
    """
    columns = columns_of(con, now)
    known = columns_of(con, before) if before else {}
    is_whole = (
        before is None
        or tuple(key_before or key) != tuple(key)
        or any(known.get(name, kind) != kind for name, kind in columns.items())
        or not set(key) <= known.keys()
    )
    notice = notice_of(con, now)
    new = f"SELECT * FROM read_parquet({literal(str(now))})"
    ordered = ", ".join(quoted(name) for name in order)
    if is_whole:
        _copy(con, f"SELECT '{ADDED}' AS {OP}, * FROM ({new}) ORDER BY {ordered}", out, notice)
        return Delta(_count(con, new), 0, parquet_rows(con, before) if before else 0, is_whole=True)
    present = ", ".join(
        quoted(name) if name in known else f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items()
    )
    old = f"SELECT {present} FROM read_parquet({literal(str(before))})"
    for name, rows in (("delta_old", old), ("delta_new", new)):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT *, {_marks(columns, key)} FROM ({rows})")
    for name, of, other in (("delta_gone", "delta_old", "delta_new"), ("delta_come", "delta_new", "delta_old")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * EXCLUDE (key_mark, row_mark) FROM {of} "
            f"ANTI JOIN (SELECT key_mark, row_mark FROM {other}) USING (key_mark, row_mark)"
        )
    matched = " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM n.{quoted(name)}" for name in key)
    _copy(
        con,
        f"SELECT * FROM (SELECT CASE WHEN o.was THEN '{MODIFIED}' ELSE '{ADDED}' END AS {OP}, n.* FROM delta_come n "
        f"LEFT JOIN (SELECT {', '.join(map(quoted, key))}, true AS was FROM delta_gone) o ON {matched} "
        f"UNION ALL SELECT '{DELETED}', o.* FROM delta_gone o ANTI JOIN delta_come n ON {matched}) ORDER BY {ordered}",
        out,
        notice,
    )
    renamed = (
        METHOD in known
        and METHOD in columns
        and _count(
            con,
            f"SELECT 1 FROM delta_come n JOIN delta_gone o ON {matched} WHERE o.{METHOD} <> n.{METHOD} LIMIT 1",
        )
    )
    for name in ("delta_gone", "delta_come"):
        con.execute(f"DROP TABLE {name}")
    found = con.execute(f"SELECT {OP}, count(*) FROM read_parquet({literal(str(out))}) GROUP BY ALL").fetchall()
    counts = dict(found)
    return Delta(counts.get(ADDED, 0), counts.get(MODIFIED, 0), counts.get(DELETED, 0), is_new_method=bool(renamed))


def apply_delta(
    con: DuckDBPyConnection, dataset: Dataset, before: Path | None, delta: Path, out: Path, *, is_whole: bool = False
) -> None:
    """Writes the newer release's Parquet file from the older one's and the delta: the same bytes as it had when built."""
    columns = columns_of(con, delta)
    names = [name for name in columns if name != OP]
    changes = f"read_parquet({literal(str(delta))})"
    rows = f"SELECT {', '.join(map(quoted, names))} FROM {changes} WHERE {OP} <> '{DELETED}'"
    if before is not None and not is_whole:
        known = columns_of(con, before)
        kept = ", ".join(
            f"o.{quoted(name)}" if name in known else f"CAST(NULL AS {columns[name]}) AS {quoted(name)}"
            for name in names
        )
        matched = " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM d.{quoted(name)}" for name in dataset.key)
        rows = (
            f"SELECT {kept} FROM read_parquet({literal(str(before))}) o ANTI JOIN {changes} d ON {matched} "
            f"UNION ALL {rows}"
        )
    write_parquet(con, dataset.model_copy(update={"query": rows}), out, notice_of(con, delta))


def _marks(columns: Mapping[str, str], key: Sequence[str]) -> str:
    """Hash of the key and of all values. Floating-point numbers as text, since 0 and -0 are equal but not the same bytes."""
    values = [
        f"CAST({quoted(name)} AS VARCHAR)" if kind == "DOUBLE" else quoted(name) for name, kind in columns.items()
    ]
    return f"hash({', '.join(map(quoted, key))}) AS key_mark, hash({', '.join(values)}) AS row_mark"


def _copy(con: DuckDBPyConnection, query: str, out: Path, notice: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(str(out))} ({options(notice)})")


def _count(con: DuckDBPyConnection, query: str) -> int:
    (found,) = con.execute(f"SELECT count(*) FROM ({query})").fetchall()
    return int(found[0])
