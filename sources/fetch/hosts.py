"""Manners towards one host: so many requests at a time, so many a second, and what its robots.txt asks.

Belongs here: waiting. Does not belong here: requests (client.py), which hands over how robots.txt is fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from protego import Protego

MAX_CRAWL_DELAY = 30.0
MAX_FAILURES = 5
"""After so many addresses in a row the host counts as down, and is left alone until the next run."""


class Host:
    """One host's limits. `rate` is requests a second, 0 for no limit."""

    def __init__(self, rate: float, concurrency: int) -> None:
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0
        self._slots = asyncio.Semaphore(concurrency)
        self._robots: Protego | None = None
        self._robots_lock = asyncio.Lock()
        self.failures = 0.0
        """Addresses in a row that gave nothing but passing trouble, all attempts spent."""

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a free slot and for the time of the next request."""
        async with self._slots:
            if self._pause:
                now = asyncio.get_running_loop().time()
                start = max(now, self._next)
                self._next = start + self._pause
                await asyncio.sleep(start - now)
            yield

    @property
    def is_down(self) -> bool:
        return self.failures >= MAX_FAILURES

    def hold(self, seconds: float) -> None:
        """Nobody asks the host before so many seconds have passed: it asked one of us to wait."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)

    async def allows(self, address: str, user_agent: str, fetch: Callable[[], Awaitable[str]]) -> bool:
        """Whether robots.txt lets us fetch the address; `fetch` gives its text, once. A longer crawl delay replaces our pause."""
        async with self._robots_lock:
            if self._robots is None:
                self._robots = Protego.parse(await fetch())
                delay = self._robots.crawl_delay(user_agent) or 0.0
                self._pause = max(self._pause, min(float(delay), MAX_CRAWL_DELAY))
        return self._robots.can_fetch(address, user_agent)
