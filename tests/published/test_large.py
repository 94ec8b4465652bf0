from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from published.beside import growing
from published.datasets import Dataset, datasets
from published.errors import ReleaseError
from published.formats.parquet_file import notice_of, write_parquet
from published.large import is_large, write_large
from published.partitions import Parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TRANSACTIONS = next(dataset for dataset in datasets() if dataset.name == "transactions")


def two_bodies(con: duckdb.DuckDBPyConnection, released: Path) -> Dataset:
    """The released lines, the last of them as another body's."""
    con.execute(
        f"CREATE TABLE t AS SELECT * REPLACE (CASE transaction_id WHEN 't4' THEN 'b' ELSE 'a' END AS publisher_id) "
        f"FROM '{released / 'transactions.parquet'}'"
    )
    return TRANSACTIONS.model_copy(update={"query": "FROM t"})


def test_a_dataset_is_large_from_the_rows_that_it_declares() -> None:
    assert TRANSACTIONS.partition is not None
    assert is_large(TRANSACTIONS, TRANSACTIONS.partition.from_rows)
    assert not is_large(TRANSACTIONS, TRANSACTIONS.partition.from_rows - 1)
    assert not is_large(next(one for one in datasets() if one.name == "payments"), 10**9)


@pytest.mark.parametrize("group_rows", [1, 2, 100])
def test_whole_and_parts_hold_the_rows_of_the_file_that_is_written_at_once(
    released: Path, tmp_path: Path, group_rows: int
) -> None:
    given: list[pa.Table] = []
    with duckdb.connect() as con:
        dataset = two_bodies(con, released)
        found = write_large(con, dataset, tmp_path, notice="A sample", also=given.append, group_rows=group_rows)
        write_parquet(con, dataset, tmp_path / "at-once.parquet", "A sample")
        for path in (tmp_path / "transactions.parquet", tmp_path / "transactions-by-body" / "a.parquet"):
            assert notice_of(con, path) == "A sample"
    at_once = pq.read_table(tmp_path / "at-once.parquet")
    whole = pq.read_table(tmp_path / "transactions.parquet")
    assert whole.to_pylist() == at_once.to_pylist()
    assert whole.schema.remove_metadata() == at_once.schema.remove_metadata()
    assert [one.physical_type for one in pq.ParquetFile(tmp_path / "transactions.parquet").schema] == [
        one.physical_type for one in pq.ParquetFile(tmp_path / "at-once.parquet").schema
    ]
    assert pa.concat_tables(given).to_pylist() == at_once.to_pylist()
    assert {name: part.rows for name, part in found.items()} == {
        "transactions-by-body/a.parquet": 3,
        "transactions-by-body/b.parquet": 1,
    }
    parts = [pq.read_table(tmp_path / name) for name in sorted(found)]
    assert pa.concat_tables(parts).to_pylist() == at_once.to_pylist()
    for name, part in found.items():
        stored = (tmp_path / name).read_bytes()
        assert (part.bytes, part.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())


def test_the_same_rows_give_the_same_bytes(released: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with duckdb.connect() as con:
            write_large(con, two_bodies(con, released), tmp_path / name, notice="", also=lambda _table: None)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.parquet"))
    assert len(files) == 3
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


def test_a_body_that_comes_twice_ends_the_release(released: Path, tmp_path: Path) -> None:
    table = pq.read_table(released / "transactions.parquet")
    place = table.schema.get_field_index("publisher_id")
    mixed = table.set_column(place, "publisher_id", pa.array(["a", "b", "a", "b"]))
    with Parts(TRANSACTIONS, tmp_path, "") as parts, pytest.raises(ReleaseError, match="publisher_id: a comes twice"):
        parts.write(mixed)


def test_sqlite_takes_the_rows_as_they_come_as_from_the_file(released: Path, tmp_path: Path) -> None:
    def held(path: Path) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as sqlite:
            return sqlite.execute("SELECT * FROM transactions ORDER BY transaction_id").fetchall()

    table = pq.read_table(released / "transactions.parquet")
    settled: tuple[set[str], dict[str, list[object]]] = ({"transactions"}, {"transactions": []})
    with growing(tmp_path / "fed.sqlite") as sqlite:
        with sqlite.fed(TRANSACTIONS) as feed:
            for start in range(table.num_rows):
                feed(table.slice(start, 1))
        sqlite.settle(*settled)  # type: ignore[arg-type]
        sqlite.finish()
    with growing(tmp_path / "file.sqlite") as sqlite:
        sqlite.add(TRANSACTIONS, released / "transactions.parquet")
        sqlite.settle(*settled)  # type: ignore[arg-type]
        sqlite.finish()
    assert held(tmp_path / "fed.sqlite") == held(tmp_path / "file.sqlite")
    assert len(held(tmp_path / "fed.sqlite")) == 4


def feed_sqlite(path: Path, tables: Iterable[pa.Table]) -> None:
    with growing(path) as sqlite, sqlite.fed(TRANSACTIONS) as feed:
        for table in tables:
            feed(table)


def test_what_fails_while_rows_come_ends_the_thread_and_is_what_is_raised(released: Path, tmp_path: Path) -> None:
    def tables() -> Iterator[pa.Table]:
        yield pq.read_table(released / "transactions.parquet")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        feed_sqlite(tmp_path / "a.sqlite", tables())


def test_rows_that_sqlite_does_not_take_are_told_to_whoever_gives_them(released: Path, tmp_path: Path) -> None:
    table = pq.read_table(released / "transactions.parquet").drop_columns(["amount_gbp"])
    with pytest.raises(Exception, match="amount_gbp"):
        feed_sqlite(tmp_path / "a.sqlite", [table] * 50)
