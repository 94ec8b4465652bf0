"""Keeps whole responses, compressed as they were sent: a release never changes, so neither does what is answered of it.

Belongs here: keeping within limits of size, answering again, and 304 for who has it already. Requests for the same address
at the same time are answered once. Does not belong here: how long readers may keep a response (whoever makes it says so).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_BYTES = 48 * 1024 * 1024
MOST_ONE = 2 * 1024 * 1024
LONGEST_ADDRESS = 2_000

Key = tuple[str, bytes, bytes, bytes, bool]
Response = tuple["Message", bytes]


class Kept:
    """ASGI application around another. Kept are complete answers to GET that set no cookie and do not forbid it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Key, Response] = OrderedDict()
        self._size = 0
        self._under_way: dict[Key, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = _key(scope, headers)
        if key not in self._kept and key in self._under_way:
            await self._under_way[key].wait()
        if key in self._kept:
            self._kept.move_to_end(key)
            await _again(self._kept[key], headers, send)
        elif key in self._under_way or len(key[1]) + len(key[2]) > LONGEST_ADDRESS:
            await self.app(scope, receive, send)
        else:
            self._under_way[key] = asyncio.Event()
            try:
                await self._first(key, headers, scope, receive, send)
            finally:
                self._under_way.pop(key).set()

    async def _first(self, key: Key, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def look(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                begun, start = start, None
                if not message.get("more_body") and _may_keep(begun, message.get("body", b"")):
                    await _again(self._keep(key, begun, message["body"]), headers, send)
                    return
                await send(begun)
            await send(message)

        await self.app(scope, receive, look)

    def _keep(self, key: Key, start: Message, body: bytes) -> Response:
        found = MutableHeaders(raw=[(name.lower(), value) for name, value in start["headers"]])
        found["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        kept = ({**start, "headers": found.raw}, body)
        self._kept[key] = kept
        self._size += len(body)
        while self._size > KEPT_BYTES:
            self._size -= len(self._kept.popitem(last=False)[1][1])
        return kept


def _key(scope: Scope, headers: Headers) -> Key:
    """Scheme and host belong to it, since addresses in an answer can be made from them."""
    path = scope.get("raw_path") or scope["path"].encode()
    is_gzip = "gzip" in headers.get("accept-encoding", "")
    return scope["scheme"], headers.get("host", "").encode("latin-1"), path, scope["query_string"], is_gzip


def _may_keep(start: Message, body: bytes) -> bool:
    headers = Headers(raw=[(name.lower(), value) for name, value in start["headers"]])
    forbids = "no-store" in headers.get("cache-control", "") or "set-cookie" in headers
    return start["status"] == 200 and len(body) <= MOST_ONE and not forbids


async def _again(kept: Response, headers: Headers, send: Send) -> None:
    start, body = kept
    etag = Headers(raw=start["headers"])["etag"]
    wanted = {tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")}
    if wanted & {etag, "*"}:
        bare = [
            (name, value)
            for name, value in start["headers"]
            if name not in {b"content-length", b"content-type", b"content-encoding"}
        ]
        start, body = {**start, "status": 304, "headers": bare}, b""
    await send(start)
    await send({"type": "http.response.body", "body": body})
