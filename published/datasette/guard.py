"""Keeps the site read-only and each page to itself: no script, nothing from another host, no framing.

The pages work without any script, so the policy allows none: a supplier's name that holds markup stays text, and would
do nothing even if it were not escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


METHODS = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """ASGI application around another: sets HEADERS on every response, and hands on only requests that read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                headers.update(HEADERS)
                message = {**message, "headers": headers.raw}
            await send(message)

        app = self.app
        if scope["type"] == "http" and scope["method"] not in METHODS:
            app = PlainTextResponse("This site can only be read.\n", 405, {"Allow": ", ".join(sorted(METHODS))})
        await app(scope, receive, send_with_headers)
