"""A delta says what changed, and applied to the older file gives the newer one's bytes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from published.datasets import Dataset, datasets
from published.deltas import Delta, apply_delta, columns_of, write_delta
from published.formats.parquet_file import write_parquet

if TYPE_CHECKING:
    import pytest

REVISIONS = next(dataset for dataset in datasets() if dataset.name == "revisions")
"""A dataset with a key of several columns, text, dates, money and whole numbers."""

SUPPLIERS = st.sampled_from(["", "Ash Ltd", "=1+1", "Beech\nplc", 'The "Oak"', "Ёлка", "a|b"])
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["north", "south"]), st.integers(0, 12)),
    st.tuples(st.none() | SUPPLIERS, st.none() | st.integers(-(10**15), 10**15)),
    max_size=14,
)


def _write(con: duckdb.DuckDBPyConnection, rows: dict[tuple[str, int], tuple[Any, Any]], path: Path) -> None:
    declared = ", ".join(f"{name} VARCHAR" for name in ("distribution_id", "row_hash", "supplier_name"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE given ({declared}, pence BIGINT)")
    for (file, number), (supplier, pence) in rows.items():
        con.execute("INSERT INTO given VALUES (?, ?, ?, ?)", [file, f"h{number}" if number else None, supplier, pence])
    known = {"distribution_id", "row_hash", "supplier_name", "amount_after_gbp"}
    others = "".join(f", NULL AS {field.name}" for field in REVISIONS.fields if field.name not in known)
    query = f"SELECT distribution_id, row_hash, supplier_name, CAST(pence AS DECIMAL(18,2)) / 100 AS amount_after_gbp{others} FROM given"
    write_parquet(con, REVISIONS.model_copy(update={"query": query}), path)


@settings(max_examples=30)
@given(ROWS, ROWS)
def test_applied_to_the_older_a_delta_gives_the_newer_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, before: dict[Any, Any], now: dict[Any, Any]
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    with duckdb.connect() as con:
        _write(con, before, folder / "before.parquet")
        _write(con, now, folder / "now.parquet")
        paths = folder / "before.parquet", folder / "now.parquet", folder / "delta.parquet"
        delta = write_delta(con, *paths, key=REVISIONS.key, order=REVISIONS.order)
        assert delta == Delta(
            added=len(now.keys() - before.keys()),
            modified=sum(now[key] != before[key] for key in now.keys() & before.keys()),
            deleted=len(before.keys() - now.keys()),
        )
        apply_delta(con, REVISIONS, folder / "before.parquet", folder / "delta.parquet", folder / "again.parquet")
    assert (folder / "again.parquet").read_bytes() == (folder / "now.parquet").read_bytes()


def _delta(
    tmp_path: Path, before: dict[str, Any], now: dict[str, Any], **keys: Any
) -> tuple[Delta, list[dict[str, Any]]]:
    pq.write_table(pa.table(before), tmp_path / "before.parquet")
    pq.write_table(pa.table(now), tmp_path / "now.parquet")
    with duckdb.connect() as con:
        paths = tmp_path / "before.parquet", tmp_path / "now.parquet", tmp_path / "delta.parquet"
        delta = write_delta(con, *paths, **{"key": ["id"], "order": ["id"], **keys})
        assert next(iter(columns_of(con, tmp_path / "delta.parquet"))) == "op"
    return delta, pq.read_table(tmp_path / "delta.parquet").to_pylist()


def test_a_delta_holds_new_values_and_the_last_ones_of_lines_that_went(tmp_path: Path) -> None:
    before = {"id": ["a", "b", "c"], "value": [1, 2, 3]}
    now = {"id": ["b", "c", "d"], "value": [2, 4, 5]}
    delta, rows = _delta(tmp_path, before, now)
    assert delta.counts() == {"added": 1, "modified": 1, "deleted": 1}
    assert not delta.same_keys
    assert rows == [
        {"op": "deleted", "id": "a", "value": 1},
        {"op": "modified", "id": "c", "value": 4},
        {"op": "added", "id": "d", "value": 5},
    ]


def test_a_field_more_modifies_the_lines_that_have_it_and_a_field_less_none(tmp_path: Path) -> None:
    plain, wide = {"id": ["a", "b"]}, {"id": ["a", "b"], "note": ["x", None]}
    assert _delta(tmp_path, plain, wide)[0] == Delta(0, 1, 0)
    assert _delta(tmp_path, wide, plain)[0] == Delta(0, 0, 0)


def test_where_lines_cannot_be_matched_the_delta_is_the_whole_file(tmp_path: Path) -> None:
    numbers, words = {"id": [1, 2], "n": [1, 2]}, {"id": ["1", "2", "3"], "n": [1, 2, 3]}
    delta, rows = _delta(tmp_path, numbers, words)
    assert delta == Delta(3, 0, 2, is_whole=True)
    assert [row["op"] for row in rows] == ["added"] * 3
    assert _delta(tmp_path, words, words, key_before=["id", "n"])[0] == Delta(3, 0, 3, is_whole=True)


def test_zero_and_minus_zero_are_different_bytes_and_nan_is_itself(tmp_path: Path) -> None:
    delta, rows = _delta(tmp_path, {"id": ["a", "b"], "n": [0.0, math.nan]}, {"id": ["a", "b"], "n": [-0.0, math.nan]})
    assert delta == Delta(0, 1, 0)
    assert math.copysign(1, rows[0]["n"]) == -1


def test_a_new_dataset_is_added_whole(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "now.parquet")
    with duckdb.connect() as con:
        delta = write_delta(con, None, tmp_path / "now.parquet", tmp_path / "d.parquet", key=["id"], order=["id"])
    assert delta == Delta(1, 0, 0, is_whole=True)


def test_every_dataset_can_have_a_delta() -> None:
    assert all("op" not in {field.name for field in dataset.fields} for dataset in datasets())
    assert all(isinstance(dataset, Dataset) and dataset.key for dataset in datasets())
