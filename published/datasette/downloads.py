"""The files of a release over HTTP, at /download/<file>: whole or in ranges, and not again where nothing changed.

Only what the release's SHA256SUMS lists can be asked for, by its exact name, so no path leads anywhere else.
"""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response

from published.metadata.checksums import NAME, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/download/"
CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
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
    """ASGI application in front of another: answers /download/, hands on the rest."""

    def __init__(self, app: ASGIApp, release: Path) -> None:
        self.app = app
        self.release = release
        self.files = downloadable(release)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        await self.response(scope)(scope, receive, send)

    def response(self, scope: Scope) -> Response:
        name = scope["path"].removeprefix(PREFIX)
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
        shown = "inline" if kind in {".json", ".md", ""} else "attachment"
        return FileResponse(
            path, headers=headers, media_type=content_type, filename=name, content_disposition_type=shown
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
