"""Writes all datasets into one SQLite file, streamed by Arrow batches, with indexes and full-text search.

Belongs here: DDL and loading. Does not belong here: what Datasette shows (published/datasette).
"""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.errors import ReleaseError
from published.formats.columns import SQLITE_TYPES, for_sqlite, pence_name
from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset, Link

    Rows = Path | Iterable[pa.Table]
    """A dataset's Parquet file, or its rows in the same order."""

BATCH_ROWS = 50_000
SEARCH_BYTES = 64 * 1024 * 1024

# The file is written aside, verified and only then renamed, so a journal would protect nothing.
# Larger pages than the usual 4 KiB suit rows of some 400 bytes: a tenth less to write. The cache bounds how much an index
# sorts at a time; what fits the processor's own cache better is a quarter quicker than 200 MB.
FAST = (
    "page_size=8192",
    "journal_mode=OFF",
    "synchronous=OFF",
    "locking_mode=EXCLUSIVE",
    "cache_size=-32000",
    "temp_store=FILE",
)


def write_sqlite(
    con: DuckDBPyConnection,
    path: Path,
    ready: Iterable[tuple[Dataset, Rows]],
    settled: Callable[[], tuple[set[str], dict[str, list[Link]]]],
) -> None:
    """`ready` may come one by one, as they get ready. `settled` is asked once all are loaded, and gives the names
    of the datasets whose key is complete and unique, and per dataset the foreign keys that hold.

    Tables are loaded bare. Keys and links are declared when the indexes are there: a key that SQLite knows of while
    loading is filled in random order, which took 8 s more for 2 million rows.
    """
    import adbc_driver_sqlite.dbapi  # noqa: PLC0415 - only a release build pays for it

    loaded: list[Dataset] = []
    with closing(adbc_driver_sqlite.dbapi.connect(str(path), autocommit=True)) as sqlite, sqlite.cursor() as cursor:
        for pragma in FAST:
            cursor.execute(f"PRAGMA {pragma}")
        for dataset, rows in ready:
            cursor.execute(table_ddl(dataset))
            cursor.execute("BEGIN")
            cursor.adbc_ingest(dataset.name, _batches(con, dataset, rows), mode="append")
            cursor.execute("COMMIT")
            loaded.append(dataset)
        keyed, links = settled()
        for dataset in loaded:
            for statement in [*index_ddl(dataset, unique=dataset.name in keyed), *search_ddl(dataset)]:
                cursor.execute(statement)
    _declare(path, loaded, keyed, links)


def _declare(path: Path, loaded: list[Dataset], keyed: set[str], links: dict[str, list[Link]]) -> None:
    """Writes keys and links into the schema of tables that fulfil them, and gathers what the query planner wants to know.

    SQLite keeps a table's declaration as text, and a primary key's index is an index like any other under a name of its
    own, so the content stays as it is (https://sqlite.org/lang_altertable.html, section 7). Raises ReleaseError where
    SQLite does not take a key for one afterwards.
    """
    import sqlite3  # noqa: PLC0415 - only a release build pays for it

    with closing(sqlite3.connect(path, isolation_level=None)) as sqlite:
        (version,) = sqlite.execute("PRAGMA schema_version").fetchone()
        sqlite.execute("PRAGMA journal_mode=OFF")
        sqlite.execute("PRAGMA writable_schema=ON")
        sqlite.execute("BEGIN")
        for dataset in loaded:
            has_key = dataset.name in keyed
            sqlite.execute(
                "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                (table_ddl(dataset, has_key=has_key, links=links[dataset.name]), dataset.name),
            )
            if has_key:
                sqlite.execute(
                    "UPDATE sqlite_master SET name = ?, sql = NULL WHERE type = 'index' AND name = ?",
                    (f"sqlite_autoindex_{dataset.name}_1", key_index(dataset)),
                )
        sqlite.execute("COMMIT")
        sqlite.execute(f"PRAGMA schema_version={version + 1}")
    with closing(sqlite3.connect(path, isolation_level=None)) as sqlite:
        sqlite.execute("PRAGMA journal_mode=OFF")
        for dataset in loaded:
            columns = sqlite.execute(f"PRAGMA table_info({quoted(dataset.name)})").fetchall()
            key = tuple(name for _, name, *_, place in sorted(columns, key=lambda column: column[-1]) if place)
            if key != (dataset.key if dataset.name in keyed else ()):
                raise ReleaseError(
                    f"{path.name}: the key of {dataset.name} could not be declared. Nothing was released"
                )
        sqlite.execute("PRAGMA analysis_limit=1000")
        sqlite.execute("ANALYZE")


