"""The files of a release over HTTP, at /download/<file> and, to be read, at /reports/: whole or in ranges, and not again where
nothing changed.

Only what the release's SHA256SUMS lists can be asked for, by its exact name, so no path leads anywhere else.
"""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from published.metadata.checksums import NAME, sha256
from published.reports import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

DOWNLOAD = "/download/"
REPORTS = f"/{FOLDER}/"
INDEX = "index.html"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    "": "text/plain; charset=utf-8",
}


def downloadable(release: Path) -> dict[str, str]:
    """File name to SHA-256, of everything SHA256SUMS lists and SHA256SUMS itself."""
    lines = (release / NAME).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)} | {NAME: sha256(release / NAME)}


class Downloads:
    """ASGI application in front of another: answers /download/ and /reports/, hands on the rest."""

    def __init__(self, app: ASGIApp, release: Path) -> None:
        self.app = app
        self.release = release
        self.files = downloadable(release)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(DOWNLOAD):
                app = self.response(scope, path.removeprefix(DOWNLOAD))
            elif path.startswith(REPORTS):
                name = path.removeprefix("/")
                app = self.response(scope, name + INDEX if name.endswith("/") else name)
            elif path == REPORTS.rstrip("/"):
                app = RedirectResponse(REPORTS)
        await app(scope, receive, send)

    def response(self, scope: Scope, name: str) -> Response:
        if name not in self.files:
            return PlainTextResponse("This release has no such file. /download/SHA256SUMS lists those it has.\n", 404)
        path = self.release / name
        modified = int(path.stat().st_mtime)
        headers = {
            "ETag": f'"{self.files[name]}"',
            "Last-Modified": formatdate(modified, usegmt=True),
            "Cache-Control": "public, no-cache",
            "Access-Control-Allow-Origin": "*",
        }
        if _is_unchanged(Headers(scope=scope), headers["ETag"], modified):
            return Response(status_code=304, headers=headers)
        kind = PurePosixPath(name).suffix
        content_type = CONTENT_TYPES.get(kind, "application/octet-stream")
        shown = "inline" if kind in {".css", ".html", ".json", ".md", ""} else "attachment"
        return FileResponse(
            path, headers=headers, media_type=content_type, filename=path.name, content_disposition_type=shown
        )


def _is_unchanged(headers: Mapping[str, str], etag: str, modified: int) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides alone where it is present. A date that cannot be read is ignored."""
    if wanted := headers.get("if-none-match"):
        return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in wanted.split(","))
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
        return modified <= since.timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
