"""Draws the charts of pages: a Vega-Lite specification and rows become an SVG that follows the page's colours.

Colours are the style sheet's custom properties, so that one picture serves light, dark and paper. The same rows give the
same bytes. Drawn when first asked for and then kept, within KEPT_BYTES: a release never changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from published.site.declared import specification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from published.site.declared import Chart

KEPT_BYTES = 8 * 1024 * 1024
VEGA_LITE = "6.4"
ROLES = re.compile(r' (?:role|aria-roledescription|aria-label|aria-hidden)="[^"<>]*"(?=[^<>]*>)')


def with_data(chart: Chart, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The complete specification, which any Vega-Lite draws."""
    return {**specification(chart.spec), "description": chart.description, "data": {"values": list(rows)}}


class Drawings:
    """Keeps what was drawn. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def svg(self, chart: Chart, rows: Sequence[dict[str, Any]]) -> str:
        """The picture as an SVG element, without scripts, styles or outside links."""
        spec = with_data(chart, rows)
        key = hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = _drawn(spec)
        with self._lock:
            self._kept[key] = drawn
            self._size += len(drawn)
            while self._size > KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
        return drawn


def _drawn(spec: dict[str, Any]) -> str:
    import vl_convert  # noqa: PLC0415 - starts an engine of 0.5 s

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return ROLES.sub("", drawn)  # the whole picture has one name, said by the page; its parts have none
