"""Takes a CSV file apart between its lines, without parsing it: the bytes stay as they were written.

Belongs here: finding where a line ends. Does not belong here: why the file is divided (cuts.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from published.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 8 * 1024 * 1024


class CsvLines:
    """Reads `file` from its beginning, line by line of the table: a cell may have line breaks of its own.

    A line feed within a cell has an odd number of quotation marks before it, one between lines an even number, as each cell
    has its marks in pairs (RFC 4180).
    """

    def __init__(self, file: BinaryIO, chunk: int = CHUNK) -> None:
        self.file, self.chunk = file, chunk
        self.held = b""
        self.place = 0
        self.ends: list[int] = []
        """Where the lines held end that were not taken yet, the last one first."""

    def take(self, count: int) -> Iterator[bytes]:
        """The bytes of the next `count` lines. Raises ReleaseError where the file has fewer."""
        while count:
            if not self.ends:
                self._read()
            here = min(count, len(self.ends))
            end = self.ends[-here]
            yield self.held[self.place : end]
            del self.ends[-here:]
            self.place = end
            count -= here

    def _read(self) -> None:
        import numpy as np  # noqa: PLC0415 - only a release build pays for it

        while not self.ends:
            more = self.file.read(self.chunk)
            if not more:
                raise ReleaseError(f"{self.file.name}: ends before its last line. Nothing was released")
            self.held, self.place = self.held[self.place :] + more, 0
            text: Any = np.frombuffer(self.held, np.uint8)
            feeds, marks = np.flatnonzero(text == ord("\n")), np.flatnonzero(text == ord('"'))
            self.ends = (feeds[np.searchsorted(marks, feeds) % 2 == 0] + 1)[::-1].tolist()
