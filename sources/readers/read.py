"""One file's bytes -> its grids, whatever the bytes are. Chooses the reader; reads nothing itself.

The readers of workbooks, pages and archives are imported when such a file comes: they cost more than a small text file.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sources.grid import FileContent
from sources.readers.delimited import read_delimited
from sources.readers.limits import MIB, Limits
from sources.readers.sniff import Kind, sniff

DEFAULT_LIMITS = Limits()


def read_content(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> FileContent:
    """Take a file apart. Never raises for bad input: there are grids, or a `reason` with a `detail` that says what to do.

    The container is decided by content; `name` only appears in messages.
    """
    if len(data) > limits.file_bytes:
        detail = f"{name} has {len(data) // MIB} MiB; the limit is {limits.file_bytes // MIB} MiB. Publish it in parts."
        return FileContent("unknown", reason="too_large", detail=detail)
    kind = sniff(data)
    if kind.reason:
        return FileContent(kind.container, reason=kind.reason, detail=kind.detail)
    try:
        with _without_collector():
            return _read(data, kind, name, limits)
    except Exception as error:  # noqa: BLE001 - what no reader foresaw is still a finding about this file, not the end of the run
        detail = f"{name} could not be read ({type(error).__name__}: {error}). Publish it as CSV."
        return FileContent(kind.container, reason="damaged", detail=detail)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows are lists of text and form no cycles; the collector would walk millions of them again and again (half the time)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(data: bytes, kind: Kind, name: str, limits: Limits) -> FileContent:
    match kind.container:
        case "xlsx" | "xls" | "ods":
            from sources.readers.workbook import read_workbook  # noqa: PLC0415 - see above

            return read_workbook(data, kind.container, limits)
        case "html" | "xml":
            from sources.readers.markup import read_markup  # noqa: PLC0415 - see above

            return read_markup(data, kind.container, limits)
        case "zip":
            from sources.readers.archive import read_archive  # noqa: PLC0415 - see above

            return read_archive(data, name, limits, read_content)
        case "gzip":
            from sources.readers.gzipped import read_gzip  # noqa: PLC0415 - see above

            return read_gzip(data, name, limits, read_content)
        case _:
            return read_delimited(data)
