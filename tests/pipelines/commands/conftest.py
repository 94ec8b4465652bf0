"""Three releases, the newest of them held."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from published.release import build_release

NewWarehouse = Callable[[], AbstractContextManager[DuckDBPyConnection]]
MONTH = "INSERT INTO mart_spend_by_publisher_month (publisher_id, payment_month, payee_kind, amount_gbp) VALUES "


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory, new_warehouse: NewWarehouse) -> Path:
    """A home with 1.0.0, then 1.0.1 with another description, then 1.0.2, which is held. No test changes it."""
    root = tmp_path_factory.mktemp("three")
    with new_warehouse() as con:
        con.execute(MONTH + "('dept-of-kites', '2024-04-01', 'external_supplier', 60000000)")
        for digest, sql in (
            ("one", "SELECT 1"),
            ("two", "UPDATE core_transactions SET description = 'Kite tails' WHERE transaction_id = 't1'"),
            ("three", "UPDATE mart_spend_by_publisher_month SET amount_gbp = amount_gbp * 2"),
        ):
            con.execute(sql)
            result = build_release(
                con, root / "releases", channel="sample", provenance={"as_of": "2024-07-01"}, inputs_digest=digest,
                is_sample=True, as_of=date(2024, 7, 1),
            )  # fmt: skip
        assert result.held
    return root
