from __future__ import annotations

from sources.layout.columns import columns_of
from sources.layout.find import heading_of
from sources.layout.mend import Mender

HEAD = ["Entity", "Date", "Expense type", "Supplier", "Amount"]
GOOD = [["HQ", "03/04/2024", "Rent", "Acme Ltd", "100.00"], ["HQ", "04/04/2024", "Legal, other", "Bravo Ltd", "250.00"]]


def mender(head: list[str] = HEAD, good: list[list[str]] = GOOD) -> Mender:
    heading = heading_of((0,), head)
    assert heading is not None
    return Mender(columns_of(heading, good), good, range(len(good)), set())


def test_a_row_one_column_to_the_right_is_moved_left_over_empty_cells() -> None:
    row = ["", "HQ", "05/04/2024", "Rent", "Acme Ltd", "1.00"]
    assert mender().mend(row) == ["HQ", "05/04/2024", "Rent", "Acme Ltd", "1.00"]


def test_a_row_that_lacks_its_first_cell_is_moved_right() -> None:
    assert mender().mend(["05/04/2024", "Rent", "Acme Ltd", "1.00"]) == ["", "05/04/2024", "Rent", "Acme Ltd", "1.00"]


def test_a_cell_cut_at_its_comma_is_joined_where_the_words_are_usual() -> None:
    row = ["HQ", "05/04/2024", "Legal", " other", "Acme Ltd", "1.00"]
    assert mender().mend(row) == ["HQ", "05/04/2024", "Legal, other", "Acme Ltd", "1.00"]


def test_an_empty_cell_that_was_put_between_others_goes_and_leaves_no_comma() -> None:
    row = ["HQ", "05/04/2024", "Rent", "", "Acme Ltd", "1.00"]
    assert mender().mend(row) == ["HQ", "05/04/2024", "Rent", "Acme Ltd", "1.00"]


def test_a_row_cut_twice_puts_no_other_number_under_the_amount() -> None:
    head = ["Entity", "Date", "Area", "Supplier", "Transaction number", "Amount", "Supplier number"]
    good = [["HQ", "03/04/2024", "Net, Zero", "Acme Ltd", "7001", "£1,100", "512"], ["HQ", "04/04/2024", "Net, Zero", "Bravo Ltd", "7002", "£250", "513"]]  # fmt: skip
    row = ["HQ", "06/04/2024", "Net", "", " Zero", "Echo Ltd", "7003", "£1,574", "514"]
    assert mender(head, good).mend(row) is None


def test_a_cut_that_could_be_anywhere_stays_as_it_is() -> None:
    assert mender().mend(["HQ", "05/04/2024", "Fees", "other", "Acme Ltd", "1.00"]) is None


def test_filled_cells_are_never_pushed_out() -> None:
    row = ["x", "HQ", "05/04/2024", "Rent", "Acme Ltd", "1.00"]
    assert mender().mend(row) == ["x,HQ", "05/04/2024", "Rent", "Acme Ltd", "1.00"]


def test_a_row_that_fits_is_not_touched() -> None:
    assert mender().mend(GOOD[0]) is None


def test_nothing_is_moved_in_a_table_without_dates() -> None:
    without = mender(["Entity", "Supplier", "Amount"], [["HQ", "Acme", "1.00"], ["HQ", "Bravo", "2.00"]])
    assert without.mend(["", "HQ", "Acme", "1.00"]) is None


def test_a_date_or_an_amount_in_another_column_is_misaligned() -> None:
    judge = mender().is_misaligned
    assert judge(["HQ", "Rent", "05/04/2024", "Acme Ltd", "1.00"])
    assert judge(["HQ", "05/04/2024", "Rent", "1.50", "Acme Ltd"])
    assert not judge(["HQ", "05/04/2024", "Rent", "Acme Ltd", "pending"])
    assert not judge(["HQ", "pending", "Rent", "Acme Ltd", "1.00"])
