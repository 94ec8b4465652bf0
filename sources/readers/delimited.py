"""Delimited text -> one grid. Every physical line belongs to exactly one row.

The csv module reads the whole file in one pass. Where quotation marks look wrong, sources.readers.quotes reads it again
with more care, several times slower.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from sources.grid import FileContent, Grid, Note
from sources.readers.decode import Decoded, decode
from sources.readers.delimiter import SAMPLE_ROWS, declared_delimiter, find_delimiter
from sources.readers.notes import line_at
from sources.readers.quotes import SENTINEL, reread
from sources.readers.shape import mixed_delimiters, phantom_columns
from sources.readers.wrapped import unwrap_formulas, unwrap_lines

# The module's own limit of 131,072 characters raises in the middle of a file; the file's size is the limit here.
csv.field_size_limit(2**31 - 1)

LARGE = 4 * 1024 * 1024
"""Bytes from which on equal cells share one object. In smaller files all of them are at hand anyway."""
TEXTS_SHARED = 100_000

LINE_ENDS = {"CR LF": rb"\r\n", "CR": rb"\r(?!\n)", "LF": rb"(?<!\r)\n"}


def read_delimited(data: bytes) -> FileContent:
    """Read text of any encoding and delimiter. Never raises for bad input; an empty text has reason `empty_file`."""
    decoded = decode(data)
    content = FileContent("csv", decoded.encoding, notes=decoded.notes)
    if not decoded.data.strip():
        content.reason, content.detail = "empty_file", "The file holds only blanks. Publish the file again."
        return content
    sample = _sample(decoded)
    declared = declared_delimiter(sample[0])
    if declared:
        content.notes.append(Note("delimiter_declared", "The first line declares the delimiter.", 1))
    content.delimiter = declared or find_delimiter(sample)
    plain = _plain_rows(decoded, content.delimiter)
    if plain is not None:
        grid = Grid(plain, range(1, len(plain) + 1), len(plain))
    else:
        grid, notes = _careful_grid(decoded, content.delimiter)
        content.notes += line_end_notes(decoded.data, grid.physical_lines) + notes
    content.grids = [grid]
    if b'"' in decoded.data:
        content.notes += unwrap_lines(grid)
        if b'="' in decoded.data:
            content.notes += unwrap_formulas(grid)
    content.notes += _shape_notes(grid, content.delimiter)
    return content


def line_end_notes(data: bytes, physical_lines: int) -> list[Note]:
    """Notes on line ends other than LF or CR LF throughout."""
    returns, feeds = data.count(b"\r"), data.count(b"\n")
    # Each line but an unfinished last one ends in one of three ways, so the pairs need not be searched for.
    pairs = returns + feeds - (physical_lines - (not data.endswith((b"\r", b"\n"))))
    counts = {"CR LF": pairs, "CR": returns - pairs, "LF": feeds - pairs}
    present = [kind for kind, count in counts.items() if count]
    if present == ["CR"]:
        return [Note("line_ends_cr", "Lines end in a lone carriage return, as on old Macintoshes.", 1)]
    if len(present) < 2:
        return []
    rarest = re.search(LINE_ENDS[min(present, key=lambda kind: counts[kind])], data)
    detail = "Line ends are mixed: " + ", ".join(f"{counts[kind]} {kind}" for kind in present) + "."
    return [Note("line_ends_mixed", detail, line_at(data, rarest.start()) if rarest else None)]


def _stream(decoded: Decoded) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(decoded.data), decoded.codec, errors="replace", newline="")


def _sample(decoded: Decoded) -> list[str]:
    with _stream(decoded) as stream:
        return list(islice(stream, SAMPLE_ROWS))


def _careful_grid(decoded: Decoded, delimiter: str) -> tuple[Grid, list[Note]]:
    """By the csv module, and again with more care where its quotation marks look wrong."""
    rows, physical, is_plain = _all_rows(decoded, delimiter)
    is_paired = decoded.data.count(b'"') % 2 == 0 and not _has_unescaped(decoded, delimiter)
    if is_plain and is_paired and not _has_leftovers(rows):
        return Grid(rows, range(1, physical + 1), physical), []
    del rows
    with _stream(decoded) as stream:
        again = reread(list(stream), delimiter)
    return Grid(again.rows, again.lines, physical, requoted=frozenset(again.requoted)), again.notes()


def _shape_notes(grid: Grid, delimiter: str) -> list[Note]:
    """Takes the empty cells off the rows' ends, and tells what is odd about their number."""
    widths = published = Counter(map(len, grid.rows))
    if ended := [row for row in grid.rows if row and not row[-1]]:
        for row in ended:
            while row and not row[-1]:
                row.pop()
        widths = Counter(map(len, grid.rows))
    return [*phantom_columns(published, grid), *mixed_delimiters(widths, grid, delimiter)]


def _all_rows(decoded: Decoded, delimiter: str) -> tuple[list[list[str]], int, bool]:
    """Rows by the csv module, the number of physical lines, and whether each row is one of them."""
    with _stream(decoded) as stream:
        reader = csv.reader(chain(stream, (SENTINEL,)), delimiter=delimiter)
        rows = list(_shared(reader) if len(decoded.data) > LARGE else reader)
        physical = reader.line_num - 1
    # As many rows as lines, the sentinel among them: every row is one line, and no quotation mark stayed open.
    return rows, physical, len(rows) == physical + 1 and rows.pop() == [SENTINEL]


def _plain_rows(decoded: Decoded, delimiter: str) -> list[list[str]] | None:
    """Rows of text without quotation marks whose lines all end in LF or all in CR LF: there a cell is what stands between two marks.

    Three times as fast as the csv module. None where the text is another.
    """
    data = decoded.data
    if b'"' in data:
        return None
    ending = "\r\n" if b"\r" in data else "\n"
    lines = data.decode(decoded.codec, errors="replace").split(ending)
    if ending == "\r\n" and not data.count(b"\r") == data.count(b"\n") == len(lines) - 1:
        return None
    if not lines[-1]:
        lines.pop()
    split = (line.split(delimiter) if line else [] for line in lines)
    return list(_shared(split) if len(data) > LARGE else split)


def _shared(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows with one object for each text that comes again: most of a large file's memory, and what its reading waits for."""
    known: dict[str, str] = {}
    one = known.setdefault
    for row in rows:
        if len(known) > TEXTS_SHARED:
            known.clear()
        yield list(map(one, row, row))


def _has_unescaped(decoded: Decoded, delimiter: str) -> bool:
    mark = re.escape(delimiter).encode()
    # Begins with the quotation mark itself, so that the search skips from one to the next.
    return bool(re.search(rb'"(?<=[^"\r\n' + mark + rb']")(?=[^"\r\n' + mark + rb"])", decoded.data))


def _has_leftovers(rows: list[list[str]]) -> bool:
    """Whether a row of unusual width holds a quotation mark: it may have been closed by that of another cell."""
    widths = Counter(map(len, rows))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return any('"' in cell for row in rows if len(row) != usual for cell in row)
