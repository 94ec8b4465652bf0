"""Each class of schema/codes/row_classes at least once, on grids written for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.layout.rows import Classified, classify
from sources.schema.model import codes

HEAD = "Entity|Date|Expense type|Supplier|Transaction number|Amount"
BODY = "HQ|03/04/2024|Rent|Acme Ltd|1|100.00\nHQ|04/04/2024|Rates|Bravo Ltd|2|250.00\nHQ|05/04/2024|Gas|Coal Ltd|3|7.00"


def rows_of(text: str) -> list[list[str]]:
    return [line.split("|") if line else [] for line in text.split("\n")]


def read(text: str) -> Classified:
    return classify(rows_of(text))


def below(*lines: str) -> list[str]:
    """Classes of the lines below a heading and three payments of 357 pounds."""
    return read("\n".join([HEAD, BODY, *lines])).classes[4:]


def test_a_heading_of_unknown_words_above_a_table_is_no_payment() -> None:
    found = read(
        "Payments made in April\nCode|Firm|Day|Settled|Site\n"
        "1|Acme Ltd|03/04/2024|100.00|North\n2|Bravo Ltd|04/04/2024|250.00|North\n3|Coal Ltd|05/04/2024|7.00|South"
    )
    assert found.classes == ["title", "header", *["transaction"] * 3]
    columns = found.segments[0].columns
    assert (columns.headers, columns.index["amount_gbp"], columns.index["payment_date"]) == (
        ["Code", "Firm", "Day", "Settled", "Site"],
        3,
        2,
    )


def test_words_above_a_table_that_are_no_heading_are_not_taken_for_one() -> None:
    payments = (
        "1|Acme Ltd|03/04/2024|100.00|North\n2|Bravo Ltd|04/04/2024|250.00|North\n3|Coal Ltd|05/04/2024|7.00|South"
    )
    assert "header" not in read(f"x|x|x|x\n{payments}").classes
    assert "header" not in read(f"1|2|3|4|5\n{payments}").classes
    assert "header" not in read("Code|Firm|Day|Site\n1|Acme Ltd|03/04/2024|North").classes


@pytest.mark.parametrize(
    "text", ["TOTAL SPEND > £25K", "Total – April 2024", "April total to date", "Total paid by us"]
)
def test_a_lone_name_of_a_total_is_one_where_the_sum_proves_it(text: str) -> None:
    assert below(f"|||{text}||357.00") == ["total"]
    assert below(f"|||{text}||358.50") == ["transaction"]
    assert below(f"HQ|06/04/2024|Gas|{text}|4|357.00") == ["transaction"]


def test_a_row_of_dashes_below_the_headings_is_no_part_of_them() -> None:
    found = read(f"{HEAD}\n----|----|----|----|----|----\n{BODY}")
    assert found.classes == ["header", "column_filler", *["transaction"] * 3]
    assert found.segments[0].columns.headers == HEAD.split("|")


def test_rows_that_say_what_the_columns_hold_are_no_payments() -> None:
    forms = "Mandatory|Mandatory|Mandatory|Mandatory|Mandatory|Mandatory\nText|dd/mm/yyyy|Text|Text|Number|£"
    assert read(f"{HEAD}\n{forms}\n{BODY}").classes == ["header", "note", "note", *["transaction"] * 3]
    assert below("HQ|various|Rent|Delta Ltd|4|see note") == ["transaction"]
    assert read(f"{HEAD}\nHQ|03/04/2024|Rent|Delta Ltd|4|see note\n{BODY}").classes[1] == "transaction"


def test_totals_of_groups_of_one_line_are_subtotals() -> None:
    lines = (
        "Acme Ltd|||||",
        "|03/04/2024|Rent||1|100.00",
        "|||Acme Ltd Total||100.00",
        "Bravo Ltd|||||",
        "|04/04/2024|Rates||2|250.00",
        "|05/04/2024|Gas||3|7.00",
        "|||Bravo Ltd Total||257.00",
        "|||Grand Total||357.00",
    )
    assert read("\n".join([HEAD, *lines])).classes[1:] == [
        "note", "transaction", "subtotal", "note", "transaction", "transaction", "subtotal", "total",
    ]  # fmt: skip


def test_a_lone_total_of_what_it_names_without_a_sum_is_no_payment() -> None:
    assert below("||Rates total|||99.00") == ["unproved_total"]


def test_a_plain_table_is_a_heading_and_payments() -> None:
    assert read(f"{HEAD}\n{BODY}").classes == ["header", "transaction", "transaction", "transaction"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("", "blank"),
        ("| | ||", "blank"),
        ("|||||357.00", "total"),
        ("||||Total|357.00", "total"),
        ("Grand Total|||||357.00", "total"),
        ("|||Total payments over £25,000||357.00", "total"),
        ("||||Sum:|£357", "total"),
        ("||||Total|357.40", "total"),
        ("||||Total|400.00", "unproved_total"),
        ("|||||3", "row_count"),
        ("||Number of lines|||3", "row_count"),
        ("* denotes redaction|||||", "note"),
        ("||Please see the notes on our site||", "note"),
        ("Nil return", "nil_return"),
        ("There were no payments this month|||||", "nil_return"),
        ("|||||-", "column_filler"),
        ("#REF!|||||", "column_filler"),
        (".|||||", "column_filler"),
        ("HQ|06/04/2024|Rent|Delta Ltd|4|", "no_amount"),
        ("HQ|06/04/2024|Rent|Delta Ltd|4|see note", "transaction"),
        ("||||||||19961", "stray_cells"),
        (HEAD, "repeated_header"),
        (HEAD.upper(), "repeated_header"),
    ],
)
def test_the_row_below_the_payments_is(line: str, name: str) -> None:
    assert below(line) == [name]


def test_total_produce_plc_is_a_supplier() -> None:
    assert (
        below(
            "HQ|06/04/2024|Fruit|Total Produce Plc|4|357.00",
            "|06/04/2024|Gas|TOTAL GAS & POWER LTD|5|714.00",
            "HQ||Gas|Total Energies|6|12.00",
        )
        == ["transaction"] * 3
    )


def test_payments_without_supplier_or_date_stay_payments() -> None:
    assert below(
        "HQ|06/04/2024|Rent|||12.00", "HQ||Rent|Delta Ltd|4|12.00", "DEFRA||IT Services||99|74.10"
    ) == ["transaction"] * 3  # fmt: skip


def test_a_word_alone_does_not_make_a_total_and_its_lack_does_not_unmake_one() -> None:
    assert below("HQ||Rates|||357.00") == ["total"]
    assert below("HQ||Rates|||99.00") == ["transaction"]


def test_subtotals_add_up_the_lines_directly_above() -> None:
    text = "Supplier|Invoice Date|Value\nAcme|03/04/2024|1.00\nAcme|03/04/2024|2.00\nAcme Total||3.00\nBravo|03/04/2024|5.00\nBravo Total||5.00\nGrand Total||8.00"  # fmt: skip
    found = read(text)
    assert found.classes[1:] == ["transaction", "transaction", "subtotal", "transaction", "subtotal", "total"]
    assert found.details == {
        3: "equals the sum of 2 line(s) above",
        5: "equals the sum of 1 line(s) above",
        6: "equals the sum of 3 line(s) above",
    }


def test_a_total_with_payments_below_it_was_a_subtotal() -> None:
    assert below("||||Total|357.00", "HQ|06/04/2024|Rent|Delta Ltd|4|12.00") == ["subtotal", "transaction"]


def test_a_total_may_stand_above_its_lines() -> None:
    assert read(f"{HEAD}\n||||Total|357.00\n{BODY}").classes[1] == "total"


def test_titles_stand_above_the_heading() -> None:
    found = read(f"Spend over £25,000\nApril 2024||\n\n{HEAD}\n{BODY}")
    assert found.classes[:4] == ["title", "title", "blank", "header"]
    assert found.titles == ["Spend over £25,000", "April 2024"]


def test_a_heading_sorted_to_the_end_still_heads_the_rows_above() -> None:
    found = read(f"{BODY}\n{HEAD}")
    assert found.classes == ["transaction", "transaction", "transaction", "header"]


def test_a_second_report_with_other_columns_is_read_by_its_own_heading() -> None:
    found = read(f"{HEAD}\n{BODY}\n\nOther payments\nAmount|Supplier|Date\n9.00|Echo Ltd|06/04/2024")
    assert found.classes[4:] == ["blank", "note", "header", "transaction"]
    assert [segment.columns.index["amount_gbp"] for segment in found.segments] == [5, 0]


def test_a_row_off_by_one_column_is_moved_back() -> None:
    found = read(f"{HEAD}\n{BODY}\n|HQ|06/04/2024|Rent|Delta Ltd|4|12.00")
    assert found.classes[4] == "transaction"
    assert found.mended == {4: ["HQ", "06/04/2024", "Rent", "Delta Ltd", "4", "12.00"]}


def test_a_row_that_two_moves_would_fit_is_set_aside() -> None:
    found = read(f"{HEAD}\n{BODY}\nHQ|Rent|06/04/2024|Delta|4|x|12.00|13.00")
    assert found.classes[4] == "misaligned"


def test_a_table_without_an_amount_column_is_unmapped() -> None:
    found = read("Entity|Date|Supplier|Description\nHQ|03/04/2024|Acme Ltd|Rent\nsee below")
    assert found.classes == ["header", "unmapped", "note"]


def test_a_table_without_headings_is_read_where_its_contents_are_clear() -> None:
    line = "Dept|HQ|03/04/2024|Rent|Estates|Acme Ltd|{}|1,200.00"
    found = read("\n".join(line.format(i) for i in range(5)))
    assert found.classes == ["transaction"] * 5
    assert found.segments[0].heading is None


def test_a_letter_is_no_table() -> None:
    assert read("Dear reader\nthis is a letter\n\nyours").classes == ["not_table", "not_table", "blank", "not_table"]


def test_a_table_of_something_else_is_unmapped() -> None:
    assert set(read("Name|Age|Town\nAnn|30|Leeds\nBob|40|York").classes) == {"unmapped"}


def test_a_nil_return_needs_no_heading() -> None:
    assert read("Spend over 25k\n\nNIL RETURN").classes == ["not_table", "blank", "nil_return"]


def test_thousands_are_multiplied_and_their_total_is_still_proved() -> None:
    found = read("Supplier|Date|Amount £000\nAcme|03/04/2024|1.5\nBravo|03/04/2024|2\nTotal||3.5")
    assert found.segments[0].amounts is not None
    assert found.segments[0].amounts.pence == [150_000, 200_000, 350_000]
    assert found.classes[3] == "total"


def test_an_empty_grid_has_no_classes() -> None:
    assert classify([]).classes == []


CELLS = st.sampled_from(
    ["", " ", "Entity", "Date", "Supplier", "Amount", "Amount £000", "Net", "Total", "Nil return", "03/04/2024", "4/30/2024", "45385",
     "1,234.50", "-5", "(7.00)", "£12", "Acme Ltd", "Total Produce Plc", "#REF!", "-", "x\ny", "Grand Total", "3", "Transaction number", "0"]
)  # fmt: skip
GRIDS = st.lists(st.lists(st.one_of(CELLS, st.text(max_size=8)), max_size=7), max_size=14)


@settings(max_examples=300, deadline=None)
@given(GRIDS)
def test_every_row_of_any_grid_gets_one_known_class(rows: list[list[str]]) -> None:
    found = classify(rows)
    assert len(found.classes) == len(rows)
    assert set(found.classes) <= set(codes("row_classes"))
    bodies = [i for segment in found.segments for i in segment.rows]
    assert len(bodies) == len(set(bodies))
    assert {i for i, name in enumerate(found.classes) if name == "transaction"} <= set(bodies)
    assert all(
        (name == "blank") == (not any(map(str.strip, row))) for name, row in zip(found.classes, rows, strict=True)
    )


def test_an_amount_cut_at_its_commas_is_joined_where_the_row_is_wider_than_the_heading() -> None:
    found = read(f"{HEAD}\n{BODY}\nHQ|06/04/2024|Rent|Delta Ltd|4|1|234.50\nHQ|07/04/2024|Rent|Echo Ltd|5|£2|345|678.00\n||||Total|2|347|269.50")  # fmt: skip
    assert found.classes[4:] == ["transaction", "transaction", "total"]
    assert found.mended[4][5:] == ["1,234.50"]
    assert found.mended[5][5:] == ["£2,345,678.00"]


def test_a_whole_column_of_cut_amounts_is_joined_by_its_pence() -> None:
    lines = "\n".join(f"HQ|0{i}/04/2024|Rent|Delta Ltd|4|{i}|234.50" for i in range(1, 9))
    found = read(f"{HEAD}\n{lines}")
    assert [row[5:] for row in found.mended.values()] == [[f"{i},234.50"] for i in range(1, 9)]


def test_codes_of_three_digits_without_a_heading_are_not_joined_to_the_amount() -> None:
    lines = "\n".join(f"HQ|0{i}/04/2024|Rent|Delta Ltd|4|{i}|234" for i in range(1, 9))
    found = read(f"{HEAD}\n{lines}")
    assert found.mended == {}
    assert found.classes[1:] == ["transaction"] * 8


def test_a_cut_amount_that_cannot_be_joined_in_one_way_is_misaligned() -> None:
    found = read(f"{HEAD}\n{BODY}\nHQ|06/04/2024|Rent|Delta Ltd|4|1|234.50|1|281.40")
    assert found.classes[4] == "misaligned"


def test_a_text_cut_at_its_comma_does_not_make_the_transaction_number_the_amount() -> None:
    good = "HQ|03/04/2024|Rent, rates|Acme Ltd|1|100.00\nHQ|04/04/2024|Rent, rates|Bravo Ltd|2|250.00"
    found = read(f"{HEAD}\n{good}\nHQ|05/04/2024|Rent| rates|Coal Ltd|403989|5,639.71")
    assert found.classes[3] == "transaction"
    assert found.mended == {3: ["HQ", "05/04/2024", "Rent, rates", "Coal Ltd", "403989", "5,639.71"]}


def test_a_text_cut_in_an_unknown_place_sets_the_row_aside() -> None:
    found = read(f"{HEAD}\n{BODY}\nHQ|05/04/2024|Fees| other|Coal Ltd|403989|5,639.71")
    assert found.classes[4] == "misaligned"


def test_without_dates_a_total_is_known_by_its_word_and_a_supplier_called_so_by_its_sum() -> None:
    text = "Entity|Supplier|Amount\nHQ|Acme|1.00\nHQ|Total Produce Plc|3.00\nHQ|Bravo|2.00\nHQ|Total|6.00\n|Grand total|7.50"  # fmt: skip
    assert read(text).classes[1:] == ["transaction", "transaction", "transaction", "total", "unproved_total"]


def test_a_payment_without_date_and_supplier_is_no_count_of_lines() -> None:
    assert below("HQ||Rates||9|3.00") == ["transaction"]


def test_a_dated_total_is_one_where_the_sum_bears_it_out() -> None:
    assert below("HQ|30/04/2024||Total||357.00") == ["total"]
    assert below("HQ|30/04/2024||Total||12.00") == ["transaction"]


def test_pages_carry_their_sums_forward() -> None:
    text = "Supplier|Date|Ref|Amount\nAcme|03/04/2024|1|10.00\nBravo|04/04/2024|2|20.00\nCarried forward|||30.00\nSupplier|Date|Ref|Amount\nBrought forward|||30.00\nCoal|05/04/2024|3|5.00\nTotal|||35.00"  # fmt: skip
    assert read(text).classes[1:] == ["transaction", "transaction", "subtotal", "repeated_header", "subtotal", "transaction", "total"]  # fmt: skip


def test_a_repeated_heading_names_columns_that_the_first_left_blank() -> None:
    found = read("Supplier|Date|Amount||\nSUPPLIER|DATE|AMOUNT|DESCRIPTION|COLOUR\nAcme|03/04/2024|1.00|Rent|red")
    assert found.classes == ["header", "repeated_header", "transaction"]
    assert found.segments[0].columns.index["description"] == 3
    assert found.segments[0].columns.headers[4] == "COLOUR"


def test_more_headings_than_a_sheet_can_sensibly_hold_are_not_followed() -> None:
    text = "Supplier,Date,Amount\nAcme,03/04/2024,1.00\nAmount,Date,Supplier\n1.00,03/04/2024,Acme\n" * 40
    found = classify([line.split(",") for line in text.splitlines()])
    assert len(found.segments) == 50
    assert found.classes[:4] == ["header", "transaction", "header", "transaction"]
    assert set(found.classes[101:]) == {"unmapped"}
