"""Consecutive snapshots of a file, compared line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.schema_duckdb import create_table
from quality_checks.revisions import Step, build_revisions
from sources.schema.arrow import arrow_schema
from sources.schema.model import table

DAY = date(2024, 6, 1)
STEP = Step("a-body", "d1", DAY, "one", "two")
Line = tuple[str | None, str | None, str, str]
"""Transaction number, supplier, day, amount."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(create_table(table("core_revisions")))
        yield con


def lake(path: Path, snapshots: dict[str, list[Line]]) -> Path:
    """One Parquet file of lake_rows; equal lines have equal cells. A line of one cell 'total' is set aside."""
    rows: list[dict[str, Any]] = []
    for sha256, lines in snapshots.items():
        seen: dict[Line, int] = {}
        for number, line in enumerate(lines, start=2):
            seen[line] = seen.get(line, 0) + 1
            transaction, supplier, day, amount = line
            rows.append(
                {
                    "publisher_id": "a-body", "distribution_id": "d1", "snapshot_sha256": sha256, "sheet": "",
                    "line_number": number, "row_class": "total" if transaction == "total" else "transaction",
                    "row_hash": hashlib.sha256(repr(line).encode()).hexdigest()[:32], "occurrence": seen[line],
                    "payment_date": date.fromisoformat(day.strip()), "supplier_name": supplier, "date_raw": day,
                    "transaction_number": transaction, "amount_gbp": Decimal(amount.strip()), "amount_raw": amount,
                }
            )  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema("lake_rows")), path)
    return path


def revisions(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, before: list[Line], after: list[Line], step: Step = STEP
) -> list[tuple[Any, ...]]:
    """Kind, number, amount before and after of every line, in order."""
    build_revisions(con, [step], [lake(tmp_path / "rows.parquet", {"one": before, "two": after})])
    return con.execute(
        "SELECT revision_kind, transaction_number, amount_before_gbp::VARCHAR, amount_after_gbp::VARCHAR "
        "FROM core_revisions ORDER BY revision_kind, transaction_number, 3, 4"
    ).fetchall()


ALPHA: Line = ("1", "Alpha", "2024-04-01", "10.00")
BETA: Line = ("2", "Beta", "2024-04-02", "20.00")


def test_a_line_more_and_a_line_less_are_added_and_removed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert revisions(con, tmp_path, [ALPHA], [BETA]) == [
        ("added", "2", None, "20.00"),
        ("file_replaced", None, "10.00", "20.00"),
        ("removed", "1", "10.00", None),
    ]


def test_the_same_number_and_supplier_with_another_amount_or_date_has_changed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    after: list[Line] = [("1", "Alpha", "2024-04-01", "11.00"), ("2", "Beta", "2024-04-09", "20.00")]
    assert revisions(con, tmp_path, [ALPHA, BETA], after) == [
        ("changed", "1", "10.00", "11.00"),
        ("changed", "2", "20.00", "20.00"),
        ("file_replaced", None, "30.00", "31.00"),
    ]


def test_another_supplier_under_the_same_number_and_amount_has_changed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = revisions(con, tmp_path, [ALPHA], [("1", "Alpha Holdings", "2024-04-01", "10.00")])
    assert found == [("changed", "1", "10.00", "10.00"), ("file_replaced", None, "10.00", "10.00")]
    names = con.execute("SELECT supplier_name FROM core_revisions WHERE revision_kind = 'changed'").fetchall()
    assert names == [("Alpha Holdings",)]


def test_of_identical_lines_only_the_missing_one_is_removed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert revisions(con, tmp_path, [ALPHA, ALPHA, ALPHA], [ALPHA, ALPHA]) == [
        ("file_replaced", None, "30.00", "20.00"),
        ("removed", "1", "10.00", None),
    ]


def test_a_line_only_written_otherwise_or_moved_has_not_changed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    other: Line = ("1", " ALPHA ", "2024-04-01 ", "10")
    assert revisions(con, tmp_path, [ALPHA, BETA], [BETA, other]) == [("file_replaced", None, "30.00", "30.00")]


def test_lines_without_a_number_are_added_and_removed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    before: list[Line] = [(None, "Alpha", "2024-04-01", "10.00")]
    after: list[Line] = [(None, "Alpha", "2024-04-01", "12.00")]
    assert [kind for kind, *_ in revisions(con, tmp_path, before, after)] == ["added", "file_replaced", "removed"]


def test_totals_are_no_lines(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    total: Line = ("total", None, "2024-04-01", "99.00")
    assert revisions(con, tmp_path, [ALPHA, total], [ALPHA]) == [("file_replaced", None, "10.00", "10.00")]


def test_the_lines_of_a_withdrawn_file_are_kept_as_removed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    step = Step("a-body", "d1", DAY, "one", "")
    assert revisions(con, tmp_path, [ALPHA, BETA], [], step) == [
        ("file_withdrawn", None, "30.00", "0.00"),
        ("removed", "1", "10.00", None),
        ("removed", "2", "20.00", None),
    ]
    assert con.execute("SELECT DISTINCT seen_date, publisher_id FROM core_revisions").fetchall() == [(DAY, "a-body")]


def test_a_file_that_goes_back_and_forth_has_each_step_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = lake(tmp_path / "rows.parquet", {"one": [ALPHA], "two": [BETA]})
    steps = [STEP, Step("a-body", "d1", DAY, "two", "one"), STEP]
    build_revisions(con, steps, [rows])
    key = ", ".join(table("core_revisions").key)
    assert con.execute(f"SELECT {key} FROM core_revisions GROUP BY ALL HAVING count(*) > 1").fetchall() == []
    assert con.execute("SELECT count(*) FROM core_revisions").fetchall() == [(6,)]


def test_without_steps_the_ledger_is_empty(con: duckdb.DuckDBPyConnection) -> None:
    assert build_revisions(con, [], []) == 0


SOME_LINES = st.lists(
    st.tuples(
        st.sampled_from([None, "1", "2", " 1", ""]),
        st.sampled_from([None, "Alpha", "ALPHA", "Beta"]),
        st.sampled_from(["2024-04-01", "2024-04-02"]),
        st.sampled_from(["10.00", "10", "-5.00", "0.01"]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(before=SOME_LINES, after=SOME_LINES)
def test_whatever_the_lines_their_changes_add_up_to_the_money_moved_and_no_line_is_told_twice(
    tmp_path_factory: pytest.TempPathFactory, before: list[Line], after: list[Line]
) -> None:
    with duckdb.connect() as con:
        con.execute(create_table(table("core_revisions")))
        found = revisions(con, tmp_path_factory.mktemp("lines"), before, after)
        key = ", ".join(table("core_revisions").key)
        assert con.execute(f"SELECT {key} FROM core_revisions GROUP BY ALL HAVING count(*) > 1").fetchall() == []
    moved = sum(Decimal(line[3]) for line in after) - sum(Decimal(line[3]) for line in before)
    told = [row for row in found if row[0] != "file_replaced"]
    assert sum((Decimal(row[3] or 0) - Decimal(row[2] or 0)) for row in told) == moved
    kinds = [row[0] for row in told]
    assert kinds.count("added") - kinds.count("removed") == len(after) - len(before)
