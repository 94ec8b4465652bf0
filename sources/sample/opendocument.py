"""OpenDocument spreadsheets written by hand, since odfpy's bytes depend on what the process wrote before.

Does not belong here: what stands in the cells.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
FIXED_TIME = (2025, 4, 1, 0, 0, 0)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def spreadsheet(sheets: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """Bytes of a workbook with these sheets of text cells, each a name and its rows. The same sheets give the same bytes."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_row, rows))}</table:table>" for name, rows in sheets
    )
    content = (
        f'{DECLARATION}<office:document-content xmlns:office="{NAMESPACE}:office:1.0" xmlns:table="{NAMESPACE}:table:1.0"'
        f' xmlns:text="{NAMESPACE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'{DECLARATION}<manifest:manifest xmlns:manifest="{NAMESPACE}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        # The type of the document comes first and unpacked, so that it can be told from the first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", FIXED_TIME), MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("content.xml", FIXED_TIME), content, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml", FIXED_TIME), manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _row(cells: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells or ['']))}</table:table-row>"


def _cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
