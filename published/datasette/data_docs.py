"""The Data Docs of the latest run over HTTP, at /data-docs/. They belong to no release, and lie beside the folder of releases.

Only a page that lies in their folder can be asked for, by its exact name, and only where the run that made them made the release
served. The reports lead here by a path that is right on the disk and on the site; where there are no Data Docs, a page says so.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from published.reports.data_docs import ABOUT, FOLDER, none_page
from published.reports.pages import STYLE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from published.reports.pages import Edition

PREFIX = f"/{FOLDER}/"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}
NONE = "There is no such page. /data-docs/ tells whether there are Data Docs.\n"
INDEX = "index.html"
KEPT = {"Cache-Control": "no-cache"}


class DataDocs:
    """ASGI application in front of another: answers below /data-docs/, hands on the rest."""

    def __init__(self, app: ASGIApp, release: Path, edition: Edition) -> None:
        """`release` is <home>/releases/<channel>/<version>; its home has the Data Docs."""
        self.app, self.edition = app, edition
        place = release.resolve()
        self.described = {"channel": place.parent.name, "release": place.name}
        self.folder = place.parents[2] / FOLDER if len(place.parents) > 2 else place / FOLDER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(PREFIX):
                app = self.response(path.removeprefix(PREFIX) or INDEX)
            elif path == PREFIX.rstrip("/"):
                app = RedirectResponse(PREFIX)
        await app(scope, receive, send)

    def response(self, name: str) -> Response:
        try:
            is_of_release = json.loads((self.folder / ABOUT).read_text(encoding="utf-8")) == self.described
            pages = {path.name for path in self.folder.iterdir() if path.suffix in TYPES} if is_of_release else set()
        except (OSError, ValueError):
            pages = set()
        if name in pages:
            kind = TYPES[PurePosixPath(name).suffix]
            return FileResponse(self.folder / name, media_type=kind, headers=KEPT)
        if name == INDEX:
            return HTMLResponse(none_page(self.edition), headers=KEPT)
        if name == STYLE.name:
            return FileResponse(STYLE, media_type=TYPES[STYLE.suffix], headers=KEPT)
        return PlainTextResponse(NONE, 404)
