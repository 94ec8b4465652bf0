"""What an answer other than the one asked for means: nothing there, try later, refused, moved; in words, as our own errors.

Belongs here: status codes, redirects and the library's errors. Does not belong here: trying again (attempts.py).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urljoin

import httpx

from sources.fetch.errors import FetchError, GoneError, PassingError, RefusedError
from sources.fetch.hosts import Host
from sources.fetch.replies import retry_after
from sources.fetch_settings import FetchSettings

GOOD = {200, 206, 304}
BUSY = {408, 425, 429, 500, 502, 503, 504}
MOVED = {301, 302, 303, 307, 308}
NOTHING = {404, 410}
NO_SUCH_PART = 416
MAX_WORDS = 300
"""Bytes of a refusal's body that are shown: search says there which parameter it does not know."""


async def judge(address: str, response: httpx.Response, host: Host, settings: FetchSettings) -> None:
    """Raises what the status means where it is none of GOOD. A host that asks to wait is left alone for so long."""
    status = response.status_code
    if status in GOOD:
        return
    if status in NOTHING:
        raise GoneError(address, f"nothing is there (HTTP {status})")
    if status in BUSY:
        pause = retry_after(response.headers.get("retry-after"))
        if pause is not None and pause <= settings.fetch_patience:
            host.hold(pause)
        asked = f", and asks to wait {pause:,.0f} seconds" if pause is not None else ""
        raise PassingError(address, f"the host answers HTTP {status}{asked}", pause)
    if status == NO_SUCH_PART:
        raise PassingError(address, "the host has no such part of the file any more", 0.0)
    async with in_time(address, settings.fetch_read_seconds):
        body = await anext(response.aiter_bytes(MAX_WORDS), b"")
    words = "".join(sign if sign.isprintable() else " " for sign in body.decode("utf-8", "replace"))
    raise FetchError(address, f"the host answers HTTP {status}: {words.strip() or 'no words'}")


def onward(address: str, here: str, location: str) -> str:
    try:
        there = urljoin(here, location)
    except ValueError as error:
        raise RefusedError(address, f"refused: it redirects to no address ({error})") from error
    if not location:
        raise FetchError(address, "the host redirects without saying where to")
    if here.startswith("https://") and there.startswith("http://"):
        raise RefusedError(address, f"refused: it redirects from a safe connection to an unsafe one, {there[:200]}")
    return there


@contextlib.contextmanager
def explained(address: str) -> Iterator[None]:
    """Our own errors in the place of the library's."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        raise PassingError(address, "the host takes too long to answer") from error
    except httpx.RemoteProtocolError as error:
        raise PassingError(address, "the answer broke off before its end") from error
    except httpx.DecodingError as error:
        raise PassingError(address, "the answer's compression is broken") from error
    except httpx.TransportError as error:
        raise PassingError(
            address, f"the host cannot be reached ({str(error)[:200] or type(error).__name__})"
        ) from error
    except httpx.InvalidURL as error:
        raise RefusedError(address, f"refused: no address ({error})") from error


@contextlib.asynccontextmanager
async def in_time(address: str, seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise PassingError(address, f"the answer took longer than {seconds:,.0f} seconds") from error
