"""A copy of a published file without some of its lines, from which every other line is read as before.

Belongs here: bytes and the lines to leave out -> bytes. Does not belong here: which lines (pipelines.suppression), or where
the copy is kept (sources.snapshots).

Text keeps its bytes, and the lines left out become blank, so that line numbers stay. Workbooks become a plain workbook of the
same sheets and cells as text, pages a plain page, since these formats keep copies of a text in places that nobody sees. An
archive becomes one of its members that can be read, each treated so.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial

from sources.errors import PublicValueError
from sources.grid import FileContent, Grid
from sources.layout.table import row_hashes
from sources.readers import read_content
from sources.readers.bounded_zip import member_bytes

LINE_ENDS = re.compile(rb"\r\n|\r|\n")

Place = tuple[str, int, int]
"""Sheet, line, and which row of that line: a page may hold all its rows in one."""


def redacted_copy(data: bytes, name: str, hashes: Collection[str]) -> bytes:
    """`data` without the rows whose row_hash is in `hashes`.

    Raises PublicValueError where no copy can be made from which everything else reads the same.
    """
    content = read_content(data, name)
    cells, gone = _cells(content, hashes)
    if not gone:
        return data
    wanted = _without(cells, gone)
    for make in (_blank_lines, partial(_archive, hashes=hashes), _workbook, _page):
        copy = make(data, content, gone)
        if copy is not None and _cells(read_content(copy, name), hashes) == (wanted, set()):
            return copy
    raise PublicValueError(
        f"{name}: its lines cannot be taken out one by one; take down the whole file with `publicvalue suppress --snapshot`"
    )


def _without(cells: dict[Place, list[str]], gone: set[Place]) -> dict[Place, list[str]]:
    """The cells that stay; rows that shared a line with one that went move up within it."""
    left: dict[Place, list[str]] = {}
    seen: Counter[tuple[str, int]] = Counter()
    for place, row in cells.items():
        if place not in gone:
            left[place[0], place[1], seen[place[:2]]] = row
            seen[place[:2]] += 1
    return left


def _cells(content: FileContent, hashes: Collection[str]) -> tuple[dict[Place, list[str]], set[Place]]:
    """Rows that hold anything, by sheet and line, without trailing empty cells; and the places of those to leave out."""
    found: dict[Place, list[str]] = {}
    gone = set()
    for grid in content.grids:
        for (place, row), value in zip(_places(grid), row_hashes(grid.rows), strict=True):
            kept = list(row)
            while kept and not kept[-1]:
                kept.pop()
            if kept:
                found[place] = kept
                if value in hashes:
                    gone.add(place)
    return found, gone


def _places(grid: Grid) -> Iterator[tuple[Place, list[str]]]:
    seen: Counter[int] = Counter()
    for line, row in zip(grid.lines, grid.rows, strict=True):
        yield (grid.sheet, line, seen[line]), row
        seen[line] += 1


def _blank_lines(data: bytes, content: FileContent, gone: set[Place]) -> bytes | None:
    """None where the file is no text. Text of two bytes a character is given back as UTF-8."""
    if not content.delimiter or len(content.grids) != 1:
        return None
    if b"\0" in data:
        try:
            data = data.decode(content.encoding).encode()
        except (LookupError, UnicodeError):
            return None
    starts = sorted({*content.grids[0].lines})
    following = dict(zip(starts, [*starts[1:], None], strict=True))
    ends = [*LINE_ENDS.finditer(data)]
    lines = [
        data[start:end]
        for start, end in zip(
            [0, *(one.end() for one in ends)], [*(one.start() for one in ends), len(data)], strict=True
        )
    ]
    for _, line, _ in gone:
        after = following[line] or len(lines) + 1
        for place in range(line - 1, min(after - 1, len(lines))):
            lines[place] = b""
    marks = [*(one.group() for one in ends), b""]
    return b"".join(text + mark for text, mark in zip(lines, marks, strict=True))


def _archive(
    data: bytes,
    content: FileContent,
    _gone: set[Place],
    *,
    hashes: Collection[str],
) -> bytes | None:
    """None where the file is no archive. Members that cannot be read are left out: nobody can say what they hold."""
    if content.container != "zip":
        return None
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            if any(grid.sheet == name or grid.sheet.startswith(f"{name}/") for grid in content.grids):
                copy.writestr(
                    zipfile.ZipInfo(name), redacted_copy(member_bytes(archive, archive.getinfo(name)), name, hashes)
                )
    return target.getvalue()


def _workbook(_data: bytes, content: FileContent, gone: set[Place]) -> bytes | None:
    """None where the file is an archive, whose members' names are no names of sheets."""
    if content.container == "zip":
        return None
    from openpyxl import Workbook  # noqa: PLC0415 - only a takedown pays for it

    book = Workbook()
    book.remove(book.active)
    for place, grid in enumerate(content.grids):
        sheet = book.create_sheet(grid.sheet or f"Sheet{place + 1}")
        sheet.sheet_state = "hidden" if grid.is_hidden else "visible"
        for row_place, row in _places(grid):
            if row_place in gone:
                continue
            for column, text in enumerate(row, start=1):
                if text:
                    cell = sheet.cell(row=row_place[1], column=column)
                    cell.value, cell.data_type = text, "s"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _page(_data: bytes, content: FileContent, gone: set[Place]) -> bytes | None:
    """A page with the same tables, each row in its line; None where the file is no page."""
    if content.container not in {"html", "xml"}:
        return None
    parts, at = ["<html><body>"], 1
    for grid in content.grids:
        parts.append("<table>")
        for place, row in _places(grid):
            parts.append("\n" * (place[1] - at))
            at = max(at, place[1])
            if place not in gone:
                parts.append(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()
