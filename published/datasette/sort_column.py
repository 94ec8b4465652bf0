"""Asks for the column that a table is sorted by where a reader chose columns without it.

Datasette needs its value for the link to the next page, and ends with a fault where it is not there and labels are shown
(datasette 0.65, views/table.py: a row with labels raises KeyError where IndexError is waited for).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_decode

from published.datasette.metadata import DATABASE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from starlette.types import ASGIApp, Receive, Scope, Send

TABLE = f"/{DATABASE}/"


class SortColumn:
    """ASGI application around Datasette's. `tables` are the release's words for each table, which say how it is sorted."""

    def __init__(self, app: ASGIApp, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self.app = app
        self.tables = tables

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(TABLE) and b"col=" in scope["query_string"]:
            scope = {**scope, "query_string": self._with_sort(scope["path"], scope["query_string"])}
        await self.app(scope, receive, send)

    def _with_sort(self, path: str, query: bytes) -> bytes:
        name = tilde_decode(path.removeprefix(TABLE).partition(".")[0])
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        given = dict(pairs)
        table = self.tables.get(name, {})
        sort = given.get("_sort") or given.get("_sort_desc") or table.get("sort") or table.get("sort_desc")
        if not sort:
            return query
        chosen = [value for key, value in pairs if key == "_col"]
        kept = [pair for pair in pairs if pair != ("_nocol", sort)]
        if chosen and sort not in chosen:
            kept.append(("_col", sort))
        return query if kept == pairs else urlencode(kept).encode()
