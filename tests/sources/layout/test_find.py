from __future__ import annotations

import pytest

from sources.layout.find import MAXIMUM_COLUMNS, first_heading, heading_at, heading_of

HEAD = ["Entity", "Date", "Supplier", "Amount"]
LINE = ["HQ", "03/04/2024", "Acme Ltd", "1,234.50"]


def test_the_heading_stands_in_the_first_row() -> None:
    found = first_heading([HEAD, LINE, LINE])
    assert found is not None
    assert found.rows == (0,)
    assert found.targets == {"entity", "date", "supplier_name", "amount"}


def test_titles_and_blank_rows_may_stand_above_it() -> None:
    rows = [["Spend over £25,000", "", "Supplier"], [], ["April 2024"], [], HEAD, LINE]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (4,)


def test_a_heading_split_over_two_rows_is_joined() -> None:
    rows = [["", "Date of", "Supplier", "Transaction", "Amount"], ["Entity", "payment", "name", "number", "(£)"], LINE]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (0, 1)
    assert found.cells == ("Entity", "Date of payment", "Supplier name", "Transaction number", "Amount (£)")


def test_a_split_heading_whose_second_row_would_do_alone_is_joined() -> None:
    rows = [["Supplier", "Invoice", "Payment", "Net"], ["Name", "Date", "Date", "Amount"], LINE]
    found = first_heading(rows)
    assert found is not None
    assert found.cells == ("Supplier Name", "Invoice Date", "Payment Date", "Net Amount")


def test_a_value_below_a_contract_is_not_the_amount_that_goes_on_below_too() -> None:
    rows = [
        ["Supplier", "Date", "Contract", "Amount paid in"],
        ["name", "paid", "value", "month"],
        ["Acme Ltd", "03/04/2024", "1,200,000.00", "25,000.00"],
    ]
    found = first_heading(rows)
    assert found is not None
    assert found.cells == ("Supplier name", "Date paid", "Contract value", "Amount paid in month")
    assert [match and match.target for match in found.matches] == ["supplier_name", "date", None, "amount"]


def test_a_heading_over_three_rows_is_joined() -> None:
    rows = [
        ["", "Date", "", "Amount"],
        ["Supplier", "of", "Expense", "paid"],
        ["Name", "Payment", "Type", "(£)"],
        ["Acme Ltd", "03/04/2024", "Rent", "1,234.50"],
    ]
    found = first_heading(rows)
    assert found is not None
    assert (found.rows, found.cells) == (
        (0, 1, 2),
        ("Supplier Name", "Date of Payment", "Expense Type", "Amount paid (£)"),
    )


def test_a_title_above_a_heading_of_two_rows_is_not_joined() -> None:
    rows = [
        ["Payments to", "", "Suppliers", ""],
        ["Body", "Date of", "Supplier", "Amount"],
        ["", "payment", "name", "(£)"],
        LINE,
    ]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (1, 2)


def test_a_heading_that_ends_in_the_middle_goes_on_below() -> None:
    rows = [
        ["", "Date of", "Grant", ""],
        ["Recipient", "transaction", "amount", "Project"],
        ["Ash", "03/04/2024", "1,2", ""],
    ]
    found = first_heading(rows)
    assert found is not None
    assert found.cells == ("Recipient", "Date of transaction", "Grant amount", "Project")


def test_a_total_directly_above_is_not_joined() -> None:
    rows = [["Total", "", "", "", "£6,494,960.91"], ["", *HEAD], ["", *LINE], ["", *LINE]]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (1,)


def test_a_title_row_directly_above_is_not_joined() -> None:
    found = first_heading([["Payments to suppliers", "", "", ""], HEAD, LINE])
    assert found is not None
    assert found.rows == (1,)


def test_a_heading_may_be_sorted_to_the_end() -> None:
    rows = [LINE] * 100 + [HEAD]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (100,)


def test_a_heading_in_the_middle_of_a_long_table_is_not_looked_for() -> None:
    assert first_heading([LINE] * 100 + [HEAD] + [LINE] * 100) is None


def test_of_two_headings_the_upper_one_begins_the_table() -> None:
    rows = [HEAD, LINE, [], ["Department", *HEAD, "Description"], LINE]
    found = first_heading(rows)
    assert found is not None
    assert found.rows == (0,)


@pytest.mark.parametrize(
    "cells",
    [
        LINE,
        ["Entity", "Date"],
        ["Supplier", "Description"],
        ["Supplier", "03/04/2024", "Amount", "Entity"],
        ["Supplier", "Acme", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Amount"],
        [],
    ],
)
def test_rows_that_name_too_little_or_hold_values_are_no_heading(cells: list[str]) -> None:
    assert heading_of((0,), cells) is None


def test_two_columns_suffice_where_one_is_the_amount() -> None:
    assert heading_of((0,), ["Supplier", "Amount"]) is not None


def test_columns_beyond_the_limit_are_not_read() -> None:
    found = heading_of((0,), [*HEAD, *[""] * MAXIMUM_COLUMNS, "Description"])
    assert found is not None
    assert len(found.cells) == MAXIMUM_COLUMNS
    assert "description" not in found.targets


def test_headings_agree_where_date_amount_and_supplier_stand_alike() -> None:
    first, same, other = (heading_of((0,), cells) for cells in (HEAD, [*HEAD, "Project"], HEAD[::-1]))
    assert first
    assert same
    assert other
    assert first.agrees_with(same)
    assert not first.agrees_with(other)


def test_no_heading_in_an_empty_grid() -> None:
    assert first_heading([]) is None
    assert first_heading([[], [""]]) is None
    assert heading_at([[""]], 0) is None
