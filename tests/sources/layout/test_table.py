"""Typed rows of a grid: hashes, flags, extra columns, raw cells."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.grid import Grid
from sources.layout.rows import classify
from sources.layout.table import typed_rows
from sources.schema.arrow import arrow_schema
from sources.schema.model import codes

HEAD = "Entity|Date|Supplier|Amount|Colour|Colour"
CONSTANTS = {"publisher_id": "p", "distribution_id": "d", "snapshot_sha256": "s"}


def typed(rows: list[list[str]], counts: Counter[str] | None = None, **options: Any) -> list[dict[str, Any]]:
    grid = Grid(rows, range(1, len(rows) + 1), len(rows), sheet=options.pop("sheet", ""), requoted=options.pop("requoted", frozenset()))  # fmt: skip
    hints = (None, None)
    table = typed_rows(
        grid, classify(rows, hints), hints, CONSTANTS, Counter() if counts is None else counts, **options
    )
    assert table.rows.schema == arrow_schema("lake_rows")
    return list(table.rows.to_pylist())


def lines(*texts: str) -> list[list[str]]:
    return [text.split("|") for text in texts]


def test_a_payment_has_its_fields_its_texts_and_its_place() -> None:
    row = typed(lines(HEAD, "HQ|03/04/2024| Acme  Ltd |£1,234.5|red|"), sheet="April")[1]
    assert (row["publisher_id"], row["sheet"], row["line_number"], row["row_class"]) == ("p", "April", 2, "transaction")
    assert (row["supplier_name"], row["entity"]) == ("Acme Ltd", "HQ")
    assert (row["amount_gbp"], row["amount_raw"], row["amount_basis"]) == (Decimal("1234.50"), "£1,234.5", "unstated")
    assert (str(row["payment_date"]), row["date_raw"], row["date_precision"]) == ("2024-04-03", "03/04/2024", "day")
    assert row["raw_cells"] is None


def test_a_month_and_its_year_in_two_columns_are_one_date() -> None:
    calendar = typed(lines("Month|Year|Supplier|Amount", "April|2024|Acme Ltd|1.00", "05|2024|Bravo Ltd|2.00"))[1:]
    assert [str(row["payment_date"]) for row in calendar] == ["2024-04-01", "2024-05-01"]
    assert [(row["date_raw"], row["date_precision"]) for row in calendar] == [("April", "month"), ("05", "month")]
    assert json.loads(calendar[0]["extra"]) == {"Year": "2024"}
    financial = typed(
        lines("Month|Financial Year|Supplier|Amount", "Mar|2023/24|Acme|1.00", "April|2023-24|Bravo|2.00")
    )
    assert [str(row["payment_date"]) for row in financial[1:]] == ["2024-03-01", "2023-04-01"]


def test_a_year_beside_whole_dates_and_numbers_of_periods_of_a_financial_year_add_nothing() -> None:
    whole = typed(lines("Date|Year|Supplier|Amount", "03/04/2024|2023|Acme Ltd|1.00", "04/04/2024|2023|Bravo|2.00"))
    assert str(whole[1]["payment_date"]) == "2024-04-03"
    numbers = typed(lines("Period|Financial Year|Supplier|Amount", "1|2023/24|Acme Ltd|1.00", "2|2023/24|Bravo|2.00"))
    assert numbers[1]["payment_date"] is None


def test_a_credit_told_in_a_column_of_its_own_is_negative() -> None:
    head = "Date|Supplier|Amount|CR/DR"
    rows = typed(lines(head, "03/04/2024|Acme|1.00|DR", "04/04/2024|Bravo|2.00|CR", "05/04/2024|Coal|0.00|CR"))[1:]
    assert [row["amount_gbp"] for row in rows] == [Decimal("1.00"), Decimal("-2.00"), Decimal("0.00")]
    assert ["amount_ledger_mark" in row["flags"] for row in rows] == [False, True, False]
    signed = typed(lines(head, "03/04/2024|Acme|1.00|DR", "04/04/2024|Bravo|-2.00|CR"))[1:]
    assert [row["amount_gbp"] for row in signed] == [Decimal("1.00"), Decimal("-2.00")]
    one_kind = typed(lines(head, "03/04/2024|Acme|1.00|CR", "04/04/2024|Bravo|2.00|CR"))[1:]
    assert one_kind[0]["amount_gbp"] == Decimal("1.00")


def test_rows_set_aside_keep_their_cells_and_no_fields() -> None:
    row = typed(lines(HEAD, "HQ|03/04/2024|Acme|1.00||", "Total|||1.00||"))[2]
    assert (row["row_class"], row["reason_detail"]) == ("total", "equals the sum of 1 line(s) above")
    assert json.loads(row["raw_cells"]) == ["Total", "", "", "1.00"]
    assert row["amount_gbp"] is None
    assert row["amount_raw"] is None


def test_columns_nobody_knows_are_kept_by_their_heading_and_twins_by_their_column() -> None:
    rows = typed(lines(HEAD + "|Size|", "HQ|03/04/2024|Acme|1.00|red|blue| 7 |x", "HQ|03/04/2024|Acme|2.00||||"))
    assert json.loads(rows[1]["extra"]) == {"Colour (column 5)": "red", "Colour (column 6)": "blue", "Size": "7", "column 8": "x"}  # fmt: skip
    assert rows[2]["extra"] is None


def test_a_cell_to_the_right_of_all_others_is_kept_in_a_long_table_too() -> None:
    payments = [f"HQ|03/04/2024|Acme|{n}.00|red|" for n in range(1, 400)]
    payments[250] += "|#REF!"
    rows = typed(lines("Entity|Date|Supplier|Amount|Colour", *payments))
    assert json.loads(rows[251]["extra"]) == {"Colour": "red", "column 7": "#REF!"}
    assert json.loads(rows[250]["extra"]) == {"Colour": "red"}


def test_equal_rows_share_a_hash_and_are_counted() -> None:
    rows = typed(lines(HEAD, "HQ|03/04/2024|Acme|1.00||", "HQ|03/04/2024|Acme|1.00", "HQ|03/04/2024|Acme|1.01||"))
    assert rows[1]["row_hash"] == rows[2]["row_hash"] != rows[3]["row_hash"]
    assert [row["occurrence"] for row in rows[1:]] == [1, 2, 1]


def test_occurrences_are_counted_on_over_the_grids_of_a_file() -> None:
    counts: Counter[str] = Counter()
    first = typed(lines(HEAD, "HQ|03/04/2024|Acme|1.00"), counts)
    second = typed(lines(HEAD, "HQ|03/04/2024|Acme|1.00"), counts)
    assert [row["occurrence"] for row in first + second] == [1, 1, 2, 2]


def test_flags_say_what_was_guessed() -> None:
    rows = lines(HEAD, "HQ|03/04/2024|Acme|$1.00", "HQ||Acme|(2.00)", "HQ|03/04/2024||n.a.", "HQ|03/04/2024|x|5")
    found = [set(row["flags"]) for row in typed(rows, requoted=frozenset({4}))]
    assert found[0] == set()
    assert {"amount_dollar_sign"} <= found[1]
    assert {"amount_parentheses", "date_blank"} <= found[2]
    assert {"amount_unreadable", "supplier_blank"} <= found[3]
    assert "row_requoted" in found[4]


def test_a_moved_row_is_flagged_and_read_in_its_columns() -> None:
    row = typed(lines("Entity|Date|Expense type|Supplier|Amount", "HQ|03/04/2024|Rent|Acme|1.00", "HQ|03/04/2024|Rent|Acme|2.00", "|HQ|04/04/2024|Rent|Bravo|3.00"))[3]  # fmt: skip
    assert (row["supplier_name"], row["amount_gbp"], str(row["payment_date"])) == (
        "Bravo",
        Decimal("3.00"),
        "2024-04-04",
    )
    assert "row_shifted" in row["flags"]


def test_net_stands_in_the_amount_and_gross_beside_it() -> None:
    row = typed(lines("Supplier|Date|Gross|Net", "Acme|03/04/2024|120.00|100.00"))[1]
    assert (row["amount_gbp"], row["amount_alternative_gbp"], row["amount_basis"]) == (Decimal("100.00"), Decimal("120.00"), "net")  # fmt: skip
    assert "amount_from_net" in row["flags"]


def test_a_declared_basis_holds_where_the_heading_states_none() -> None:
    assert typed(lines("Supplier|Date|Amount", "Acme|03/04/2024|120.00"), basis="gross")[1]["amount_basis"] == "gross"
    assert typed(lines("Supplier|Date|Net", "Acme|03/04/2024|120.00"), basis="gross")[1]["amount_basis"] == "net"


def test_thousands_are_published_in_pounds_and_flagged() -> None:
    row = typed(lines("Supplier|Date|Amount (£000)", "Acme|03/04/2024|1.2345"))[1]
    assert (row["amount_gbp"], row["amount_raw"]) == (Decimal("1234.50"), "1.2345")
    assert "amount_scaled" in row["flags"]


def test_a_table_without_dates_says_so_on_each_line() -> None:
    row = typed(lines("Entity|Supplier|Amount", "HQ|Acme|120.00"))[1]
    assert row["payment_date"] is None
    assert "date_missing_column" in row["flags"]


CELLS = st.sampled_from(
    ["", "Entity", "Supplier", "Date", "Amount", "03/04/2024", "1.00", "-", "Acme", "Total", "x" * 40]
)
GRIDS = st.lists(st.lists(CELLS, max_size=6), max_size=10)


@settings(max_examples=200, deadline=None)
@given(GRIDS)
def test_any_grid_gives_one_typed_row_a_row(rows: list[list[str]]) -> None:
    found = typed(rows)
    assert [row["line_number"] for row in found] == list(range(1, len(rows) + 1))
    assert {flag for row in found for flag in row["flags"]} <= set(codes("flags"))
    for row, cells in zip(found, rows, strict=True):
        if row["row_class"] != "transaction":
            kept = json.loads(row["raw_cells"])
            assert kept == cells[: len(kept)]
            assert not any(cells[len(kept) :])


@settings(max_examples=100, deadline=None)
@given(GRIDS, st.randoms(use_true_random=False))
def test_the_hashes_of_rows_do_not_depend_on_their_order(rows: list[list[str]], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert Counter(_identity(typed(rows))) == Counter(_identity(typed(shuffled)))


def _identity(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(row["row_hash"], row["occurrence"]) for row in rows]
