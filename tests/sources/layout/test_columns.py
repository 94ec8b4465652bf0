from __future__ import annotations

from sources.layout.columns import Columns, columns_by_content, columns_of
from sources.layout.find import heading_of


def columns(text: str) -> Columns:
    rows = [line.split("|") for line in text.strip().split("\n")]
    heading = heading_of((0,), rows[0])
    assert heading is not None
    return columns_of(heading, rows[1:])


def test_of_two_columns_headed_supplier_the_one_with_numbers_is_the_number() -> None:
    found = columns("Supplier|Supplier(T)|Date|Amount\n200408|Emu Ltd|01/04/2024|1.00\n201178|Ssd|02/04/2024|2.00")
    assert found.index["supplier_name"] == 1
    assert found.index["supplier_number"] == 0


def test_net_is_read_and_gross_kept_beside_it() -> None:
    found = columns("Supplier|Date|Gross|Net\nA Ltd|01/04/2024|120.00|100.00\nB Ltd|02/04/2024|240.00|200.00")
    assert (found.index["amount_gbp"], found.index["amount_alternative_gbp"], found.basis) == (3, 2, "net")


def test_net_and_gross_in_brackets_are_told_apart() -> None:
    found = columns(
        "Supplier|Date|Amount (inc VAT)|Amount (exc VAT)\nA Ltd|01/04/2024|120.00|100.00\nB Ltd|02/04/2024|240.00|200.00"
    )
    assert (found.index["amount_gbp"], found.index["amount_alternative_gbp"], found.basis) == (3, 2, "net")


def test_a_lines_own_amount_is_read_before_that_of_its_invoice() -> None:
    found = columns(
        "Supplier|Date|Invoice Amount|Line Amount\nA Ltd|01/04/2024|300.00|100.00\nA Ltd|01/04/2024|300.00|200.00"
    )
    assert found.index["amount_gbp"] == 3


def test_a_lines_own_amount_is_read_before_that_of_its_payment() -> None:
    found = columns(
        "Payee|Payment Date|Payment Value|Invoice Line Value\nA Ltd|01/04/2024|300.00|100.00\nA Ltd|01/04/2024|300.00|200.00"
    )
    assert found.index["amount_gbp"] == 3


def test_the_day_of_payment_is_read_before_that_of_the_invoice_or_the_ledger() -> None:
    for heading in ("Invoice Payment Date", "Cheque Date", "Check Date", "Date Cleared"):
        found = columns(f"Invoice Date|GL Date|{heading}|Supplier|Amount\n01/03/2024|02/03/2024|03/04/2024|A Ltd|1.00")
        assert found.index["payment_date"] == 2, heading


def test_a_department_of_many_names_is_an_area_of_a_body() -> None:
    names = ("Highways", "Schools", "Parks", "Housing", "Libraries", "Waste")
    body = "\n".join(f"{name}|01/04/2024|A Ltd|1.00" for name in names)
    for beside, area in (("", 0), ("|Directorate", 4)):
        found = columns(f"Department|Date|Supplier|Amount{beside}\n{body}")
        assert "department_family" not in found.index
        assert found.index.get("expense_area", 4 if beside else None) == area
    whole = body.replace("Parks", "Department of Parks")
    assert columns(f"Department|Date|Supplier|Amount\n{whole}").index["department_family"] == 0
    assert columns(f"Department family|Date|Supplier|Amount\n{body}").index["department_family"] == 0
    few = "\n".join(body.split("\n")[:3])
    assert columns(f"Department|Date|Supplier|Amount\n{few}").index["department_family"] == 0


def test_a_day_is_read_before_a_month() -> None:
    found = columns(
        "Month|Transaction Posting Date|Supplier|Amount\nApr-24|02/04/2024|A Ltd|1.00\nApr-24|03/04/2024|B Ltd|2.00"
    )
    assert found.index["payment_date"] == 1


def test_names_are_read_before_the_codes_that_stand_for_them() -> None:
    found = columns(
        "Body|Name of Body|Date|Supplier|Amount\n17|Anyshire|01/04/2024|A Ltd|1.00\n17|Anyshire|02/04/2024|B Ltd|2.00"
    )
    assert found.index["entity"] == 1


