from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from published.datasets import Dataset, datasets
from published.sorted_groups import sorted_groups

DAYS = st.one_of(st.none(), st.integers(0, 6).map(lambda day: date(2024, 4, 1) + timedelta(days=day)))
ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "Zürich", "d'or"]), DAYS), max_size=60)


def small(con: duckdb.DuckDBPyConnection, rows: list[tuple[str, date | None]]) -> Dataset:
    """A dataset of three columns that matter: body, day and a number that is the key."""
    con.execute("CREATE OR REPLACE TABLE t (publisher_id VARCHAR, payment_date DATE, transaction_id VARCHAR)")
    numbered = [(*row, f"{number:04}") for number, row in enumerate(rows)]
    numbered.sort(key=lambda row: row[2][::-1])  # in another order than the one wanted
    if numbered:
        con.executemany("INSERT INTO t VALUES (?, ?, ?)", numbered)
    transactions = next(dataset for dataset in datasets() if dataset.name == "transactions")
    others = [field.name for field in transactions.fields if field.name not in transactions.order]
    query = f"SELECT *, {', '.join(f'NULL AS {name}' for name in others)} FROM t"
    return transactions.model_copy(update={"query": query})


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, most=st.integers(1, 20))
def test_groups_hold_every_row_once_in_the_total_order_and_no_more_than_they_may(
    rows: list[tuple[str, date | None]], most: int
) -> None:
    with duckdb.connect() as con:
        dataset = small(con, rows)
        groups = list(sorted_groups(con, dataset, most))
        order = ", ".join(dataset.order)
        wanted = con.execute(f"SELECT {order} FROM t ORDER BY {order}").fetchall()
    found = [tuple(row.values()) for group in groups for row in group.select(dataset.order).to_pylist()]
    assert found == wanted
    for group in groups:
        same = len({tuple(row.values()) for row in group.select(dataset.order[:2]).to_pylist()})
        assert group.num_rows <= most or same == 1


def test_a_body_that_is_too_large_is_divided_by_day_and_small_ones_go_together() -> None:
    rows = [("a", date(2024, 4, day)) for day in (1, 1, 2, 2, 3)] + [("b", None), ("c", date(2024, 4, 1))]
    with duckdb.connect() as con:
        sizes = [group.num_rows for group in sorted_groups(con, small(con, rows), 4)]
    assert sizes == [4, 1, 2]


def test_a_dataset_whose_parts_are_not_first_in_its_order_is_refused() -> None:
    transactions = next(dataset for dataset in datasets() if dataset.name == "transactions")
    declared = transactions.model_dump() | {"order": ("payment_date", "publisher_id", "transaction_id")}
    with pytest.raises(ValueError, match="its order has to begin with publisher_id"):
        Dataset(**declared)
