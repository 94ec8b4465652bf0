"""Moves a running server to a new release: built and warmed beside the old one, then taken in one step.

Requests that began on the old release end on it; when the last one has, it is closed. So there are two releases open for
a moment and never more than that: while an old one is still in use, no third is opened. Pages that are asked for most are
made one after the other once a release is served, with pauses, so that readers come first.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from starlette.responses import JSONResponse

from published.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEALTH = "/health"
LOOK_EVERY = 5.0
"""Seconds between two looks at `latest`."""
WARMED = ("/", "/departments")
PAUSE = 0.05
"""Seconds between two pages that are made ahead."""
log = logging.getLogger(__name__)


class Opened(Protocol):
    """A release that is being served."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def release(self) -> Path: ...

    @property
    def ahead(self) -> Callable[[], Iterable[str]]:
        """Addresses of the pages to make before anybody asks."""

    @property
    def close(self) -> Callable[[], None]: ...


class Live:
    """ASGI application that hands requests to the release that `latest` leads to."""

    def __init__(
        self,
        opened: Opened,
        latest: Path,
        open_release: Callable[[Path], Opened],
        every: float | None = None,
        host: str = "localhost",
    ) -> None:
        """`host` is the one that readers ask for, so that what is made ahead is what they get; `every` else LOOK_EVERY."""
        self.current = opened
        self.latest = latest
        self.every = LOOK_EVERY if every is None else every
        self.host = host
        self._open = open_release
        self._in_use: dict[int, int] = {}
        self._old: Opened | None = None
        self._is_closing = False
        self._making: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] == "http" and scope["path"] == HEALTH:
            await self._health()(scope, receive, send)
            return
        opened = self.current
        self._in_use[id(opened)] = self._in_use.get(id(opened), 0) + 1
        try:
            await opened.app(scope, receive, send)
        finally:
            self._in_use[id(opened)] -= 1
            await self._close_old()

    def _health(self) -> JSONResponse:
        """For monitors: answers without asking the database, so that it tells of the server and not of its load."""
        served = self.current.release
        is_there = served.is_dir()
        return JSONResponse(
            {"ok": is_there, "version": served.name, "channel": served.resolve().parent.name},
            200 if is_there else 503,
            {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )

    async def look(self) -> bool:
        """Takes the release that `latest` leads to. Returns whether it is another; a damaged one is logged and not taken."""
        found = await asyncio.to_thread(self.latest.resolve)
        if found == self.current.release.resolve() or self._old is not None:
            return False
        try:
            opened = await asyncio.to_thread(self._open, found)
            await warm(opened.app, WARMED, self.host)
        except (ReleaseError, OSError, ValueError) as error:
            log.warning("stays with %s: %s cannot be served: %s", self.current.release.name, found.name, error)
            return False
        self._stop_making()
        self._old, self.current = self.current, opened
        self._making = asyncio.create_task(self._make_ahead(opened))
        await self._close_old()
        return True

    async def _close_old(self) -> None:
        """In a thread, since closing waits for queries that still run."""
        if self._old is not None and not self._is_closing and not self._in_use.get(id(self._old)):
            self._is_closing = True
            self._in_use.pop(id(self._old), None)
            try:
                await asyncio.to_thread(self._old.close)
            finally:
                self._old, self._is_closing = None, False
            gc.collect()  # a release that was closed is a ring of objects, of 2 MiB and more, that Python would keep for long

    async def _make_ahead(self, opened: Opened) -> None:
        for address in await asyncio.to_thread(opened.ahead):
            await asyncio.sleep(PAUSE)
            try:
                await warm(opened.app, (address,), self.host)
            except Exception as error:  # noqa: BLE001 - who asks for that page is told; the others are made
                log.warning("%s was not made ahead: %s", address, error)

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.cancel()
            self._making = None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            await self.look()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await warm(self.current.app, WARMED, self.host)
        watching = asyncio.create_task(self._watch())
        self._making = asyncio.create_task(self._make_ahead(self.current))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        self._stop_making()
        with suppress(asyncio.CancelledError):
            await watching
        await asyncio.to_thread(self.current.close)
        await send({"type": "lifespan.shutdown.complete"})


async def warm(app: ASGIApp, paths: Iterable[str], host: str = "localhost") -> None:
    """Asks for pages and drops them, so that the first reader does not wait for what starts with the first request."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        pass

    headers = [(b"host", host.encode("latin-1")), (b"accept-encoding", b"gzip")]
    for path in paths:
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
                 "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
                 "server": ("localhost", 80), "client": ("localhost", 0), "root_path": ""}  # fmt: skip
        await app(scope, receive, send)
