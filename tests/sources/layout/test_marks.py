from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.layout.marks import says


@pytest.mark.parametrize(
    "cell",
    ["Total", "GRAND TOTAL", "Sub-total", "Sub Total:", "Total (£)", "Sum:", "Monthly total", "Totals", "Total for April 2024", "Total spend",
     "Total payments over £25,000", "Total amount paid", "Report Total:", "Total incl VAT", "Cyfanswm", "Carried forward", "B/F"],
)  # fmt: skip
def test_cells_that_say_they_are_totals(cell: str) -> None:
    assert says("total", cell)


@pytest.mark.parametrize(
    "cell",
    ["Total Produce Plc", "TOTAL GAS & POWER LTD", "Total Energies", "Totalwaste", "Total Net Ltd", "Subtotal Systems Ltd", "Summers Ltd", "Brought Forward Recruitment", "BF Ltd", "Sum Of Us Ltd & Co plc registered in the City of London and also the County of Kent", ""],
)  # fmt: skip
def test_suppliers_whose_names_begin_so_do_not(cell: str) -> None:
    assert not says("total", cell)


@pytest.mark.parametrize(
    "cell",
    ["Nil", "NIL RETURN", "Nil.", "Spend over 25k: nil return", "No payments over £25,000 this month", "There were no transactions", "None this month"],
)  # fmt: skip
def test_cells_that_say_there_was_nothing(cell: str) -> None:
    assert says("nil_return", cell)


@pytest.mark.parametrize("cell", ["Nile Ltd", "No Ordinary Hospitality", "None The Wiser Ltd", "Manila", "n"])
def test_names_that_only_begin_so_are_no_nil_return(cell: str) -> None:
    assert not says("nil_return", cell)


@pytest.mark.parametrize(
    "cell", ["-", " - ", "....", "0", "0.00", "£-", "#REF!", "#N/A", "00/01/1900", "n/a", "XXX", "£"]
)
def test_signs_that_fill_cells(cell: str) -> None:
    assert says("filler", cell)


@pytest.mark.parametrize("cell", ["1", "0.01", "Acme", "-1", "#hashtag"])
def test_values_are_no_filler(cell: str) -> None:
    assert not says("filler", cell)


@pytest.mark.parametrize(
    "cell", ["Count", "Number of lines", "No. of transactions:", "Row count", "Total number of payments", "Lines"]
)
def test_cells_that_count_lines(cell: str) -> None:
    assert says("count", cell)


@pytest.mark.parametrize("cell", ["Count Dracula", "No. 1 Cleaning", "Number Ten Ltd", ""])
def test_names_do_not_count_lines(cell: str) -> None:
    assert not says("count", cell)


@given(st.text(max_size=400))
def test_any_text_is_judged_quickly_and_without_an_error(text: str) -> None:
    assert {says(mark, text) for mark in ("total", "group_total", "nil_return", "filler", "count")} <= {True, False}