def test_a_number_headed_as_supplier_beside_the_name_is_the_suppliers_number() -> None:
    found = columns("Vendor|Vendor Name|Date|Amount\n70411|A Ltd|01/04/2024|1.00\n70412|B Ltd|02/04/2024|2.00")
    assert (found.index["supplier_name"], found.index["supplier_number"]) == (1, 0)


def test_a_column_before_the_entity_is_the_department_only_where_its_heading_says_nothing() -> None:
    body = "Core|HQ|01/04/2024|A Ltd|1.00\nCore|HQ|02/04/2024|B Ltd|2.00"
    for heading, place in (("#NAME?", 0), ("", 0), ("0", 0), ("Colour", None)):
        assert columns(f"{heading}|Entity|Date|Supplier|Amount\n{body}").index.get("department_family") == place


def test_a_number_of_a_period_is_no_number_of_a_transaction() -> None:
    found = columns("Period|Date|Supplier|Amount\n1|01/04/2024|A Ltd|1.00\n1|02/04/2024|B Ltd|2.00")
    assert "transaction_number" not in found.index


def test_words_of_an_unknown_heading_tell_the_basis_of_its_amounts() -> None:
    found = columns(
        "Date|Supplier|Purpose|Cash that went out ex VAT\n01/04/2024|A Ltd|Rent|1.00\n02/04/2024|B Ltd|Rent|2.00"
    )
    assert (found.index["amount_gbp"], found.basis) == (3, "net")


def test_an_empty_net_column_yields_to_the_gross_one() -> None:
    found = columns("Supplier|Date|Net|Gross\nA Ltd|01/04/2024||120.00\nB Ltd|02/04/2024||240.00")
    assert (found.index["amount_gbp"], found.basis) == (3, "gross")
    assert "amount_alternative_gbp" not in found.index


def test_of_two_amounts_on_one_basis_the_other_is_named_in_a_note() -> None:
    found = columns("Supplier|Date|Amount||Amount\nA Ltd|01/04/2024|120.00||7.00\nB Ltd|02/04/2024|240.00||8.00")
    assert found.index["amount_gbp"] == 2
    assert [(note.code, note.detail) for note in found.notes] == [
        ("amounts_beside", "column 3 is read as the amount; 5 is headed so too and kept as it is")
    ]


def test_an_amount_without_a_heading_is_inferred_where_one_column_alone_is_money() -> None:
    found = columns("Supplier|Date|Entity| \nA Ltd|01/04/2024|HQ|£120\nB Ltd|02/04/2024|HQ|£1,240")
    assert found.index["amount_gbp"] == 3
    assert found.inferred == {"amount_gbp"}


def test_nothing_is_inferred_where_two_columns_are_money() -> None:
    found = columns("Supplier|Date|Entity|A|B\nA Ltd|01/04/2024|HQ|£120|£1.50\nB Ltd|02/04/2024|HQ|£1,240|£2.50")
    assert "amount_gbp" not in found.index


def test_an_amount_heading_over_words_gives_way_to_the_column_of_money() -> None:
    found = columns(
        "Supplier|Date|Expenditure|Entity|Department|Project|Cash out\n"
        "A Ltd|01/04/2024|Rent|HQ|Core|P1|1.50\nB Ltd|02/04/2024|Rates|HQ|Core|P1|2.50"
    )
    assert found.index["amount_gbp"] == 6
    assert found.inferred == {"amount_gbp"}


def test_a_date_is_taken_from_the_column_that_holds_dates() -> None:
    found = columns("Date|Invoice Date|Supplier|Amount\nMay|01/04/2024|A Ltd|1.00\nMay|02/04/2024|B Ltd|2.00")
    assert found.index["payment_date"] == 1


def test_the_better_worded_of_two_dates_is_the_payment_date() -> None:
    found = columns(
        "Invoice Date|Payment Date|Supplier|Amount\n01/03/2024|01/04/2024|A Ltd|1.00\n02/03/2024|02/04/2024|B|2.00"
    )
    assert found.index["payment_date"] == 1


