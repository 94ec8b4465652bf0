from __future__ import annotations

from sources.layout.columns import columns_of
from sources.layout.contents import contents_of
from sources.layout.find import heading_of
from sources.layout.misaligned import realign

LINE = ["HQ", "03/04/2024", "Acme Ltd", "Rent", "1,234.50"]


def claims(*targets: str) -> dict[str, list[tuple[int, int]]]:
    return {target: [(column, 0)] for column, target in enumerate(targets) if target}


def test_headings_over_their_data_stay() -> None:
    given = claims("entity", "date", "supplier_name", "expense_type", "amount")
    assert realign(given, contents_of([LINE] * 3)) == (given, "")


def test_headings_one_column_left_of_their_data_move_right() -> None:
    moved, words = realign(claims("date", "supplier_name", "expense_type", "amount"), contents_of([LINE] * 3))
    assert moved == {"date": [(1, 0)], "supplier_name": [(2, 0)], "expense_type": [(3, 0)], "amount": [(4, 0)]}
    assert words == "headings from column 1 on stand 1 column(s) left of their data"


def test_a_column_without_a_heading_moves_the_headings_behind_it() -> None:
    rows = [["HQ", "03/04/2024", "Acme Ltd", "99887", "Rent", "1,234.50"]] * 3
    heading = heading_of((0,), ["Entity", "Date", "Supplier", "Expense type", "Amount"])
    assert heading is not None
    found = columns_of(heading, rows)
    assert (found.index["payment_date"], found.index["supplier_name"], found.index["amount_gbp"]) == (1, 2, 5)
    assert found.index["expense_type"] == 4
    assert [note.code for note in found.notes] == ["header_misaligned"]


def test_headings_stay_where_two_moves_would_fit() -> None:
    rows = [["03/04/2024", "x", "1.50", "04/04/2024", "y", "2.50", "z"]] * 3
    given = claims("", "date", "supplier_name", "", "amount")
    moved, words = realign(given, contents_of(rows))
    assert (moved, words) == (given, "")


def test_headings_without_typed_columns_are_left_alone() -> None:
    given = claims("supplier_name", "entity")
    assert realign(given, contents_of([LINE])) == (given, "")
