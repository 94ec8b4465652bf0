"""A redacted copy lacks the lines asked for and reads like the original in everything else."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from sources.errors import PublicValueError
from sources.layout.table import row_hashes
from sources.readers import read_content
from sources.redaction import redacted_copy

TEXT = 'Supplier,Amount\r\nAsh Ltd,"1,000.00"\r\n"Beech\nplc",2\r\nÇedar,3\r\nAsh Ltd,"1,000.00"\r\n'
HEAD, ASH, BEECH, CEDAR = ["Supplier", "Amount"], ["Ash Ltd", "1,000.00"], ["Beech\nplc", "2"], ["Çedar", "3"]


def book(*rows: list[str]) -> bytes:
    made = Workbook()
    made.active.title = "April"
    for row in rows:
        made.active.append(row)
    made.create_sheet("Notes").append(["kept"])
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_lines_of_text_become_blank_and_the_others_keep_bytes_and_numbers(encoding: str) -> None:
    copy = redacted_copy(TEXT.encode(encoding), "a.csv", row_hashes([ASH]))
    assert copy == 'Supplier,Amount\r\n\r\n"Beech\nplc",2\r\nÇedar,3\r\n\r\n'.encode(encoding)
    assert redacted_copy(TEXT.encode(encoding), "a.csv", row_hashes([BEECH])) == TEXT.replace(
        '"Beech\nplc",2', "\n"
    ).encode(encoding)


def test_a_file_without_the_lines_stays_as_it_is() -> None:
    assert redacted_copy(TEXT.encode(), "a.csv", row_hashes([["Elm", "4"]])) == TEXT.encode()


def test_a_workbook_becomes_one_of_the_same_sheets_lines_and_cells_without_a_trace() -> None:
    original = book(HEAD, ASH, CEDAR)
    copy = redacted_copy(original, "a.xlsx", row_hashes([ASH]))
    sheets = {
        grid.sheet: {line: row for line, row in zip(grid.lines, grid.rows, strict=True) if any(row)}
        for grid in read_content(copy, "a").grids
    }
    assert sheets == {"April": {1: HEAD, 3: CEDAR}, "Notes": {1: ["kept"]}}
    assert b"Ash" not in copy


def test_an_archive_becomes_one_of_its_readable_members_each_without_the_line() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = b"Ash Ltd"
        archive.writestr("spend/april.csv", TEXT)
        archive.writestr("spend/may [final], revised after the audit.xlsx", book(HEAD, ASH, CEDAR))
        archive.writestr("spend/scan.pdf", b"%PDF-1.7 Ash Ltd")
    copy = redacted_copy(target.getvalue(), "spend.zip", row_hashes([ASH]))
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
        assert archive.comment == b""
    assert sorted(members) == ["spend/april.csv", "spend/may [final], revised after the audit.xlsx"]
    assert members["spend/april.csv"] == 'Supplier,Amount\r\n\r\n"Beech\nplc",2\r\nÇedar,3\r\n\r\n'.encode()
    grids = read_content(copy, "spend.zip").grids
    assert [grid.sheet for grid in grids[1:]] == [
        "spend/may [final], revised after the audit.xlsx/April",
        "spend/may [final], revised after the audit.xlsx/Notes",
    ]
    assert [row for row in grids[1].rows if any(row)] == [HEAD, CEDAR]


def test_two_byte_text_becomes_utf_8() -> None:
    copy = redacted_copy(TEXT.encode("utf-16"), "a.csv", row_hashes([CEDAR]))
    rows = [row for row in read_content(copy, "a").grids[0].rows if any(row)]
    assert CEDAR not in rows
    assert ASH in rows


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_page_becomes_a_plain_one_with_each_row_in_its_line(between: str) -> None:
    rows = between.join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in (HEAD, ASH, CEDAR))
    page = f"<html><!-- Ash --><body>\n<table>{rows}</table></body></html>".encode()
    copy = redacted_copy(page, "a.html", row_hashes([ASH]))
    (before,), (after,) = (read_content(data, "a").grids for data in (page, copy))
    kept = [(line, row) for line, row in zip(before.lines, before.rows, strict=True) if any(row) and row != ASH]
    assert [(line, row) for line, row in zip(after.lines, after.rows, strict=True) if any(row)] == kept
    assert len(kept) == 2
    assert b"Ash" not in copy


def test_where_no_copy_reads_the_same_the_whole_file_is_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("_blank_lines", "_workbook", "_page"):
        monkeypatch.setattr(f"sources.redaction.{way}", lambda *_: b"other")
    with pytest.raises(PublicValueError, match="take down the whole file"):
        redacted_copy(TEXT.encode(), "a.csv", row_hashes([ASH]))
