"""Whole files: bytes to rows and an account. What each part does is tested beside the part."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sources.reading
from sources.inputs import Distribution
from sources.reading import Reading, read_distribution, reader_version
from sources.registry import load_registry
from sources.schema.arrow import arrow_schema
from sources.schema.model import codes, table

HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
LINES = HEAD + 'D,HQ,03/04/2024,Rent,Estates,Acme Ltd,1,"1,234.50"\nD,HQ,30/04/2024,Gas,Estates,Bravo Ltd,2,(34.50)\n'
PUBLISHER = load_registry().get("department-of-kites")


def read(data: bytes | str, name: str = "spend-april-2024.csv") -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    found = read_distribution(raw, Distribution(PUBLISHER.id, f"spend/{PUBLISHER.id}/{name}"), PUBLISHER, hashlib.sha256(raw).hexdigest())  # fmt: skip
    assert_conserved(found)
    return found


def assert_conserved(found: Reading) -> None:
    """Rows in are transactions and set-aside rows, and the lake's own counts say the same."""
    file, classes = found.file, Counter(found.rows["row_class"].to_pylist())
    assert file["row_count"] == found.rows.num_rows == file["transaction_count"] + file["set_aside_count"]
    assert classes["transaction"] == file["transaction_count"]
    assert set(classes) <= set(codes("row_classes"))


def notes(found: Reading) -> list[str]:
    return [note["code"] for note in json.loads(found.file["notes"])]


def classes(found: Reading) -> list[str]:
    return list(found.rows["row_class"].to_pylist())


