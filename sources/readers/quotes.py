"""Rereads delimited text whose quotation marks are not all in pairs, so that one of them costs its own line and no other.

A quoted cell may hold line breaks. So a mark that nothing closes swallows every line up to the next mark, or the rest of
the file. Two things give it away: a cell longer than any address or narrative, and a swallowed line that is a whole row.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.grid import Note

SENTINEL = "\0end"
"""Appended as a last line; the text before it holds no NUL. It is a row of its own unless a quotation mark is open."""

MAX_ROW_LINES = 50
"""Physical lines of one row. The longest honest one among 295 published files takes 10; a pasted letter would fit."""

MENDING_ATTEMPTS = 20
WIDTH_SAMPLE = 2000
LINES_NAMED = 10


@dataclass(slots=True)
class Reread:
    """Rows, the line at which each begins, and the indexes of rows whose own quotation marks were put aside."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    requoted: set[int] = field(default_factory=set)
    unescaped: list[int] = field(default_factory=list)

    def notes(self) -> list[Note]:
        stray = [self.lines[index] for index in sorted(self.requoted)]
        found = []
        if stray:
            detail = (
                f"Nothing closes a quotation mark on {_named(stray)}; read without it. Remove the mark, or double it."
            )
            found.append(Note("quote_stray", detail, stray[0]))
        if self.unescaped:
            detail = f"Quotation marks inside a quoted cell on {_named(self.unescaped)}; kept. Double them."
            found.append(Note("quote_unescaped", detail, self.unescaped[0]))
        return found


def _named(lines: list[int]) -> str:
    named = ", ".join(str(line) for line in lines[:LINES_NAMED])
    return f"line{'s' if len(lines) > 1 else ''} {named}" + (
        f" and {len(lines) - LINES_NAMED} more" if len(lines) > LINES_NAMED else ""
    )


def reread(lines: list[str], delimiter: str) -> Reread:
    """Read `lines` (each with its line end) so that each belongs to exactly one row."""
    parser = _Parser(lines, delimiter)
    at = 0
    while at < len(lines):
        at = parser.run(at)
    return parser.result


class _Parser:
    def __init__(self, lines: list[str], delimiter: str) -> None:
        self.physical = lines
        self.delimiter = delimiter
        self.width = _usual_width(lines, delimiter)
        self.result = Reread()
        self.begin = 0
        self.is_cut = False
        mark = re.escape(delimiter)
        self.inner_quote = re.compile(rf'[^"\r\n{mark}]"[^"\r\n{mark}]')

    def run(self, at: int) -> int:
        """Parse from line index `at` until a stray mark or the end; the index of the line to go on from."""
        self.begin, self.is_cut = at, False
        total = len(self.physical)
        reader = csv.reader(self._feed(at), delimiter=self.delimiter)
        for row in reader:
            end = at + reader.line_num
            if end > total and self.begin == total:
                break  # the sentinel
            if end - self.begin == 1:
                if '"' in self.physical[self.begin]:
                    self._add_line(row)
                else:
                    self.result.rows.append(row)
                    self.result.lines.append(end)
            elif self.is_cut or end > total or self._swallows_rows(end):
                self._add_alone(self._mended(self.physical[self.begin]))
                return self.begin + 1
            else:
                self._add(row)
            self.begin = end
        return total

    def _feed(self, at: int) -> Iterator[str]:
        for index in range(at, len(self.physical)):
            if index - self.begin >= MAX_ROW_LINES:
                self.is_cut = True
                return
            yield self.physical[index]
        yield SENTINEL

    def _add(self, row: list[str]) -> None:
        self.result.rows.append(row)
        self.result.lines.append(self.begin + 1)

    def _add_alone(self, row: list[str]) -> None:
        self.result.requoted.add(len(self.result.rows))
        self._add(row)

    def _add_line(self, row: list[str]) -> None:
        """A row of one line that holds quotation marks, better read where the usual width shows how."""
        line = self.physical[self.begin]
        if line.count('"') % 2:
            mended = self._mended(line)
            # Where both have the usual width, the reading that leaves fewer marks in the text is the better one.
            if (
                len(mended) == self.width
                and (len(row) != self.width or _marks(mended) <= _marks(row))
                and mended != row
            ):
                self._add_alone(mended)
                return
        self._add(self._with_inner_quotes(row) if self.inner_quote.search(line) else row)

    def _swallows_rows(self, end: int) -> bool:
        """Whether a line after the first is by itself a row of the usual width with its marks in order."""
        if self.width < 3:
            return False
        for line in self.physical[self.begin + 1 : end]:
            row = self._closed(line)
            if row is not None and len(row) == self.width and not any('"' in cell for cell in row):
                return True
        return False

    def _closed(self, line: str) -> list[str] | None:
        """The line's cells where no quotation mark stays open in it."""
        rows = list(csv.reader((line, SENTINEL), delimiter=self.delimiter))
        return rows[0] if rows[-1] == [SENTINEL] else None

    def _mended(self, line: str) -> list[str]:
        """The line with one opening mark taken as text, if that gives the usual width; else with all of them as text."""
        openings = [match.end() - 1 for match in re.finditer(rf'(?:^|{re.escape(self.delimiter)})"', line)]
        for position in openings[: -MENDING_ATTEMPTS - 1 : -1]:
            row = self._closed(line[:position] + "\0" + line[position + 1 :])
            if row is not None and len(row) == self.width:
                return [cell.replace("\0", '"') for cell in row]
        return next(csv.reader((line,), delimiter=self.delimiter, quoting=csv.QUOTE_NONE), [])

    def _with_inner_quotes(self, row: list[str]) -> list[str]:
        """The row with undoubled marks inside quoted cells kept, where that gives the usual width."""
        line = self.physical[self.begin].rstrip("\r\n")
        lenient = _lenient(line, self.delimiter)
        if lenient == row or len(lenient) != self.width:
            return row
        self.result.unescaped.append(self.begin + 1)
        return lenient


def _marks(row: list[str]) -> int:
    return sum(cell.count('"') for cell in row)


def _lenient(line: str, delimiter: str) -> list[str]:
    """Cells of one line, where only a mark before a delimiter or the end closes a quoted cell."""
    cells: list[str] = []
    at, closing = 0, f'"{delimiter}'
    while at <= len(line):
        if line.startswith('"', at):
            end = line.find(closing, at + 1)
            if end < 0:
                end = len(line) - 1 if line.endswith('"') and len(line) - 1 > at else len(line)
            cells.append(line[at + 1 : end].replace('""', '"'))
            at = end + 2
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            cells.append(line[at:end])
            at = end + 1
    return cells


def _usual_width(lines: list[str], delimiter: str) -> int:
    """The commonest number of cells among lines whose quotation marks come in pairs."""
    step = max(1, len(lines) // WIDTH_SAMPLE)
    paired = [line for line in lines[::step] if line.strip() and line.count('"') % 2 == 0]
    widths = Counter(len(next(csv.reader((line,), delimiter=delimiter))) for line in paired)
    return max(widths, key=lambda width: (widths[width], width), default=0)
