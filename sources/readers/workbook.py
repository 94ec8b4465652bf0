"""Workbooks (XLSX, XLS, ODS) -> one grid a sheet, visible sheets first. What may be opened is decided in workbook_guard."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeVar

import python_calamine as calamine

from sources.grid import FileContent, Grid, Note
from sources.readers.bounded_zip import BROKEN, ArchiveLimitError
from sources.readers.cells import cell_text
from sources.readers.limits import Limits
from sources.readers.workbook_guard import SheetErrors, TooManyCellsError, check_workbook

MAX_DETAIL = 200
T = TypeVar("T")


class _UnreadableError(Exception):
    """The library could not read a workbook or a sheet."""


def read_workbook(data: bytes, container: str, limits: Limits) -> FileContent:
    """Every sheet as a grid of text; row numbers are the sheet's own. Reasons: encrypted, damaged, too_many_cells, archive_limit."""
    content = FileContent(container)
    try:
        errors = check_workbook(data, container, limits)
        book = _guarded(lambda: calamine.load_workbook(io.BytesIO(data)))
    except TooManyCellsError as error:
        content.reason = "too_many_cells"
        content.detail = f"{error}. Delete the blank rows and columns after the data, and publish the file again."
    except ArchiveLimitError as error:
        content.reason = "archive_limit"
        content.detail = f"The workbook is not opened: {error}. Publish it as CSV."
    except calamine.PasswordError:
        content.reason, content.detail = "encrypted", "The workbook is protected by a password. Publish it without one."
    except (_UnreadableError, *BROKEN) as error:
        content.reason = "damaged"
        content.detail = (
            f"The workbook cannot be opened ({str(error)[:MAX_DETAIL]}). Save it again, or publish it as CSV."
        )
    else:
        _read_sheets(book, content, errors, limits)
    return content


def _guarded(call: Callable[[], T]) -> T:
    """The library's own errors, and the panics of the Rust code under it, which are no Exceptions."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError, calamine.PasswordError):
        raise
    except BaseException as error:
        raise _UnreadableError(f"{type(error).__name__}: {error}") from error


def _read_sheets(book: calamine.CalamineWorkbook, content: FileContent, errors: SheetErrors, limits: Limits) -> None:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = calamine.SheetVisibleEnum.Visible
    for sheet in sorted(sheets[: limits.sheet_count], key=lambda sheet: sheet.visible != visible):
        if sheet.visible != visible:
            content.notes.append(Note("sheet_hidden", f"Sheet {sheet.name!r} is hidden."))
        try:
            grid = _guarded(lambda name=sheet.name: _grid(book, name))  # type: ignore[misc]
        except _UnreadableError as error:
            content.notes.append(
                Note("sheet_unreadable", f"Sheet {sheet.name!r} cannot be read ({str(error)[:MAX_DETAIL]}).")
            )
            continue
        grid.is_hidden = sheet.visible != visible
        _put_errors(grid, errors.get(sheet.name, {}), content.notes)
        if not any(grid.rows):
            content.notes.append(Note("sheet_empty", f"Sheet {sheet.name!r} is empty."))
        content.grids.append(grid)
    if not any(any(grid.rows) for grid in content.grids):
        unreadable = [note for note in content.notes if note.code == "sheet_unreadable"]
        content.reason = "damaged" if unreadable else "empty_file"
        content.detail = (
            unreadable[0].detail if unreadable else "No sheet of the workbook holds anything. Publish it again."
        )


def _grid(book: calamine.CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    # Rows come from the sheet's first one, cells from the first column that is used.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    rows = []
    for cells in sheet.iter_rows():
        row = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        rows.append(left + row if row else row)
    return Grid(rows, range(1, len(rows) + 1), len(rows), sheet=name)


def _put_errors(grid: Grid, errors: dict[tuple[int, int], str], notes: list[Note]) -> None:
    """Cells that hold `#REF!` and the like, which the library gives as blank."""
    for (row, column), text in sorted(errors.items()):
        while len(grid.rows) <= row:
            grid.rows.append([])
        cells = grid.rows[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = cells[column] or text
    if errors:
        grid.lines, grid.physical_lines = range(1, len(grid.rows) + 1), len(grid.rows)
        first = min(errors)[0] + 1
        notes.append(Note("sheet_errors", f"Sheet {grid.sheet!r} holds {len(errors)} cells with errors.", first))