def book(*sheets: tuple[str, str, list[list[Any]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, state, rows in sheets:
        sheet = made.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


TABLE: list[list[Any]] = [
    ["Supplier", "Date", "Amount"],
    ["Acme Ltd", date(2024, 4, 3), 12.5],
    ["Bravo Ltd", date(2024, 4, 4), 7],
]


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return stream.getvalue()


def test_what_is_noted_of_the_headings_names_their_line() -> None:
    found = read(
        "Payments of April\n\n"
        + HEAD
        + ",D,HQ,03/04/2024,Rent,Estates,Acme Ltd,1,30.00\n,D,HQ,30/04/2024,Gas,Estates,Bravo Ltd,2,34.50\n"
    )
    lines = {note["code"]: note["line"] for note in json.loads(found.file["notes"])}
    assert lines["header_misaligned"] == 3


def test_a_plain_file_is_read_and_accounted_for() -> None:
    file = read(LINES).file
    assert set(file) == {field.name for field in table("lake_files").fields}
    assert (file["file_status"], file["file_reason_code"]) == ("read", None)
    assert (file["container"], file["encoding"], file["delimiter"], file["header_line"]) == ("csv", "utf-8", ",", 1)
    assert (file["row_count"], file["transaction_count"], file["set_aside_count"]) == (3, 2, 1)
    assert file["total_gbp"] == Decimal("1200.00")
    assert (file["first_date"], file["last_date"]) == (date(2024, 4, 3), date(2024, 4, 30))
    assert (file["period_start"], file["period_end"]) == (date(2024, 4, 1), date(2024, 4, 30))
    assert (file["period_evidence"], file["date_order"], file["series"]) == ("name_and_dates", "day_first", "spend_over_threshold")  # fmt: skip
    assert file["byte_count"] == len(LINES)


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (LINES, "read", None),
        (HEAD + "NIL RETURN\n", "explained", "nil_return"),
        (HEAD, "explained", "no_rows"),
        (HEAD + "No supplier was paid,,,\n", "explained", "no_rows"),
        ("\n,,\n", "explained", "empty_file"),
        ("", "unreadable", "empty_file"),
        ("Dear reader,\nthis is a letter\n", "unreadable", "no_table"),
        ("Name,Age,Town\nAnn,30,Leeds\nBob,40,York\n", "unreadable", "no_table"),
        ("<!DOCTYPE html><html><body><p>Page not found</p></body></html>", "unreadable", "web_page"),
        (b"%PDF-1.7\n1 0 obj\n", "unreadable", "pdf"),
        (b"PK\x03\x04 broken", "unreadable", "damaged"),
    ],
)
def test_each_file_is_read_explained_or_unreadable_for_a_reason(
    data: bytes | str, status: str, reason: str | None
) -> None:
    file = read(data).file
    assert (file["file_status"], file["file_reason_code"]) == (status, reason)
    assert reason is None or reason in codes("file_reasons")
    assert file["total_gbp"] == (Decimal("1200.00") if status == "read" else Decimal("0.00"))


def test_rows_are_in_the_lakes_schema_even_where_there_are_none() -> None:
    assert read("").rows.schema == arrow_schema("lake_rows") == read(LINES).rows.schema


def test_the_same_bytes_are_read_the_same_way() -> None:
    first, second = read(LINES), read(LINES)
    assert first.rows.equals(second.rows)
    assert first.file == second.file


def test_every_sheet_with_payments_is_read() -> None:
    found = read(
        book(("April", "visible", TABLE), ("May", "visible", TABLE), ("Notes", "visible", [["Read me"]])), "x.xlsx"
    )
    assert found.file["sheet"] == "April; May"
    assert found.file["transaction_count"] == 4
    assert found.rows["occurrence"].to_pylist() == [1, 1, 1, 2, 2, 2, 1]
    assert "not_table" in classes(found)


def test_a_table_of_sums_is_set_aside_beside_the_payments_it_sums() -> None:
    sums = [["Directorate", "Total spend"], ["Adults", "13.25"], ["Estates", "6.25"]]
    found = read(book(("Summary", "visible", sums), ("April", "visible", TABLE)), "x.xlsx")
    assert Counter(classes(found)) == {"header": 2, "transaction": 2, "summary": 2}
    assert found.file["total_gbp"] == Decimal("19.50")
    assert read(book(("Summary", "visible", sums)), "x.xlsx").file["transaction_count"] == 2


def test_a_hidden_sheet_is_set_aside_beside_a_visible_one_with_payments() -> None:
    found = read(book(("Working", "hidden", TABLE), ("Publish", "visible", TABLE)), "x.xlsx")
    assert found.file["sheet"] == "Publish"
    assert Counter(classes(found)) == {"header": 1, "transaction": 2, "hidden_sheet": 3}
    assert found.file["total_gbp"] == Decimal("19.50")
    assert "sheet_hidden" in notes(found)


def test_a_hidden_sheet_is_read_where_no_visible_one_holds_payments() -> None:
    found = read(book(("Cover", "visible", [["Spend over 25k"]]), ("Data", "hidden", TABLE)), "x.xlsx")
    assert (found.file["sheet"], found.file["transaction_count"]) == ("Data", 2)


def test_every_row_of_a_file_has_a_place_of_its_own() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("april.csv", LINES)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("april.csv", LINES)
    cells = "".join(
        f"<tr><td>{'</td><td>'.join(line.split(','))}</td></tr>"
        for line in LINES.replace('"1,234.50"', "1").splitlines()
    )
    for data, name in (
        (stream.getvalue(), "april.zip"),
        (f"<html><table>{cells}</table></html>".encode(), "april.xls"),
    ):
        rows = read(data, name).rows.select(["sheet", "line_number"]).to_pylist()
        assert len({tuple(row.values()) for row in rows}) == len(rows) >= 3


def test_members_of_an_archive_are_read_one_by_one_and_named() -> None:
    found = read(zipped(april=LINES, may=LINES, readme="Dear reader"), "spend.zip")
    assert found.file["container"] == "zip"
    assert (found.file["transaction_count"], found.file["total_gbp"]) == (4, Decimal("2400.00"))
    assert found.file["sheet"] == "april.csv; may.csv"
    assert set(found.rows["sheet"].to_pylist()) == {"april.csv", "may.csv", "readme.csv"}


def test_two_reports_in_one_file_are_both_read_and_the_second_is_noted() -> None:
    found = read(LINES + "\nOther payments\nSupplier,Amount,Date\nCoal Ltd,5.00,05/04/2024\n")
    assert (found.file["transaction_count"], found.file["total_gbp"]) == (3, Decimal("1205.00"))
    assert "second_report" in notes(found)


def test_guesses_at_headings_are_noted_with_their_line() -> None:
    found = read("Spend\n" + LINES.replace("Supplier", "Supplicer"))
    (guess,) = [note for note in json.loads(found.file["notes"]) if note["code"] == "header_guessed"]
    assert guess == {"code": "header_guessed", "detail": "column 6 headed 'Supplicer' was taken for supplier_name (fuzzy)", "line": 2}  # fmt: skip


def test_columns_beyond_the_limit_are_noted() -> None:
    found = read(LINES + "D,HQ,05/04/2024,Gas,Estates,Coal Ltd,3,1.00" + "," * 300 + "stray\n")
    assert found.file["transaction_count"] == 3
    assert "columns_beyond_limit" in notes(found)


def test_the_declared_date_order_decides_where_the_file_does_not() -> None:
    text = "Supplier,Date,Amount\nAcme Ltd,04/03/2024,1.00\nBravo Ltd,05/03/2024,2.00\n"
    publisher = PUBLISHER.model_copy(update={"quirks": PUBLISHER.quirks.model_copy(update={"date_order": "month_first"})})  # fmt: skip
    distribution = Distribution("p", "spend/p/x.csv")
    found = read_distribution(text.encode(), distribution, publisher, "s")
    assert (found.file["first_date"], found.file["date_order"]) == (date(2024, 4, 3), "month_first")
    assert read(text, "x.csv").file["first_date"] == date(2024, 3, 4)


def test_lines_lead_back_to_the_physical_line_where_cells_hold_several() -> None:
    text = 'Supplier,Date,Amount,Description\nAcme Ltd,03/04/2024,1.00,"two\nlines"\nBravo Ltd,04/04/2024,2.00,one\n'
    found = read(text)
    assert found.rows["line_number"].to_pylist() == [1, 2, 4]
    assert (found.file["row_count"], found.file["physical_line_count"]) == (3, 4)


def test_one_stray_quotation_mark_costs_no_more_than_the_lines_it_touches() -> None:
    lines = [f"D,HQ,03/04/2024,Rent,Estates,Acme Ltd,{number},100.00" for number in range(20_000)]
    lines[700] = 'D,HQ,03/04/2024,"Rent,Estates,Acme Ltd,700,100.00'
    found = read(HEAD + "\n".join(lines) + "\n")
    assert found.file["physical_line_count"] == 20_001
    assert found.file["transaction_count"] >= 19_999
    assert found.file["total_gbp"] >= Decimal("1999900.00")


def test_what_a_stray_quotation_mark_leaves_of_a_line_is_set_aside_as_just_that() -> None:
    found = read(HEAD + 'D,HQ,03/04/2024,"Rent,Estates\nD,HQ,04/04/2024,Rent,Estates,Acme Ltd,7,100.00\n')
    assert classes(found) == ["header", "overlong_cell", "transaction"]
    assert "quote_stray" in notes(found)


@pytest.mark.parametrize(
    ("title", "pounds"),
    [
        ("All figures in £000s", "25500.00"),
        ("Payments, £'000", "25500.00"),
        ("Amounts are in thousands of pounds", "25500.00"),
        ("(£m)", "25500000.00"),
        ("Spend in £ millions", "25500000.00"),
        ("Payments over £25,000", "25.50"),
        ("Payments over £25 thousand", "25.50"),
        ("Payments over £25k, April 2024", "25.50"),
        ("Payments over £1m and up to 2 million pounds", "25.50"),
        ("Payments over 25 000 pounds", "25.50"),
    ],
)
def test_a_title_scales_amounts_where_it_names_a_unit_and_not_a_threshold(title: str, pounds: str) -> None:
    found = read(f'"{title}"\n' + HEAD + "D,HQ,03/04/2024,Rent,Estates,Acme Ltd,7,25.50\n")
    payment = found.rows.to_pylist()[-1]
    is_scaled = pounds != "25.50"
    assert payment["amount_gbp"] == Decimal(pounds)
    assert ("amount_scaled" in payment["flags"]) == is_scaled
    assert ("title_scales" in notes(found)) == is_scaled


def test_a_heading_says_more_of_its_unit_than_a_title() -> None:
    found = read("All figures in £m\nSupplier,Date,Amount £000\nAcme Ltd,03/04/2024,2\nBravo Ltd,04/04/2024,3\n")
    assert found.file["total_gbp"] == Decimal("5000.00")


def test_money_beyond_the_schema_is_unreadable_not_an_error() -> None:
    found = read("Supplier,Date,Amount\nAcme Ltd,03/04/2024,99999999999999999999\nBravo Ltd,04/04/2024,2.00\n")
    assert found.rows["amount_gbp"].to_pylist()[1:] == [None, Decimal("2.00")]
    assert found.rows["flags"].to_pylist()[1] == ["amount_unreadable"]


@pytest.mark.parametrize("part", sources.reading.READER_PARTS)
def test_a_change_of_any_part_is_another_reader(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in sources.reading.READER_PARTS:
        source = sources.reading.HERE / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    monkeypatch.setattr(sources.reading, "HERE", tmp_path)
    version = reader_version.__wrapped__
    before = version()
    assert before == reader_version()
    changed = next(path for path in sorted((tmp_path / part).rglob("*.py"))) if (tmp_path / part).is_dir() else tmp_path / part  # fmt: skip
    changed.write_text(changed.read_text("utf-8") + "\n# another reader\n", "utf-8")
    assert version() != before
    assert len(before) == 12


MAY_LINES = HEAD + "D,HQ,03/05/2013,Rent,Estates,Acme Ltd,7,25.50\nD,HQ,24/05/2013,Rent,Estates,Acme Ltd,8,26.50\n"


def test_a_doubtful_name_yields_to_dates_that_are_all_of_another_month_and_says_so() -> None:
    found = read(MAY_LINES, "transparency_may1_12.csv")
    assert (found.file["period_start"], found.file["period_evidence"]) == (date(2013, 5, 1), "name_and_dates")
    assert "period_guessed" in notes(found)


def test_a_doubtful_name_whose_month_is_not_the_dates_either_is_dropped() -> None:
    found = read(MAY_LINES.replace("/05/", "/09/"), "transparency_may1_12.csv")
    assert (found.file["period_start"], found.file["period_evidence"]) == (date(2013, 9, 1), "dates")
    assert "period_guessed" in notes(found)


def test_a_doubtful_name_that_some_date_bears_out_is_kept() -> None:
    found = read(MAY_LINES.replace("2013", "2012"), "transparency_may1_12.csv")
    assert (found.file["period_start"], found.file["period_evidence"]) == (date(2012, 5, 1), "name_and_dates")
    assert "period_guessed" not in notes(found)


def test_a_name_against_every_date_is_kept_and_noted() -> None:
    found = read(MAY_LINES, "spend-may-2012.csv")
    assert (found.file["period_start"], found.file["period_evidence"]) == (date(2012, 5, 1), "file_name")
    assert "period_contradicted" in notes(found)


def test_debits_less_credits_are_the_amount_where_no_column_is_headed_so() -> None:
    found = read(
        "Supplier,Date,Reference,Debit,Credit\n"
        "Acme Ltd,03/04/2024,R1,100.00,\n"
        "Bravo Ltd,04/04/2024,R2,,30.50\n"
        "Coda Ltd,05/04/2024,R3,20.00,5.00\n"
        "Delta Ltd,06/04/2024,R4,0.00,7.00\n"
        "Echo Ltd,07/04/2024,R5,8.00,pending\n"
    )
    paid = [row for row in found.rows.to_pylist() if row["row_class"] == "transaction"]
    assert [row["amount_gbp"] for row in paid] == [
        *map(Decimal, ("100.00", "-30.50", "15.00", "-7.00")),
        None,
    ]
    assert all("amount_from_debit_credit" in row["flags"] for row in paid)
    assert ["amount_zero" in row["flags"] for row in paid] == [False] * 5
    assert "amount_unreadable" in paid[4]["flags"]
    assert json.loads(paid[1]["extra"]) == {"Credit": "30.50"}
    assert "debit_and_credit" in notes(found)


def test_a_column_of_amounts_comes_before_debits_and_credits() -> None:
    found = read(
        "Supplier,Date,Amount,Debit,Credit\nAcme Ltd,03/04/2024,9.00,9.00,\nBravo Ltd,04/04/2024,-2.00,,2.00\n"
    )
    assert found.file["total_gbp"] == Decimal("7.00")
    assert "debit_and_credit" not in notes(found)


def test_two_tables_side_by_side_are_both_read_where_each_has_its_whole_heading() -> None:
    found = read(
        "April 2024\n"
        "Date,Supplier,Amount,,Date,Supplier,Amount\n"
        "03/04/2024,Acme Ltd,1.00,,13/04/2024,Bravo Ltd,10.00\n"
        "04/04/2024,Coda Ltd,2.00,,14/04/2024,Delta Ltd,20.00\n"
        "05/04/2024,Echo Ltd,3.00\n"
    )
    assert_conserved(found)
    paid = [row for row in found.rows.to_pylist() if row["row_class"] == "transaction"]
    assert [(row["sheet"], row["line_number"], row["supplier_name"], row["amount_gbp"]) for row in paid] == [
        ("", 3, "Acme Ltd", Decimal("1.00")),
        ("", 4, "Coda Ltd", Decimal("2.00")),
        ("", 5, "Echo Ltd", Decimal("3.00")),
        ("from column 5", 3, "Bravo Ltd", Decimal("10.00")),
        ("from column 5", 4, "Delta Ltd", Decimal("20.00")),
    ]
    assert notes(found).count("tables_beside") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Date,Supplier,Amount,Supplier,Amount,Date\n03/04/2024,Acme Ltd,1.00\n",  # nothing stands to the right
        "Date,Supplier,Amount,,Name,Sum\n03/04/2024,Acme Ltd,1.00,,Office,8.00\n",  # no whole heading of its own
    ],
)
def test_what_stands_to_the_right_without_a_table_of_its_own_is_kept_as_it_is(text: str) -> None:
    found = read(text)
    assert classes(found) == ["header", "transaction"]
    assert found.file["total_gbp"] == Decimal("1.00")
    assert "tables_beside" not in notes(found)


def test_titles_of_page_and_file_tell_month_and_kind_of_list() -> None:
    raw = b"Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\nA,A,,Rent,B,Acme,1,25000\n"
    one = Distribution(
        "p", "spend/p/data.csv", title="Government procurement card data, May 2014", page_title="Spend 2014"
    )
    file = read_distribution(raw, one, PUBLISHER, "0" * 64).file
    assert (file["period_start"], file["period_evidence"], file["series"]) == (
        date(2014, 5, 1),
        "declared",
        "purchasing_card",
    )
    by_page = replace(one, title="May 2014", page_title="Procurement card spend")
    assert read_distribution(raw, by_page, PUBLISHER, "0" * 64).file["series"] == "purchasing_card"
    both = replace(
        one, title="Spend over £25,000, May 2014", page_title="Spend over £25,000 and procurement card spend"
    )
    assert read_distribution(raw, both, PUBLISHER, "0" * 64).file["series"] == "spend_over_threshold"
