"""What a workbook would take in memory, found before it is opened: the library lays every sheet out as a full rectangle.

Also finds the cells that hold errors (`#REF!`), which the library gives as blank. Each check errs on the side of more.
"""

from __future__ import annotations

import io
import re
import zipfile

from sources.readers.bounded_zip import check_declared, member_bytes
from sources.readers.limits import Limits
from sources.readers.xls_records import scan_xls

SheetErrors = dict[str, dict[tuple[int, int], str]]
"""Sheet name -> (row, column) from 0 -> the error as the spreadsheet shows it."""

REFERENCE = re.compile(rb"r(?<![\w:]r)\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW_END = re.compile(rb"</(?:\w+:)?row>")
BLANK_CELL = re.compile(rb"<(?:\w+:)?c(?:\s+[A-Za-z]+=\"[^\"<>]*\")*\s*(?:/>|></(?:\w+:)?c>)")
ERROR_CELL = re.compile(
    rb"<c r=\"([A-Z]+)(\d+)\"[^<>]*\bt=\"e\"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>"
)

ODS_TOKEN = re.compile(rb"<table:table[\s>]|<(/?)table:table-row\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*)>")
ODS_REPEAT = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d+)")


class TooManyCellsError(Exception):
    """A sheet would be larger than the limit; the message says how large. Handled inside sources.readers."""


def check_workbook(data: bytes, container: str, limits: Limits) -> SheetErrors:
    """Raises TooManyCellsError, ArchiveLimitError or one of bounded_zip.BROKEN; the sheets' error cells otherwise."""
    if container == "xls":
        sizes, errors = scan_xls(data)
        for name, (rows, columns) in sizes.items():
            _check_size(name, rows, columns, limits)
        return errors
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_declared(
            archive.infolist(),
            limits.workbook_bytes,
            limits.workbook_ratio,
            limits.ratio_floor_bytes,
            limits.workbook_parts,
        )
        # Every part is unpacked once here, so that the library, which trusts the headers, meets none that lies.
        if container == "ods":
            return _check_ods(archive, limits)
        return _check_xlsx(archive, limits)


def _check_size(name: str, rows: int, columns: int, limits: Limits) -> None:
    if rows * columns > limits.sheet_cells:
        raise TooManyCellsError(
            f"Sheet {name!r} reaches to row {rows} and column {columns}; that is over {limits.sheet_cells} cells"
        )


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_xlsx(archive: zipfile.ZipFile, limits: Limits) -> SheetErrors:
    found: dict[str, dict[tuple[int, int], str]] = {}
    for info in archive.infolist():
        part = member_bytes(archive, info)
        if not info.filename.endswith(".xml") or info.filename.endswith("sharedStrings.xml"):
            continue
        rows, columns = _xlsx_extent(part)
        if rows * columns > limits.sheet_cells:
            rows, columns = _xlsx_extent(BLANK_CELL.sub(b"", part))
        _check_size(info.filename, rows, columns, limits)
        if b't="e"' in part:
            found[info.filename] = {
                (int(row) - 1, column_number(letters) - 1): text.decode("utf-8", errors="replace")
                for letters, row, text in ERROR_CELL.findall(part)
            }
    return _by_sheet_name(archive, found) if found else {}


def _xlsx_extent(part: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell; cells and rows without a reference of their own follow the one before."""
    named = 0
    rows, columns = set(), set()
    for match in REFERENCE.finditer(part):
        letters, row = match.groups()
        rows.add(row)
        if letters:
            columns.add(letters)
            named += 1
    height = max(map(int, rows), default=0)
    width = max(map(column_number, columns), default=0)
    # Counting two characters is quick and finds at least every cell; only a surplus is worth the exact search.
    at_least = part.count(b"<c") + part.count(b":c") - part.count(b"<col")
    if at_least > named and len(CELL.findall(part)) > named:
        height += len(ROW_END.findall(part))
        width += max(len(CELL.findall(row)) for row in ROW_END.split(part))
    return height, width


def _by_sheet_name(archive: zipfile.ZipFile, found: SheetErrors) -> SheetErrors:
    from lxml import etree  # noqa: PLC0415 - only workbooks with errors need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): str(link.get("Target", "")) for link in links.iter("{*}Relationship")}
    named: SheetErrors = {}
    for sheet in book.iter("{*}sheet"):
        identifier = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = targets.get(identifier, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in found:
            named[str(sheet.get("name"))] = found[part]
    return named


def _check_ods(archive: zipfile.ZipFile, limits: Limits) -> SheetErrors:
    for info in archive.infolist():
        part = member_bytes(archive, info)
        if info.filename == "content.xml":
            for rows, columns in _ods_extents(part):
                _check_size("of the file", rows, columns, limits)
    return {}


def _ods_extents(part: bytes) -> list[tuple[int, int]]:
    """Rows and columns of each table up to the last cell that holds something; blanks after it cost nothing."""
    extents: list[tuple[int, int]] = []
    rows = columns = pending_rows = position = filled = repeat = 0
    for token in ODS_TOKEN.finditer(part):
        closing, row, cell = token.groups()
        attributes = row if row is not None else cell or b""
        if (attributes.count(b'"') + attributes.count(b"'")) % 2:
            raise zipfile.BadZipFile("content.xml has an attribute that holds a closing bracket")
        found = ODS_REPEAT.search(attributes)
        times = int(found.group(1)) if found else 1
        if cell is not None:
            position += times
            if not cell.endswith(b"/") or b"office:" in cell or b"formula" in cell:
                filled = position
        elif closing:
            pending_rows += repeat
            if filled:
                rows, columns, pending_rows = rows + pending_rows, max(columns, filled), 0
        elif row is not None:
            position, filled, repeat = 0, 0, times
            pending_rows += times if row.endswith(b"/") else 0
        else:
            extents.append((rows, columns))
            rows = columns = pending_rows = 0
    return [*extents, (rows, columns)]
