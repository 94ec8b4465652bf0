"""Which pages are made before anybody asks: those without parameters, and those that a page file names as `ahead`.

Belongs here: their addresses, and drawing their charts when a release is built. Does not belong here: asking for them in a
server (live.py).
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from datasette.utils import tilde_encode

from published.datasette.metadata import DATABASE
from published.metadata.data_package import SQLITE
from published.site.declared import pages

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("transactions", "suppliers")
"""Datasette's pages of tables whose facets take longest to count."""


def addresses(release: Path) -> list[str]:
    """Addresses, those most asked for first. Pages whose tables an older release lacks are left out."""
    found = [page.route for page in pages() if not page.in_path and page.indexed and not page.is_changing]
    return [*found, *_of_many(release), *(f"/{DATABASE}/{table}" for table in TABLES)]


def draw_ahead(release: Path) -> int:
    """Draws the charts of those pages into the home that the release stands in; how many it did not have yet.

    Raises ReleaseError where the release cannot be opened.
    """
    from published.serve import open_release  # noqa: PLC0415 - opens what this module is part of
    from published.site.artist import ARTIST  # noqa: PLC0415 - only drawing needs it
    from published.site.live import warm  # noqa: PLC0415 - only drawing needs it

    served = open_release(release)
    before = ARTIST.drawn
    try:
        asyncio.run(warm(served.app, _of_many(release)))
    finally:
        served.close()
        ARTIST.close()
    return ARTIST.drawn - before


def _of_many(release: Path) -> list[str]:
    found = []
    with closing(sqlite3.connect(f"{(release / SQLITE).absolute().as_uri()}?immutable=1", uri=True)) as con:
        for page in pages():
            if page.ahead:
                try:
                    rows = con.execute(page.ahead).fetchall()
                except sqlite3.OperationalError:
                    continue
                for row in rows:
                    address = page.route
                    for name, value in zip(page.in_path, row, strict=True):
                        address = address.replace(f"{{{name}}}", tilde_encode(str(value)))
                    found.append(address)
    return found
