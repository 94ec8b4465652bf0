from __future__ import annotations

from sources.layout.columns import columns_of
from sources.layout.cut import Suspects, cut_rows
from sources.layout.find import heading_of
from sources.layout.mend import Mender
from sources.layout.segment import Segment, read_cells

HEAD = ["Entity", "Date", "Type of expense", "Supplier", "Amount", "Description", "Postcode"]
GOOD = [
    ["HQ", "03/04/2024", "Rent, rates", "Acme Ltd", "1,100.00", "Office"],
    ["HQ", "04/04/2024", "Legal", "Bravo Ltd", "250.00", "Advice", "LS1 1AA"],
    ["HQ", "05/04/2024", "Legal", "Coal Ltd", "2,500.50", "Advice", "LS1 1AA"],
    ["HQ", "05/04/2024", "Rent, rates", "Delta Ltd", "9.50", "Office"],
]


def cut(*rows: list[str], good: list[list[str]] = GOOD, head: list[str] = HEAD) -> dict[int, list[str] | None]:
    table = [*good, *rows]
    heading = heading_of((0,), head)
    assert heading is not None
    segment = read_cells(table, Segment(columns_of(heading, table), heading, list(range(len(table)))), (None, None))
    suspects = Suspects.of(table, segment)
    return cut_rows(table, segment, suspects, Mender(segment.columns, table, segment.rows, suspects.few))


def test_whole_rows_are_not_suspected_of_anything() -> None:
    assert cut() == {}


def test_an_amount_cut_in_the_middle_of_a_wide_row_is_joined() -> None:
    row = ["HQ", "06/04/2024", "Legal", "Echo Ltd", '"1', '030.28"', "Advice", "LS1 1AA"]
    assert cut(row) == {4: ["HQ", "06/04/2024", "Legal", "Echo Ltd", "1,030.28", "Advice", "LS1 1AA"]}


def test_a_cut_amount_shows_by_its_pence_where_empty_cells_hide_the_width() -> None:
    row = ["HQ", "06/04/2024", "Legal", "Echo Ltd", "-£1", "030.28", "Advice"]
    assert cut(row) == {4: ["HQ", "06/04/2024", "Legal", "Echo Ltd", "-£1,030.28", "Advice"]}


def test_whole_pounds_beside_a_number_of_three_digits_stay_where_the_width_is_right() -> None:
    row = ["HQ", "06/04/2024", "Legal", "Echo Ltd", "25", "030"]
    assert cut(row) == {4: None}


def test_a_number_in_place_of_the_amount_before_written_money_sets_the_row_aside_where_no_join_is_likeliest() -> None:
    row = ["HQ", "06/04/2024", '"Fees', ' other"', "77001", "1,030.28", "Office", "LS1 1AA"]
    assert cut(row) == {4: None}


def test_words_in_place_of_the_amount_are_left_to_the_judgement_of_single_rows() -> None:
    row = ["HQ", "06/04/2024", '"Rent', ' rates"', "Echo Ltd", "1,030.28", "Office", "LS1 1AA"]
    assert cut(row) == {}  # words stand as the amount: such rows are looked at one by one anyway


def test_an_empty_cell_before_the_supplier_is_taken_out_of_a_wide_row() -> None:
    row = ["HQ", "06/04/2024", "Legal", "", "Echo Ltd", "1,030.28", "Advice", "LS1 1AA"]
    assert cut(row) == {4: ["HQ", "06/04/2024", "Legal", "Echo Ltd", "1,030.28", "Advice", "LS1 1AA"]}


def test_an_empty_cell_before_the_supplier_does_not_make_another_number_the_amount() -> None:
    head = ["Entity", "Date", "Supplier", "Transaction number", "Amount", "VAT number", "Postcode"]
    good = [
        ["HQ", "03/04/2024", "Acme Ltd", "7001", "1100", "512"],
        ["HQ", "04/04/2024", "Bravo Ltd", "7002", "250", "513"],
    ]
    row = ["HQ", "06/04/2024", "", "Echo Ltd", "7003", "1030.28"]
    assert cut(row, good=good, head=head) == {2: ["HQ", "06/04/2024", "Echo Ltd", "7003", "1030.28"]}


def test_two_empty_cells_before_the_supplier_put_no_other_number_under_the_amount() -> None:
    head = ["Entity", "Date", "Area", "Supplier", "Transaction number", "Amount", "Supplier number"]
    good = [
        ["HQ", "03/04/2024", "Net Zero", "Acme Ltd", "7001", "£1,100", "512"],
        ["HQ", "04/04/2024", "Net Zero", "Bravo Ltd", "7002", "£250", "513"],
    ]
    row = ["HQ", "06/04/2024", "Net", "", "Zero", "Echo Ltd", "7003", "£1,574", "514"]
    assert all(joined is None or joined[5] != "7003" for joined in cut(row, good=good, head=head).values())


def test_a_text_and_an_amount_cut_in_one_row_are_both_joined_though_most_amounts_are_cut() -> None:
    head = ["Entity", "Date", "Type of expense", "Supplier", "Transaction number", "Amount"]
    good = [
        ["HQ", "03/04/2024", "Rent", "Acme Ltd", "5100000001", "1", "100.00"],
        ["HQ", "04/04/2024", "Legal", "Bravo Ltd", "5100000002", "31", "250.00"],
        ["HQ", "05/04/2024", "Legal", "Coal Ltd", "5100000003", "2", "500.50"],
    ]
    row = ["HQ", "06/04/2024", "Rent", "Delta", " Northern Office", "5100000004", "12", "345.67"]
    assert cut(row, good=good, head=head)[3] == [*row[:3], "Delta, Northern Office", "5100000004", "12,345.67"]
    lost = ["HQ", "06/04/2024", "Rent", "Delta", " Northern Office", "5100000004", "12", "345.67", "9", "8"]
    assert cut(lost, good=good, head=head)[3] is None


def test_a_cell_left_out_before_the_amount_is_put_back_and_no_number_behind_it_becomes_money() -> None:
    head = ["Entity", "Date", "Supplier", "Transaction number", "Amount", "VAT number", "Postcode"]
    good = [
        ["HQ", "03/04/2024", "Acme Ltd", "7001", "1,100.00", "5120001", "LS1 1AA"],
        ["HQ", "04/04/2024", "Bravo Ltd", "7002", "250.50", "5120002", "LS1 1AA"],
        ["HQ", "05/04/2024", "Coal Ltd", "7003", "9.50", "5120003", "LS1 1AA"],
    ]
    row = ["HQ", "06/04/2024", "Delta Ltd", "1,574.00", "5120004", "LS1 1AA"]
    assert cut(row, good=good, head=head) == {
        3: ["HQ", "06/04/2024", "Delta Ltd", "", "1,574.00", "5120004", "LS1 1AA"]
    }
    powers = ["HQ", "06/04/2024", "Delta Ltd", "7.1E+11", "1574", "5120004"]
    assert cut(powers, good=good, head=head) == {}


def test_a_supplier_that_is_blank_for_itself_stays_blank() -> None:
    row = ["HQ", "06/04/2024", "Legal", "", "1,030.28", "Advice", "LS1 1AA", "a note"]
    assert cut(row) == {}


def test_short_codes_that_most_rows_have_behind_the_amount_are_no_part_of_it() -> None:
    good = [["HQ", "03/04/2024", "Rent", "Acme Ltd", "12", "001", "LS1", "x"] for _ in range(4)]
    assert cut(good=good) == {}
