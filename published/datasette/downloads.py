"""The files of releases over HTTP: whole or in ranges, and not again where nothing changed.

`/releases/<version>/<file>` is a file of any release that stands beside the one served, and can be kept for ever;
`/latest/<file>` leads there; `/download/<file>` is the same file of the release served; `/reports/` are its pages.
Only what a release's SHA256SUMS lists can be asked for, by its exact name, so no path leads anywhere else.
"""

from __future__ import annotations

from collections import OrderedDict
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from published import store
from published.metadata.checksums import NAME, read_checksums, sha256
from published.reports import FOLDER
from published.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

DOWNLOAD = "/download/"
RELEASES = "/releases/"
LATEST = f"/{store.LATEST}/"
REPORTS = f"/{FOLDER}/"
INDEX = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=60"
OTHERS_KEPT = 8
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".cff": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
SHOWN = {".css", ".html", ".json", ".jsonld", ".md", ".cff", ""}


def downloadable(release: Path) -> dict[str, str]:
    """File name to SHA-256, of everything SHA256SUMS lists and SHA256SUMS itself."""
    return read_checksums(release) | {NAME: sha256(release / NAME)}


class Downloads:
    """ASGI application in front of another: answers for files, hands on the rest."""

    def __init__(self, app: ASGIApp, release: Path) -> None:
        self.app = app
        self.release = release
        self.files = downloadable(release)
        self._others: OrderedDict[str, dict[str, str]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(DOWNLOAD):
                app = self.response(scope, path.removeprefix(DOWNLOAD))
            elif path.startswith(RELEASES) and len(path) > len(RELEASES):
                app = self.versioned(scope, *path.removeprefix(RELEASES).partition("/")[::2])
            elif path.startswith(LATEST):
                app = self.latest(path.removeprefix(LATEST))
            elif path.startswith(REPORTS):
                name = path.removeprefix("/")
                app = self.response(scope, name + INDEX if name.endswith("/") else name)
            elif path == REPORTS.rstrip("/"):
                app = RedirectResponse(REPORTS)
        await app(scope, receive, send)

    def latest(self, name: str) -> Response:
        """Leads to the file of the release served, since that is the newest that a reader can see here."""
        if name not in self.files:
            return _absent()
        return RedirectResponse(
            f"{RELEASES}{self.release.name}/{quote(name)}",
            302,
            {"Cache-Control": SHORT, "Access-Control-Allow-Origin": "*"},
        )

    def versioned(self, scope: Scope, version: str, name: str) -> Response:
        folder, files = self._standing(version)
        return self._file(scope, folder, files, name, FOR_EVER)

    def response(self, scope: Scope, name: str) -> Response:
        return self._file(scope, self.release, self.files, name, "public, no-cache")

    def _standing(self, version: str) -> tuple[Path, dict[str, str]]:
        """Folder and files of a release beside this one; no files where there is none of this version."""
        if version == self.release.name:
            return self.release, self.files
        try:
            if str(Version.parse(version)) != version:
                return self.release, {}
            folder = self.release.with_name(version)
            if version not in self._others:
                self._others[version] = downloadable(folder)
        except (ValueError, OSError):
            return self.release, {}
        self._others.move_to_end(version)
        while len(self._others) > OTHERS_KEPT:
            self._others.popitem(last=False)
        return folder, self._others[version]

    def _file(self, scope: Scope, folder: Path, files: Mapping[str, str], name: str, kept: str) -> Response:
        path = folder / name
        if name not in files or not path.is_file():
            return _absent()
        modified = int(path.stat().st_mtime)
        headers = {
            "ETag": f'"{files[name]}"',
            "Last-Modified": formatdate(modified, usegmt=True),
            "Cache-Control": kept,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag",
        }
        if _is_unchanged(Headers(scope=scope), headers["ETag"], modified):
            return Response(status_code=304, headers=headers)
        kind = PurePosixPath(name).suffix
        content_type = CONTENT_TYPES.get(kind, "application/octet-stream")
        return FileResponse(
            path,
            headers=headers,
            media_type=content_type,
            filename=path.name,
            content_disposition_type="inline" if kind in SHOWN else "attachment",
        )


def _absent() -> Response:
    return PlainTextResponse("This release has no such file. /download/SHA256SUMS lists those it has.\n", 404)


def _is_unchanged(headers: Mapping[str, str], etag: str, modified: int) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides alone where it is present. A date that cannot be read is ignored."""
    if wanted := headers.get("if-none-match"):
        return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in wanted.split(","))
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
        return modified <= since.timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
