"""The whole embedded sample through the warehouse: every transaction there as meant, and money counted once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

TRUTH = "sample/default-*/truth"


@pytest.fixture
def warehouse(whole_sample: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(whole_sample / "warehouse.duckdb", read_only=True)
    for name in ("transactions", "set_aside", "files"):
        (path,) = whole_sample.glob(f"{TRUTH}/{name}.parquet")
        con.execute(f"CREATE TEMP VIEW truth_{name} AS SELECT * FROM '{path}'")
    return con


def test_every_transaction_that_was_meant_is_there_and_no_other(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "source_path, sheet, line_number, payment_date, date_precision, amount_gbp, supplier_name, transaction_number"
    )
    meant = f"SELECT {columns.replace('source_path', 'path')} FROM truth_transactions"
    held = f"SELECT {columns} FROM core_transactions"
    assert warehouse.sql(f"{meant} EXCEPT ALL {held}").fetchall() == []
    assert warehouse.sql(f"{held} EXCEPT ALL {meant}").fetchall() == []


def test_every_other_row_is_set_aside_for_the_reason_that_was_meant(warehouse: duckdb.DuckDBPyConnection) -> None:
    meant = "SELECT path, sheet, line_number, reason_code FROM truth_set_aside"
    held = "SELECT source_path, sheet, line_number, reason_code FROM core_set_aside_rows"
    assert warehouse.sql(f"{meant} EXCEPT ALL {held}").fetchall() == []
    assert warehouse.sql(f"{held} EXCEPT ALL {meant}").fetchall() == []


def test_whole_files_that_repeat_others_are_not_counted_and_all_others_are(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    wrong = warehouse.sql("""
        SELECT f.path, f.not_counted_reason, t.not_counted_reason, count(*)
        FROM core_transactions AS t JOIN truth_files AS f ON f.path = t.source_path
        WHERE t.not_counted_reason IS DISTINCT FROM f.not_counted_reason GROUP BY ALL ORDER BY ALL
    """).fetchall()
    assert wrong == []
