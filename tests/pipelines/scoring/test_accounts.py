"""Money to suppliers and against budgets: shares, who is exposed, and no ratio of a year that is hardly held."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from pipelines.schema_duckdb import create_table
from pipelines.scoring import accounts, fill
from sources.schema.model import table


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        fill.create_empty(connection)
        for name in ("core_suppliers", "core_attribution", "core_outcomes", "mart_spend_by_publisher_month"):
            connection.execute(create_table(table(name)))
        yield connection


def test_a_supplier_that_nobody_depends_on_is_left_out(con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        ["a", "2025-03-31", 12, "big", 95.0],
        ["a", "2025-03-31", 12, "small", 5.0],
        ["b", "2025-03-31", 12, "big", 5.0],
    ]
    rows.append(["b", "2025-03-31", 12, "other", 95.0])
    fill.give(con, {"supplier_spend": rows})
    accounts.supplier_exposure(con)
    found = con.execute(
        "SELECT supplier_key, publisher_id, round(external_share, 3), is_exposed, buyers_exposed FROM mart_supplier_exposure ORDER BY 1, 2"
    ).fetchall()
    assert found == [("big", "a", 0.95, True, 1), ("big", "b", 0.05, False, 1), ("other", "b", 0.95, True, 1)]


def test_outcome_spending_splits_whole_pence_and_loses_none(con: duckdb.DuckDBPyConnection) -> None:
    for outcome, alpha in (("x", 1 / 3), ("y", 1 / 3), ("z", 1 / 3)):
        con.execute(
            "INSERT INTO core_attribution BY NAME SELECT 'a' AS publisher_id, 'p' AS programme_name, '2024-25' AS financial_year, "
            "? AS target_outcome, ? AS alpha, 'equal split' AS attribution_basis, 'low' AS confidence, 100.00 AS programme_spend_gbp",
            [outcome, alpha],
        )
    accounts.outcome_spending(con)
    amounts = [
        row[0] for row in con.execute("SELECT amount_gbp FROM mart_outcome_spending ORDER BY target_outcome").fetchall()
    ]
    assert amounts == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@pytest.mark.parametrize(("months", "ratio"), [(9, 0.5), (8, None)])
def test_budgets_are_compared_from_nine_months_on(
    con: duckdb.DuckDBPyConnection, months: int, ratio: float | None
) -> None:
    con.execute(
        "INSERT INTO mart_spend_by_publisher_month BY NAME SELECT 'a' AS publisher_id, DATE '2024-04-01' + to_months(m::INT) AS payment_month, "
        "'2024-25' AS financial_year, 'external_supplier' AS payee_kind, 4500000.00 / ? AS amount_gbp FROM range(?) AS t(m)",
        [months, months],
    )
    con.execute(
        "INSERT INTO core_outcomes BY NAME SELECT 'public-expenditure' AS outcome_dataset_id, 'total_del' AS metric_id, 'a' AS outcome_publisher_id, "
        "'2024-25' AS period_label, 9.0 AS value, true AS is_current, []::VARCHAR[] AS outcome_flags"
    )
    accounts.budget_reconciliation(con)
    ((found, reason),) = con.execute(
        "SELECT round(budget_ratio, 6), status_reason FROM mart_budget_reconciliation"
    ).fetchall()
    assert found == ratio
    assert (reason is None) == (ratio is not None)
