"""Draws the charts of pages: a Vega-Lite specification and rows become an SVG that follows the page's colours.

Colours are the style sheet's custom properties, so that one picture serves light, dark and paper. Pictures are kept by what
they are drawn of: in memory, and those of pages that are drawn ahead also in a folder of the home, so that a server that
starts again or moves to the next release draws only what changed. They are no files of the release: how wide a name is
depends on the fonts of the machine that draws, and a release has the same bytes everywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import OrderedDict
from contextlib import suppress
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

from published.site.artist import ARTIST, VEGA_LITE
from published.site.declared import specification

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from published.site.declared import Chart

FOLDER = "charts"
KEPT_BYTES = 8 * 1024 * 1024
UNUSED_DAYS = 60


def with_data(chart: Chart, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The complete specification, which any Vega-Lite draws."""
    return {**specification(chart.spec), "description": chart.description, "data": {"values": list(rows)}}


class Drawings:
    """Keeps what was drawn. Threads may share it."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where pictures outlast the process; without one, or where it cannot be written, they do not."""
        self.folder = folder
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def svg(self, chart: Chart, rows: Sequence[dict[str, Any]], *, lasting: bool = False) -> str:
        """The picture as an SVG element, without scripts, styles or outside links. `lasting` ones go into the folder.

        Raises CannotDrawError.
        """
        spec = with_data(chart, rows)
        key = _key(spec)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        path = self.folder / f"{key}.svg" if lasting and self.folder else None
        drawn = _read(path) if path else None
        if drawn is None:
            drawn = ARTIST.draw(spec)
            if path:
                _write(path, drawn)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self._size += len(drawn)
            while self._size > KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
        return drawn

    def tidy(self) -> None:
        """Removes pictures that no page asked for in UNUSED_DAYS."""
        before = time.time() - UNUSED_DAYS * 86_400
        with suppress(OSError):
            for path in self.folder.glob("*.svg*") if self.folder else ():
                if path.stat().st_mtime < before:
                    path.unlink()


def _key(spec: dict[str, Any]) -> str:
    drawn_by = f"{VEGA_LITE} {version('vl-convert-python')}\n"
    return hashlib.sha256((drawn_by + json.dumps(spec, sort_keys=True, default=str)).encode()).hexdigest()


def _read(path: Path) -> str | None:
    try:
        drawn = path.read_text(encoding="utf-8")
    except OSError:
        return None
    with suppress(OSError):
        os.utime(path)
    return drawn if drawn.endswith("</svg>") else None


def _write(path: Path, drawn: str) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        aside.write_text(drawn, encoding="utf-8")
        aside.replace(path)
