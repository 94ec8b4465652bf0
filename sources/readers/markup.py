"""Tables in web pages and in Excel 2003's XML -> grids. A page that only uses tables for its layout has none to offer."""

from __future__ import annotations

from typing import cast

from lxml import etree, html

from sources.grid import FileContent, Grid
from sources.readers.decode import decode
from sources.readers.limits import Limits

MIN_ROWS = MIN_COLUMNS = 2
MAX_SPAN = 1000
"""Browsers cut a cell's colspan here (HTML standard, section 4.9.11)."""

SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_markup(data: bytes, container: str, limits: Limits) -> FileContent:
    """Every table of at least two rows and two columns. Reasons: web_page, damaged, empty_file, too_many_cells."""
    decoded = decode(data)
    content = FileContent(container, decoded.encoding, notes=decoded.notes)
    text = decoded.data.decode(decoded.codec, errors="replace").encode("utf-8", errors="replace")
    if container == "xml":
        _read_spreadsheet(text, content, limits)
    else:
        _read_page(text, content)
    return content


def _read_page(text: bytes, content: FileContent) -> None:
    # The parser is told the encoding, so that a page's own declaration, often wrong in saved files, does not count.
    root = html.document_fromstring(text or b"<html/>", parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    physical = text.count(b"\n") + 1
    for number, table in enumerate(root.iter("table"), 1):
        rows, lines = [], []
        for row in table.iter("tr"):
            if next(row.iterancestors("table")) is table:
                rows.append(_page_cells(row))
                lines.append(cast("int | None", row.sourceline) or len(rows))
        if len(rows) >= MIN_ROWS and sum(len(row) >= MIN_COLUMNS for row in rows) >= MIN_ROWS:
            # Pages are often written without line ends, and the parser counts no further than 65,535: then rows are counted.
            told = len(set(lines)) == len(lines)
            numbers = lines if told else range(1, len(rows) + 1)
            content.grids.append(Grid(rows, numbers, physical if told else len(rows), sheet=f"table {number}"))
    if not content.grids:
        content.reason = "web_page"
        content.detail = "The file is a web page without a table of payments. Publish the file that the page was about."


def _page_cells(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        cells.append(" ".join("".join(map(str, cell.itertext())).split()))
        span = str(cell.get("colspan", "1")).strip()
        cells += [""] * (min(int(span), MAX_SPAN) - 1 if span.isdecimal() else 0)
    return _without_trailing_blanks(cells)


def _read_spreadsheet(text: bytes, content: FileContent, limits: Limits) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(_without_declaration(text), parser)
    if root is None:
        content.reason, content.detail = "damaged", "The spreadsheet's XML cannot be read. Publish it as CSV."
        return
    for sheet in root.iter(f"{SPREADSHEET}Worksheet"):
        rows: list[list[str]] = []
        for row in sheet.iter(f"{SPREADSHEET}Row"):
            index = _index(row, len(rows) + 1)
            if index > limits.sheet_cells:
                content.reason, content.detail = (
                    "too_many_cells",
                    f"A row is numbered {index}. Publish the file as CSV.",
                )
                content.grids = []
                return
            rows += [[] for _ in range(index - 1 - len(rows))]
            rows.append(_spreadsheet_cells(row))
        name = str(sheet.get(f"{SPREADSHEET}Name", ""))
        content.grids.append(Grid(rows, range(1, len(rows) + 1), len(rows), sheet=name))
    if not any(any(grid.rows) for grid in content.grids):
        content.reason, content.detail = "empty_file", "No sheet holds anything. Publish the file again."


def _without_declaration(text: bytes) -> bytes:
    start = text.find(b"?>") if text.lstrip().startswith(b"<?xml") else -1
    return text[start + 2 :] if start >= 0 else text


def _spreadsheet_cells(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(f"{SPREADSHEET}Cell"):
        index = min(_index(cell, len(cells) + 1), 16384)
        cells += [""] * (index - 1 - len(cells))
        data = cell.find(f"{SPREADSHEET}Data")
        text = "" if data is None else "".join(map(str, data.itertext()))
        is_date = data is not None and data.get(f"{SPREADSHEET}Type") == "DateTime"
        cells.append(text.removesuffix("T00:00:00.000") if is_date else text)
        across = str(cell.get(f"{SPREADSHEET}MergeAcross", "0"))
        cells += [""] * (min(int(across), MAX_SPAN) if across.isdecimal() else 0)
    return _without_trailing_blanks(cells)


def _index(element: etree._Element, otherwise: int) -> int:
    """The number that a row or cell gives itself, where it skips some; never before those already read."""
    given = str(element.get(f"{SPREADSHEET}Index", ""))
    return max(int(given), otherwise) if given.isdecimal() else otherwise


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
