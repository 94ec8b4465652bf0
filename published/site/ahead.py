"""Which pages a server makes before anybody asks: those without parameters, and those that a page file names as `ahead`.

Belongs here: their addresses. Does not belong here: asking for them (live.py).
"""

from __future__ import annotations

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
    return [*found, *(f"/{DATABASE}/{table}" for table in TABLES)]
