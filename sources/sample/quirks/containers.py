"""What the file is, whatever its name says."""

from __future__ import annotations

from collections import Counter

from sources.sample.drafts import Draft, Row


def xlsx(draft: Draft) -> None:
    """An Excel workbook, with an empty second sheet."""
    draft.container, draft.sheet, draft.name = "xlsx", "Spend", draft.name.replace(".csv", ".xlsx")
    draft.more_sheets.append(("Sheet2", [], False))


def xls(draft: Draft) -> None:
    """An old Excel workbook."""
    draft.container, draft.sheet, draft.name = "xls", "Sheet1", draft.name.replace(".csv", ".xls")


def ods(draft: Draft) -> None:
    """An OpenDocument spreadsheet."""
    draft.container, draft.sheet, draft.name = "ods", "Sheet1", draft.name.replace(".csv", ".ods")


def xls_saved_as_csv(draft: Draft) -> None:
    """An old Excel workbook whose name ends in .csv."""
    draft.container, draft.sheet = "xls", "Sheet1"


def csv_saved_as_xls(draft: Draft) -> None:
    """Comma-separated text whose name ends in .xls."""
    draft.name = draft.name.replace(".csv", ".xls")


def html_saved_as_csv(draft: Draft) -> None:
    """A web page with the table in it, saved under a .csv name."""
    draft.container = "html"


def web_page(draft: Draft) -> None:
    """A web page without a table: what a server sends in place of a file that moved."""
    draft.container, draft.lines = "web_page", []
    draft.expected |= {"status": "unreadable", "reason": "web_page"}


def semicolons(draft: Draft) -> None:
    """Semicolons between the cells."""
    draft.delimiter = ";"


def tabs(draft: Draft) -> None:
    """Tabs between the cells."""
    draft.delimiter = "\t"


def zipped(draft: Draft) -> None:
    """The file inside an archive."""
    draft.sheet, draft.container, draft.name = draft.name, "zip", draft.name.replace(".csv", ".zip")


def pdf(draft: Draft) -> None:
    """A PDF document."""
    draft.container, draft.lines, draft.name = "pdf", [], draft.name.replace(".csv", ".pdf")
    draft.expected |= {"status": "unreadable", "reason": "pdf"}


def wrong_document(draft: Draft) -> None:
    """Another text altogether under the file's name."""
    draft.lines = []
    words = ["Minutes of the make-believe board", "SAMPLE DATA", "Present: nobody", "The board agreed to meet again."]
    draft.after_rendering.append(lambda _rows: [Row([text], "not_table") for text in words])
    draft.expected |= {"status": "unreadable", "reason": "no_table"}


def empty_file(draft: Draft) -> None:
    """No bytes at all."""
    draft.container, draft.lines = "empty", []
    draft.expected |= {"status": "unreadable", "reason": "empty_file"}


def hidden_sheet(draft: Draft) -> None:
    """A workbook whose hidden sheet holds a working copy of the lines."""
    xlsx(draft)
    copy = [Row(list(draft.heads.values()), "hidden_sheet")]
    copy += [Row([draft.cell(name, line) for name in draft.heads], "hidden_sheet") for line in draft.lines[:5]]
    draft.more_sheets.append(("Working copy", copy, True))


def sheet_of_sums(draft: Draft) -> None:
    """A workbook with a sheet of sums by area beside the payments that they add up."""
    xlsx(draft)
    sums: Counter[str] = Counter()
    for line in draft.lines:
        sums[line.expense_area] += line.pence or 0
    rows = [Row([area, f"{pence / 100:.2f}"], "summary") for area, pence in sorted(sums.items())]
    draft.more_sheets.append(("Summary", [Row(["Expense area", "Total spend"], "header"), *rows], False))


def semicolons_in_some_lines(draft: Draft) -> None:
    """Commas between the cells, but for the last two lines, which another system wrote with semicolons."""

    def divide(rows: list[Row]) -> list[Row]:
        return [*rows[:-2], *(Row([";".join(row.cells)], "note") for row in rows[-2:])]

    draft.after_rendering.append(divide)
