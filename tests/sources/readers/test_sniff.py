from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.readers.sniff import sniff
from sources.schema.model import codes


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), text)
    return stream.getvalue()


def ole(*names: str) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


@pytest.mark.parametrize(
    ("data", "container", "reason"),
    [
        (b"", "empty", "empty_file"),
        (b"Department,Amount\r\n", "csv", None),
        (b"\xff\xfea\0,\0b\0\n\0", "csv", None),
        (b"BMW Group,5\r\n", "csv", None),
        (b"%PDF-1.4\n%...", "pdf", "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image", "image"),
        (b"{\\rtf1 text}", "doc", "word_document"),
        (b"\x1f\x8b\x08...", "gzip", None),
        (bytes(range(1, 32)) * 20, "unknown", "unknown_format"),
        (b"\n<!DOCTYPE html PUBLIC>\n<html></html>", "html", None),
        (b"<table><tr><td>1</td></tr></table>", "html", None),
        (b"<?xml version='1.0'?><feed/>", "unknown", "unknown_format"),
        (zipped(a="x"), "zip", None),
        (zipped(TYPES="x", xl__workbook="x"), "xlsx", None),
        (zipped(TYPES="x", word__document="x"), "doc", "word_document"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods", None),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "doc", "word_document"),
        (b"PK\x03\x04 cut short", "zip", "damaged"),
        (ole("Root Entry", "Workbook"), "xls", None),
        (ole("Root Entry", "Book"), "xls", None),
        (ole("Root Entry", "WordDocument"), "doc", "word_document"),
        (ole("Root Entry", "EncryptedPackage"), "xlsx", "encrypted"),
        (ole("Root Entry"), "unknown", "unknown_format"),
    ],
)
def test_the_container_is_told_by_content(data: bytes, container: str, reason: str | None) -> None:
    kind = sniff(data)
    assert (kind.container, kind.reason) == (container, reason)
    assert bool(kind.detail) == bool(reason)


@given(st.binary(max_size=200))
def test_any_bytes_are_of_some_declared_kind(data: bytes) -> None:
    kind = sniff(data)
    assert kind.container in codes("containers")
    assert kind.reason is None or kind.reason in codes("file_reasons")
