"""What a reader hands on: a file's tables as grids of text cells, without any knowledge of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed or guessed while reading. `line` is the physical line or sheet row, from 1."""

    code: str
    detail: str
    line: int | None = None


@dataclass(slots=True)
class Grid:
    """One table of text. `rows[i]` began at physical line `lines[i]`; cells are as published, not stripped."""

    rows: list[list[str]]
    lines: Sequence[int]
    physical_lines: int
    sheet: str = ""
    is_hidden: bool = False
    requoted: frozenset[int] = frozenset()
    """Indexes of rows that a stray quotation mark had swallowed and that were reread without quotes."""


@dataclass(slots=True)
class FileContent:
    """A file taken apart. `reason` is a code of schema/codes/file_reasons where nothing could be read, with `detail` in words."""

    container: str
    encoding: str = ""
    delimiter: str = ""
    grids: list[Grid] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reason: str | None = None
    detail: str = ""
