"""Drafts to bytes: each row with the line or sheet row at which it came to stand. Same draft, same bytes."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from dataclasses import dataclass

from sources.sample.drafts import Draft, Row
from sources.sample.opendocument import spreadsheet

FIXED_TIME = (2025, 4, 1, 0, 0, 0)
"""Time stamp of all members of archives and workbooks, so that the same sample is the same bytes."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of a written file: its sheet and line, as a reader has to report them."""

    sheet: str
    line: int
    row: Row


def write(draft: Draft) -> tuple[bytes, list[Placed]]:
    """The file's bytes and where each row stands in it."""
    rows = draft.rows()
    if draft.container in {"pdf", "empty", "web_page"}:
        return _NOT_TABLES[draft.container], []
    if draft.container in {"xlsx", "xls", "ods"}:
        sheets = [(draft.sheet, rows, False), *draft.more_sheets]
        data = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}[draft.container](sheets)
        placed = [Placed(name, at, row) for name, sheet, _ in sheets for at, row in enumerate(sheet, 1)]
    elif draft.container == "html":
        data, placed = _html(rows), [Placed("table 1", at + 5, row) for at, row in enumerate(rows)]
    else:
        data, placed = _text(draft, rows)
    return (_zip(draft.sheet, data) if draft.container == "zip" else data), placed


def _text(draft: Draft, rows: list[Row]) -> tuple[bytes, list[Placed]]:
    out, placed, line = io.StringIO(), [], 1
    writer = csv.writer(out, delimiter=draft.delimiter, lineterminator=draft.newline)
    for row in rows:
        placed.append(Placed(draft.sheet, line, row))
        line += 1 + sum(cell.count("\n") for cell in row.cells)
        if row.cells:
            writer.writerow(row.cells)
        else:
            out.write(draft.newline)
    data = out.getvalue().encode(draft.encoding)
    for change in draft.after_encoding:
        data = change(data)
    return data, placed


def _html(rows: list[Row]) -> bytes:
    """One row a source line, the first at line 5."""
    head = ["<!DOCTYPE html>", "<html><head><title>SAMPLE DATA</title></head><body>", "<h1>SAMPLE DATA</h1>", "<table>"]
    body = [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row.cells)}</tr>" for row in rows]
    return "\n".join([*head, *body, "</table></body></html>"]).encode()


def _xlsx(sheets: list[tuple[str, list[Row], bool]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that only workbooks pay

    book = Workbook()
    book.remove(book.active)
    for name, rows, hidden in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if hidden else "visible"
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row.cells, 1):
                if value:
                    sheet.cell(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return _restamped(out.getvalue())


def _xls(sheets: list[tuple[str, list[Row], bool]]) -> bytes:
    import xlwt  # noqa: PLC0415

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows, _ in sheets:
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row.cells):
                if value:
                    sheet.write(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(sheets: list[tuple[str, list[Row], bool]]) -> bytes:
    return spreadsheet([(name, [row.cells for row in rows]) for name, rows, _ in sheets])


def _restamped(data: bytes) -> bytes:
    """An archive with every time stamp set to FIXED_TIME, inside its documents too."""
    stamp = "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}Z".format(*FIXED_TIME).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename in {"docProps/core.xml", "meta.xml"}:
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?", stamp, content)
            info = zipfile.ZipInfo(member.filename, FIXED_TIME)
            info.compress_type, info.external_attr = member.compress_type, 0o644 << 16
            target.writestr(info, content)
    return out.getvalue()


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_NOT_TABLES = {
    "pdf": b"%PDF-1.4\n% SAMPLE DATA\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n",
    "empty": b"",
    "web_page": b"<!DOCTYPE html>\n<html><head><title>SAMPLE DATA: page not found</title></head>"
    b"<body><h1>Page not found</h1><p>SAMPLE DATA</p></body></html>\n",
}