def test_numbers_headed_as_a_date_are_transaction_numbers() -> None:
    found = columns(
        "Date|Supplier|Transaction Date|Amount\n01/04/2024|A Ltd|1168648|1.00\n02/04/2024|B Ltd|1165124|2.00"
    )
    assert (found.index["payment_date"], found.index["transaction_number"]) == (0, 2)


def test_the_amount_carries_the_power_of_its_heading() -> None:
    found = columns("Supplier|Date|Amount £000\nA Ltd|01/04/2024|120\nB Ltd|02/04/2024|1,240")
    assert found.power("amount_gbp") == 3
    assert found.power("amount_alternative_gbp") == 0


def test_every_column_is_described_in_order_and_trailing_phantoms_are_not() -> None:
    found = columns("Supplier|Date|Amuont|Colour||\nA Ltd|01/04/2024|1.00|red||\nB Ltd|02/04/2024|2.00|blue||")
    assert [(c["position"], c["header"], c["field"], c["match"]) for c in found.described] == [
        (1, "Supplier", "supplier_name", "exact"),
        (2, "Date", "payment_date", "exact"),
        (3, "Amuont", "amount_gbp", "fuzzy"),
        (4, "Colour", None, "unknown"),
    ]
    assert found.extra == [3, 4, 5]


def test_no_column_is_used_twice() -> None:
    found = columns("Supplier|Vendor|Date|Payment Date|Amount|Value\n" + "\n".join(["A|B|01/04/2024|02/04/2024|1.00|2.00"] * 3))  # fmt: skip
    used = list(found.index.values())
    assert len(used) == len(set(used))


def test_without_heading_the_columns_of_the_guidance_are_known_by_date_and_money() -> None:
    line = ["Dept", "HQ", "01/04/2024", "Rent", "Estates", "Acme Ltd", "12345", "1,200.00"]
    found = columns_by_content([line] * 3)
    assert found is not None
    assert (found.index["supplier_name"], found.index["payment_date"], found.index["amount_gbp"]) == (5, 2, 7)
    assert [note.code for note in found.notes] == ["header_missing"]


def test_without_heading_other_columns_stay_unnamed() -> None:
    found = columns_by_content([["Acme Ltd", "01/04/2024", "1,200.00"]] * 3)
    assert found is not None
    assert found.index == {"payment_date": 1, "amount_gbp": 2}


def test_without_heading_nothing_is_guessed_from_two_dates() -> None:
    assert columns_by_content([["01/04/2024", "02/04/2024", "1,200.00"]] * 3) is None
    assert columns_by_content([["Acme", "Rent"]] * 3) is None
    assert columns_by_content([]) is None


def test_whole_pounds_below_an_unknown_heading_of_money_are_the_amount() -> None:
    found = columns("Payee|Settlement Date|Sum Settled|Site\nA Ltd|01/04/2024|1200|17\nB Ltd|02/04/2024|1300|18")
    assert found.index["amount_gbp"] == 2
    assert found.inferred == {"amount_gbp"}


def test_a_payment_date_written_as_a_spreadsheets_number_comes_before_the_invoices() -> None:
    found = columns(
        "Supplier|Invoice Date|Payment Date|Amount\nA Ltd|01/03/2024|45383|1.00\nB Ltd|02/03/2024|45384|2.00"
    )
    assert found.index["payment_date"] == 2


def test_a_company_is_who_was_paid_where_nobody_else_is_named_and_there_are_several() -> None:
    several = "\n".join(f"{name} Ltd|01/04/2024|7{name}|{place}.50" for place, name in enumerate("ABCDE", start=1))
    found = columns(f"Company|Posting Date|Document Number|GBP\n{several}")
    assert (found.index["supplier_name"], "entity" in found.index) == (0, False)
    assert found.inferred == {"supplier_name", "amount_gbp"}
    one = several.replace("B Ltd", "A Ltd")
    found = columns(f"Company|Posting Date|Document Number|GBP\n{one}")
    assert (found.index["entity"], "supplier_name" in found.index) == (0, False)
