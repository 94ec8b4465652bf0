"""Files packed with gzip: read within the limits, and explained where they cannot be."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from sources.readers import read_content
from sources.readers.limits import Limits

TEXT = b"Date,Supplier,Amount\n03/04/2024,Acme Ltd,1.00\n"


def test_a_packed_text_is_read_and_noted() -> None:
    content = read_content(gzip.compress(TEXT), "april.csv.gz")
    assert (content.container, content.reason, content.notes[0].code) == ("csv", None, "gzip_unpacked")
    assert content.grids[0].rows[1] == ["03/04/2024", "Acme Ltd", "1.00"]


def test_members_one_after_another_are_one_text() -> None:
    content = read_content(
        gzip.compress(TEXT) + gzip.compress(b"04/04/2024,Bravo Ltd,2.00\n") + b"\0\0", "april.csv.gz"
    )
    assert [row[1] for row in content.grids[0].rows] == ["Supplier", "Acme Ltd", "Bravo Ltd"]


def test_a_packed_file_in_an_archive_is_not_opened() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("april.csv.gz", gzip.compress(TEXT))
    content = read_content(stream.getvalue(), "april.zip")
    assert (content.reason, content.grids) == ("damaged", [])
    assert "archive in an archive" in content.detail


def test_more_than_the_limits_is_not_unpacked() -> None:
    small = Limits(archive_ratio=10, ratio_floor_bytes=1000)
    bomb = gzip.compress(b"a,b,c\n" * 10_000)
    assert read_content(bomb, "bomb.gz", small).reason == "archive_limit"
    assert read_content(bomb + bomb, "bomb.gz", Limits(archive_bytes=70_000)).reason == "archive_limit"
    assert read_content(bomb, "bomb.gz", Limits(file_bytes=10_000)).reason == "too_large"
    assert read_content(bomb, "long.gz").reason is None


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("april.csv", TEXT)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(TEXT)[:-9], "damaged"),
        (gzip.compress(TEXT) + b"more", "damaged"),
        (gzip.compress(gzip.compress(TEXT)), "unknown_format"),
        (gzip.compress(zipped()), "unknown_format"),
        (gzip.compress(b""), "empty_file"),
        (b"\x1f\x8b", "damaged"),
    ],
    ids=["cut short", "trailing", "packed twice", "zip inside", "empty", "no header"],
)
def test_what_cannot_be_unpacked_is_explained(data: bytes, reason: str) -> None:
    content = read_content(data, "april.csv.gz")
    assert (content.reason, content.grids) == (reason, [])
    assert "ublish" in content.detail