def write_about(path: Path, release: dict[str, str], parquets: Iterable[Dataset]) -> None:
    """Two small tables that let the file speak for itself: `about_release` and `about_columns`."""
    import sqlite3  # noqa: PLC0415 - only a release build pays for it

    rows = [
        (dataset.name, name, title, description, unit)
        for dataset in parquets
        for name, title, description, unit in described_columns(dataset)
    ]
    with closing(sqlite3.connect(path)) as sqlite, sqlite:
        sqlite.execute("CREATE TABLE about_release (name TEXT PRIMARY KEY, value TEXT)")
        sqlite.executemany("INSERT INTO about_release VALUES (?, ?)", release.items())
        sqlite.execute(
            "CREATE TABLE about_columns (dataset TEXT, column_name TEXT, title TEXT, description TEXT, unit TEXT, "
            "PRIMARY KEY (dataset, column_name))"
        )
        sqlite.executemany("INSERT INTO about_columns VALUES (?, ?, ?, ?, ?)", rows)


def described_columns(dataset: Dataset) -> Iterable[tuple[str, str, str, str | None]]:
    """Name, title, description and unit of each SQLite column: pence stand beside pounds."""
    for field in dataset.sqlite_fields:
        if field.type == "decimal":
            yield pence_name(field.name), field.title, f"{field.description} In whole pence, exact.", "pence"
        yield field.name, field.title, field.description, field.unit


def table_ddl(dataset: Dataset, *, has_key: bool = False, links: Sequence[Link] = ()) -> str:
    """CREATE TABLE. Money is INTEGER pence, with pounds generated from it to be shown and filtered: a division by 100 is
    the nearest double to the decimal, so no rounding is needed.
    """
    lines: list[str] = []
    for field in dataset.sqlite_fields:
        if field.type == "decimal":
            pence = quoted(pence_name(field.name))
            lines.append(f"{pence} INTEGER")
            lines.append(f"{quoted(field.name)} REAL GENERATED ALWAYS AS ({pence} / 100.0) VIRTUAL")
        else:
            lines.append(f"{quoted(field.name)} {SQLITE_TYPES[field.type]}")
    if has_key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, dataset.key))})")
    lines += [
        f"FOREIGN KEY ({quoted(link.field)}) REFERENCES {quoted(link.dataset)} ({quoted(link.field)})" for link in links
    ]
    return f"CREATE TABLE {quoted(dataset.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def key_index(dataset: Dataset) -> str:
    """Name of the index of the key until the key is declared."""
    return f"{dataset.name}_key"


def index_ddl(dataset: Dataset, *, unique: bool) -> list[str]:
    """The index of the key, where it is `unique`, and those that the dataset asks for."""
    indexes = [("UNIQUE INDEX", key_index(dataset), dataset.key)] if unique else []
    indexes += [("INDEX", "_".join((dataset.name, *index)), index) for index in dataset.indexes]
    return [
        f"CREATE {kind} {quoted(name)} ON {quoted(dataset.name)} ({', '.join(map(quoted, columns))})"
        for kind, name, columns in indexes
    ]


def search_ddl(dataset: Dataset) -> list[str]:
    """Full-text index. It holds no copy of the text and no document sizes (ranking is not used), and gathers in memory:
    4.6 s instead of 6.7 s for 2 million rows.
    """
    if not dataset.search:
        return []
    table = quoted(f"{dataset.name}_fts")
    columns = ", ".join(map(quoted, dataset.search))
    return [
        f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content={literal(dataset.name)}, columnsize=0)",
        f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', {SEARCH_BYTES})",
        f"INSERT INTO {table}({table}) VALUES ('rebuild')",
    ]


def _batches(con: DuckDBPyConnection, dataset: Dataset, rows: Rows) -> Any:
    """A reader of Arrow batches in SQLite's types."""
    from pyarrow import RecordBatchReader  # noqa: PLC0415 - only a release build pays for it

    select = f"SELECT {', '.join(for_sqlite(field) for field in dataset.sqlite_fields)} FROM "
    if isinstance(rows, Path):
        return con.execute(f"{select} read_parquet({literal(str(rows))})").to_arrow_reader(BATCH_ROWS)

    def readers() -> Iterator[Any]:
        for table in rows:
            con.register("part", table)
            yield con.execute(f"{select} part").to_arrow_reader(BATCH_ROWS)

    ready = readers()
    first = next(ready)
    return RecordBatchReader.from_batches(first.schema, chain(first, chain.from_iterable(ready)))
