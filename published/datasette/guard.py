"""Keeps the site read-only and each page to itself: no script but the site's own, nothing from another host, no framing.

Datasette's pages and the reports work without any script, so the policy allows them none: a supplier's name that holds
markup stays text, and would do nothing even if it were not escaped. Pages with charts say themselves that they run
scripts of this site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASSETS = "/assets/"
INNER = "/-/"
INNER_OPEN = "/-/static"
"""Datasette's pages about itself tell paths and threads of the machine and belong to who runs it; its style sheets are for all."""

METHODS = {"GET", "HEAD", "OPTIONS"}

ROBOTS = """User-agent: *
Disallow: /public-value
Disallow: /search
Disallow: /check
Disallow: /*?
Allow: /

"""
"""Crawlers read pages and downloads, and leave facets, SQL and searches alone: there is no end to them."""


class Guard:
    """ASGI application around another: sets HEADERS on every response, and hands on only requests that read.

    `writable` are paths that may be posted to.
    """

    def __init__(self, app: ASGIApp, writable: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.writable = writable

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=[(name.lower(), value) for name, value in message.get("headers", [])])
                headers.update(HEADERS)
                headers.setdefault("Content-Security-Policy", POLICY)
                if message["status"] == 200 and scope["path"].startswith(ASSETS) and scope["query_string"]:
                    headers["Cache-Control"] = FOR_EVER
                message = {**message, "headers": headers.raw}
            await send(message)

        app = self.app
        if scope["type"] == "http":
            if scope["method"] not in METHODS and not (scope["method"] == "POST" and scope["path"] in self.writable):
                app = PlainTextResponse("This site can only be read.\n", 405, {"Allow": ", ".join(sorted(METHODS))})
            elif scope["path"] == "/robots.txt":
                app = PlainTextResponse(ROBOTS, headers={"Cache-Control": "public, max-age=3600"})
            elif scope["path"].startswith(INNER) and not scope["path"].startswith(INNER_OPEN):
                app = PlainTextResponse("This site has no such page.\n", 404)
        await app(scope, receive, send_with_headers)
