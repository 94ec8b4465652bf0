"""What was seen of each page at the last look, so that an unchanged one is not fetched, or not read, again.

One file an owner (publisher or outcome dataset), written aside and renamed. Losing one costs requests, never data.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from sources.one_step import replace_file

VERSION = 2
"""Of what is remembered; a file of another version counts as none."""


@dataclass(slots=True)
class Seen:
    """One page. `timestamp` is the source's own mark of its last change, `checked` the day we last asked, `content` what it said."""

    etag: str | None = None
    last_modified: str | None = None
    timestamp: str = ""
    checked: str = ""
    content: Any = None

    def is_fresh(self, timestamp: str, today: date, days: int) -> bool:
        """Whether the page need not be asked for: its mark has not moved, and we asked not long ago."""
        if self.content is None or not timestamp or timestamp != self.timestamp:
            return False
        try:
            return (today - date.fromisoformat(self.checked)).days < days
        except ValueError:
            return False


@dataclass(slots=True)
class Memory:
    """Pages by address. `path` is where it is kept."""

    path: Path
    pages: dict[str, Seen] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> Self:
        """What is kept there; nothing where there is none, or none that can be read."""
        one = cls(path)
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            if saved["version"] == VERSION:
                one.pages = {address: Seen(**seen) for address, seen in saved["pages"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            one.pages = {}
        return one

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        saved = {"version": VERSION, "pages": {address: asdict(seen) for address, seen in sorted(self.pages.items())}}
        replace_file(self.path, json.dumps(saved, ensure_ascii=True, separators=(",", ":")))
