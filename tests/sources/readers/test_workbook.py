from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from sources.grid import FileContent
from sources.readers import Limits, read_content


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def note_codes(content: FileContent) -> list[str]:
    return [note.code for note in content.notes]


def test_an_xlsx_keeps_row_numbers_and_types_as_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Spend"
    sheet["B3"], sheet["C3"], sheet["D3"] = "Supplier", date(2020, 4, 1), datetime(2020, 4, 1, 9, 30)  # noqa: DTZ001 - worksheets know none
    sheet["B5"], sheet["C5"], sheet["D5"] = 30000.000000000004, True, 778867
    content = read_content(saved(book), "spend.csv")
    assert (content.container, content.reason) == ("xlsx", None)
    grid = content.grids[0]
    assert grid.rows == [
        [],
        [],
        ["", "Supplier", "2020-04-01", "2020-04-01 09:30:00"],
        [],
        ["", "30000", "TRUE", "778867"],
    ]
    assert (grid.sheet, list(grid.lines), grid.physical_lines) == ("Spend", [1, 2, 3, 4, 5], 5)


def test_hidden_sheets_come_last_and_empty_ones_are_noted() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hidden"
    book.active.sheet_state = "hidden"
    book.active["A1"] = "lookup"
    book.create_sheet("Data")["A1"] = "Amount"
    book.create_sheet("Empty")
    content = read_content(saved(book), "x")
    assert [grid.sheet for grid in content.grids] == ["Data", "Empty", "Hidden"]
    assert note_codes(content) == ["sheet_empty", "sheet_hidden"]


def test_errors_in_an_xlsx_are_kept_as_text() -> None:
    book = openpyxl.Workbook()
    book.active.title = "First"
    second = book.create_sheet("Costs & Sums")
    second["A1"], second["C2"] = "Amount", "#REF!"
    content = read_content(saved(book), "x")
    assert content.grids[1].rows == [["Amount"], ["", "", "#REF!"]]
    assert [(note.code, note.line) for note in content.notes if note.code == "sheet_errors"] == [("sheet_errors", 2)]


def test_an_xls_named_csv_is_read_as_what_it_is() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Jun 10")
    sheet.write(0, 0, "Amount")
    sheet.write(2, 1, 199432.67)
    sheet.row(3).set_cell_error(0, "#N/A!")  # the library's own spelling
    content = read_content(saved(book), "june.csv")
    assert (content.container, content.reason) == ("xls", None)
    assert content.grids[0].rows == [["Amount"], [], ["", "199432.67"], ["#N/A"]]


def spreadsheet(rows: list[list[TableCell]], repeats: list[int] | None = None) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Spend")
    for number, cells in enumerate(rows):
        row = TableRow(numberrowsrepeated=repeats[number]) if repeats else TableRow()
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    return saved(document)


def text_cell(text: str, times: int = 1) -> TableCell:
    cell = TableCell(valuetype="string", numbercolumnsrepeated=times)
    cell.addElement(P(text=text))
    return cell


def test_an_ods_named_csv_is_read_as_what_it_is() -> None:
    rows = [
        [text_cell("Date"), text_cell("Amount")],
        [TableCell(valuetype="date", datevalue="2020-04-01"), TableCell(valuetype="float", value=24000.5)],
    ]
    content = read_content(spreadsheet(rows), "april.csv")
    assert (content.container, content.reason) == ("ods", None)
    assert content.grids[0].rows == [["Date", "Amount"], ["2020-04-01", "24000.5"]]


def test_blank_cells_repeated_to_the_edge_of_an_ods_cost_nothing() -> None:
    rows = [[text_cell("Amount"), TableCell(numbercolumnsrepeated=16383)], [TableCell(numbercolumnsrepeated=16384)]]
    content = read_content(spreadsheet(rows, [1, 1048575]), "x")
    assert content.reason is None
    assert content.grids[0].rows == [["Amount"]]


def test_an_ods_that_repeats_a_cell_over_the_whole_sheet_is_not_opened() -> None:
    content = read_content(spreadsheet([[text_cell("x", 16384)]], [1048576]), "x")
    assert content.reason == "too_many_cells"
    assert "row 1048576" in content.detail


def test_a_cell_in_the_last_corner_is_not_opened() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 2
    content = read_content(saved(book), "x")
    assert content.reason == "too_many_cells"
    assert "column 16384" in content.detail


def test_styled_blank_cells_far_out_do_not_count() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Amount"
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    content = read_content(saved(book), "x")
    assert content.reason is None
    assert content.grids[0].rows == [["Amount"]]


def test_an_xls_with_a_far_cell_is_measured_before_it_is_opened() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "x")
    sheet.write(65535, 255, "y")
    content = read_content(saved(book), "x", Limits(sheet_cells=1_000_000))
    assert content.reason == "too_many_cells"
    assert "row 65536 and column 256" in content.detail


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_workbook_cut_short_is_damaged(keep: float) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    data = saved(book)
    content = read_content(data[: int(len(data) * keep)], "x")
    assert (content.reason, content.grids) == ("damaged", [])
    assert content.detail


def test_an_old_workbook_cut_short_raises_nothing() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(500):
        sheet.write(row, 0, f"text {row}")
    data = saved(book)
    for cut in range(0, len(data), 997):
        content = read_content(data[:cut], "x")
        assert content.reason or content.grids


def test_a_workbook_of_nothing_is_empty() -> None:
    assert read_content(saved(openpyxl.Workbook()), "x").reason == "empty_file"
