from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest

from sources.readers import Limits, read_content
from sources.readers.archive import is_unsafe

CSV = b"Supplier,Amount\r\nSmith,5\r\n"


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "May"
    book.active["A1"] = "Supplier"
    book.save(stream)
    return stream.getvalue()


def test_each_member_gives_its_grids_under_its_name() -> None:
    content = read_content(
        zipped({"april.csv": CSV, "q2/may.xlsx": workbook(), "__MACOSX/._april.csv": b"\0\5\x16\7"}), "all.zip"
    )
    assert (content.container, content.reason, content.encoding, content.delimiter) == ("zip", None, "utf-8", ",")
    assert [grid.sheet for grid in content.grids] == ["april.csv", "q2/may.xlsx/May"]
    assert content.grids[0].rows == [["Supplier", "Amount"], ["Smith", "5"]]
    assert content.notes == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b.csv", "..\\b.csv", "C:\\b.csv"])
def test_a_member_with_an_unsafe_name_is_skipped_and_noted(name: str) -> None:
    assert is_unsafe(name)
    content = read_content(zipped({name: CSV, "safe.csv": CSV}), "x.zip")
    assert [grid.sheet for grid in content.grids] == ["safe.csv"]
    assert [note.code for note in content.notes] == ["archive_path"]


def test_an_archive_of_unsafe_names_only_has_that_reason() -> None:
    assert read_content(zipped({"../a.csv": CSV}), "x.zip").reason == "archive_path"


def test_members_that_cannot_be_read_leave_the_others_be() -> None:
    content = read_content(zipped({"a.pdf": b"%PDF-1.4", "b.csv": CSV, "c.zip": zipped({"d.csv": CSV})}), "x.zip")
    assert [grid.sheet for grid in content.grids] == ["b.csv"]
    assert [note.code for note in content.notes] == ["archive_member_unreadable"] * 2


def test_a_bomb_is_not_opened() -> None:
    content = read_content(zipped({"bomb.csv": b"0" * 20_000_000}), "x.zip")
    assert (content.reason, content.grids) == ("archive_limit", [])
    assert "times its size" in content.detail


def test_the_ratio_counts_for_each_member() -> None:
    noise = bytes((number * 7919 + number // 251) % 251 for number in range(400_000))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("noise.csv", noise, zipfile.ZIP_STORED)
        archive.writestr("bomb.csv", b"0" * 3_000_000, zipfile.ZIP_DEFLATED)
    assert read_content(stream.getvalue(), "x.zip").reason == "archive_limit"


def test_the_unpacked_size_and_the_number_of_members_are_limited() -> None:
    data = zipped({f"{number}.csv": CSV for number in range(5)})
    assert read_content(data, "x.zip", Limits(archive_members=4)).reason == "archive_limit"
    assert read_content(data, "x.zip", Limits(archive_bytes=100)).reason == "archive_limit"
    assert read_content(data, "x.zip", Limits(archive_members=5)).reason is None


def test_a_header_that_understates_a_member_is_found_out() -> None:
    text = b"0,1\n" * 1_000_000
    data = bytearray(zipped({"bomb.csv": text}))
    # The checksum is made to fit, so that only the length can tell.
    for true, false in ((len(text), 50), (zlib.crc32(text), zlib.crc32(text[:51]))):
        for _ in range(2):
            at = data.index(struct.pack("<I", true))
            data[at : at + 4] = struct.pack("<I", false)
    content = read_content(bytes(data), "x.zip")
    assert (content.reason, content.grids) == ("damaged", [])
    assert "more than it declares" in content.detail


def test_a_workbook_bomb_is_not_opened() -> None:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<x>" + b" " * 50_000_000 + b"</x>")
    assert read_content(stream.getvalue(), "x.xlsx").reason == "archive_limit"


def test_an_encrypted_member_is_noted() -> None:
    data = bytearray(zipped({"a.csv": CSV}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    assert read_content(bytes(data), "x.zip").reason == "encrypted"


def test_an_empty_archive_is_empty() -> None:
    assert read_content(zipped({}), "x.zip").reason == "empty_file"
