"""The Data Docs of the latest run over HTTP, at /data-docs/. They belong to no release, and lie beside the folder of releases.

Only a page that lies in their folder can be asked for, by its exact name, and only where the run that made them was one of the
channel served. The reports lead here by a path that is right on the disk and on the site.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from published.reports.data_docs import ABOUT, FOLDER

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = f"/{FOLDER}/"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}
NONE = "There are no Data Docs here. `publicvalue run --data-docs` makes them, of the latest run only.\n"


class DataDocs:
    """ASGI application in front of another: answers below /data-docs/, hands on the rest."""

    def __init__(self, app: ASGIApp, release: Path) -> None:
        """`release` is <home>/releases/<channel>/<version>; its home has the Data Docs."""
        self.app = app
        place = release.resolve()
        self.channel = place.parent.name
        self.folder = place.parents[2] / FOLDER if len(place.parents) > 2 else place / FOLDER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(PREFIX):
                app = self.response(path.removeprefix(PREFIX) or "index.html")
            elif path == PREFIX.rstrip("/"):
                app = RedirectResponse(PREFIX)
        await app(scope, receive, send)

    def response(self, name: str) -> Response:
        try:
            about = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
            pages = {path.name for path in self.folder.iterdir() if path.suffix in TYPES}
        except (OSError, ValueError):
            return PlainTextResponse(NONE, 404)
        if about.get("channel") != self.channel or name not in pages:
            return PlainTextResponse(NONE, 404)
        kind = TYPES[PurePosixPath(name).suffix]
        return FileResponse(self.folder / name, media_type=kind, headers={"Cache-Control": "no-cache"})
