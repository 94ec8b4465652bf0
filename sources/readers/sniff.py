"""Which container bytes are, by their content and never by a file's name."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

HEAD = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

# Control characters that text does not hold; tab, line ends, form feed, escape and the old end-of-file mark may occur.
CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\x0b\x0c\r\x1a\x1b")) + b"\x7f"


class Kind(NamedTuple):
    """`container` is a code of schema/codes/containers; `reason` is set where nothing more can be read from it."""

    container: str
    reason: str | None = None
    detail: str = ""


PDF = Kind("pdf", "pdf", "The file is a PDF document. Publish the table behind it as CSV.")
DOCUMENT = Kind("doc", "word_document", "The file is a word processor's document. Publish the table in it as CSV.")
IMAGE = Kind("image", "image", "The file is a picture. Publish the table behind it as CSV.")
EMPTY = Kind("empty", "empty_file", "The file has no bytes. Publish the file again.")
UNKNOWN = Kind("unknown", "unknown_format", "The bytes are of no format that we know. Publish the file as CSV.")

BINARY_WORKBOOK = Kind("xlsx", "unknown_format", "The file is a binary workbook (XLSB). Save it as XLSX or CSV.")

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF87a", IMAGE),
    (b"GIF89a", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
    (b"{\\rtf", DOCUMENT),
    (
        b"7z\xbc\xaf\x27\x1c",
        Kind("unknown", "unknown_format", "The file is a 7z archive. Publish it unpacked, or as zip."),
    ),
    (b"Rar!\x1a\x07", Kind("unknown", "unknown_format", "The file is a RAR archive. Publish it unpacked, or as zip.")),
)


def sniff(data: bytes) -> Kind:
    """The kind of the bytes. Text of whatever sort, tables or not, is `csv`."""
    if not data:
        return EMPTY
    if data.startswith(ZIP):
        return _zip_kind(data)
    if data.startswith(GZIP):
        return Kind("gzip")
    if data.startswith(OLE):
        return _ole_kind(data)
    return _signed_kind(data) or _text_kind(data)


def _signed_kind(data: bytes) -> Kind | None:
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return IMAGE
    return PDF if b"%PDF-" in data[:1024] else None


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:100] if names[:1] == ["mimetype"] and _is_short(archive) else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        detail = (
            "The file is a zip archive or a workbook whose directory is damaged, perhaps cut short. Publish it again."
        )
        return Kind("zip", "damaged", detail)
    if mimetype:
        return Kind("ods") if b"spreadsheet" in mimetype else DOCUMENT
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            return BINARY_WORKBOOK
        if any(name.startswith("xl/") for name in names):
            return Kind("xlsx")
        return DOCUMENT
    return Kind("zip")


def _is_short(archive: zipfile.ZipFile) -> bool:
    return archive.infolist()[0].file_size < 1000


def _ole_kind(data: bytes) -> Kind:
    """By the names in the container's directory, which are UTF-16."""
    if _has_entry(data, "EncryptedPackage"):
        return Kind("xlsx", "encrypted", "The workbook is protected by a password. Publish it without one.")
    if _has_entry(data, "Workbook") or _has_entry(data, "Book"):
        return Kind("xls")
    if _has_entry(data, "WordDocument"):
        return DOCUMENT
    return UNKNOWN


def _has_entry(data: bytes, name: str) -> bool:
    # Entries of a directory are 128 bytes and begin with 64 bytes of name, padded with zeros.
    padded = name.encode("utf-16-le").ljust(64, b"\0")
    at = data.find(padded)
    while at >= 0 and at % 128:
        at = data.find(padded, at + 1)
    return at >= 0


def _text_kind(data: bytes) -> Kind:
    head = data[:HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[1:2] == b"\0" or head[:1] == b"\0":
        head = head.replace(b"\0", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            return Kind("xml")
        if (
            re.match(rb"<(?:!doctype html|html|head|body|table|div|meta|!--)", start)
            or b"<table" in start
            or b"<html" in start
        ):
            return Kind("html")
        if start.startswith(b"<?xml"):
            return Kind(
                "unknown", "unknown_format", "The file is XML of a kind that holds no worksheet. Publish it as CSV."
            )
    text = head.replace(b"\0", b"")
    controls = len(text) - len(text.translate(None, CONTROLS))
    if controls > max(8, len(text) // 50):
        return UNKNOWN
    return Kind("csv")
