"""Fetcher: pages and files over HTTP, with every redirect checked, hosts spared, and passing trouble tried again.

Belongs here: one request and its attempts. Does not belong here: writing files (download.py), addresses, limits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
import stamina.instrumentation

from sources.fetch import addresses
from sources.fetch.download import Part, put_in_place, receive
from sources.fetch.errors import FetchError, GoneError, NotAllowedError, PassingError, RefusedError, TooLargeError
from sources.fetch.hosts import Host
from sources.fetch.network import RoutedTransport
from sources.fetch.replies import NONE, Downloaded, Page, Validators, retry_after, validators_of
from sources.fetch_settings import FetchSettings

BUSY = {408, 425, 429, 500, 502, 503, 504}
MOVED = {301, 302, 303, 307, 308}
NOTHING = {404, 410}
MAX_WORDS = 300
"""Bytes of a refusal's body that are shown: search says there which parameter it does not know."""
ROBOTS_BYTES = 512 * 1024
GOVUK_ASSETS = "https://assets.publishing.service.gov.uk"
GOVUK_UPLOADS = "https://www.gov.uk/government/uploads/"

# Retries are told to whoever sets hooks; by default stamina would print through structlog where that is installed.
stamina.instrumentation.set_on_retry_hooks([])


@dataclass(slots=True)
class Counts:
    """What a Fetcher did, for reports and metrics."""

    requests: int = 0
    unchanged: int = 0
    retries: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Fetcher:
    """Use as an asynchronous context manager. Errors are FetchErrors, each with the address and whether it may pass."""

    settings: FetchSettings
    counts: Counts = field(default_factory=Counts)
    _hosts: dict[str, Host] = field(default_factory=dict)
    _client: httpx.AsyncClient = field(init=False)

    async def __aenter__(self) -> Self:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=30)
        self._client = httpx.AsyncClient(
            transport=RoutedTransport(allow_loopback=self.settings.fetch_allow_loopback, limits=limits),
            headers={"User-Agent": self.settings.user_agent},
            timeout=httpx.Timeout(
                connect=self.settings.fetch_connect_seconds,
                read=self.settings.fetch_read_seconds,
                write=self.settings.fetch_read_seconds,
                pool=None,
            ),
            follow_redirects=False,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(
        self, address: str, validators: Validators = NONE, *, accept: str = "*/*", is_api: bool = False
    ) -> Page:
        """A page, held in memory. `is_api`: a documented interface for programs, to which robots.txt does not apply."""
        headers = {"Accept": accept, **validators.as_conditions()}
        found: Page | None = None
        async for attempt in self._attempts():
            with attempt, self._noting_failures(address):
                async with self._answer(address, headers, is_api=is_api) as response:
                    found = await self._page(response)
        assert found is not None  # noqa: S101 - stamina raises where no attempt succeeded
        return found

    async def download(
        self,
        address: str,
        incoming: Path,
        target: Path,
        validators: Validators = NONE,
        *,
        keep_unless: bool = False,
    ) -> Downloaded:
        """A file, written to `target` in one step once it is whole. What a broken attempt left in `incoming` is gone on from.

        `keep_unless`: the file at `target` is kept where a web page comes in the place of what was no web page.
        """
        found: Downloaded | None = None
        async for attempt in self._attempts():
            with attempt, self._noting_failures(address):
                part = Part.at(incoming, address)
                headers = {"Accept": "*/*", "Accept-Encoding": "identity", **part.headers_for(validators)}
                async with self._answer(address, headers, part=part) as response:
                    if response.status_code == httpx.codes.NOT_MODIFIED:
                        self.counts.unchanged += 1
                        found = Downloaded(validators, "", 0, is_unchanged=True)
                    else:
                        found = await receive(
                            address, response, part, self.settings.fetch_max_bytes, self.settings.fetch_total_seconds
                        )
                        self.counts.bytes += found.byte_count
                        put_in_place(address, part, target, keep_unless=keep_unless)
        assert found is not None  # noqa: S101 - as above
        return found

    def _attempts(self) -> stamina._core._RetryContextIterator:
        wait = self.settings.fetch_wait
        return stamina.retry_context(
            on=self._may_try_again,
            attempts=self.settings.fetch_attempts,
            timeout=None,
            wait_initial=wait,
            wait_max=max(wait, 60.0),
            wait_jitter=wait,
        )

    def _may_try_again(self, error: Exception) -> bool | float:
        if not isinstance(error, PassingError) or self._host_of(error.address).is_down:
            return False
        if error.retry_after is not None and error.retry_after > self.settings.fetch_patience:
            return False
        self.counts.retries += 1
        return True if error.retry_after is None else error.retry_after

    @contextlib.contextmanager
    def _noting_failures(self, address: str) -> Iterator[None]:
        """A host that fails for address after address is down, and is not asked again in this run."""
        host = self._host_of(address)
        if host.is_down:
            raise PassingError(address, "its host failed several times in a row, so it is left for the next run")
        try:
            yield
        except PassingError:
            host.failures += 1 / self.settings.fetch_attempts
            raise
        host.failures = 0

    @contextlib.asynccontextmanager
    async def _answer(
        self, address: str, headers: Mapping[str, str], *, is_api: bool = False, part: Part | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The answer after redirects, its body not yet read: 200, 206 or 304. Everything else is raised."""
        here = address
        for _ in range(self.settings.fetch_redirects + 1):
            place = self._place(here)
            parts = addresses.checked(place, allow_loopback=self.settings.fetch_allow_loopback)
            host = self._host(parts.netloc)
            if not is_api:
                await self._ask_robots(host, place)
            async with host.turn():
                self.counts.requests += 1
                with _explained(address):
                    response = await self._client.send(
                        self._client.build_request("GET", place, headers=dict(headers)), stream=True
                    )
                try:
                    if response.status_code not in MOVED:
                        if response.status_code == 416 and part is not None:
                            part.forget()
                        await self._judge(address, response, host)
                        with _explained(address):
                            yield response
                        return
                    here = _onward(address, here, response.headers.get("location", ""))
                finally:
                    await response.aclose()
        raise RefusedError(
            address, f"refused: more than {self.settings.fetch_redirects} redirects, the last to {here[:200]}"
        )

    async def _judge(self, address: str, response: httpx.Response, host: Host) -> None:
        status = response.status_code
        if status in {200, 206, 304}:
            return
        if status in NOTHING:
            raise GoneError(address, f"nothing is there (HTTP {status})")
        if status in BUSY:
            pause = retry_after(response.headers.get("retry-after"))
            if pause is not None and pause <= self.settings.fetch_patience:
                host.hold(pause)
            asked = f", and asks to wait {pause:,.0f} seconds" if pause is not None else ""
            raise PassingError(address, f"the host answers HTTP {status}{asked}", pause)
        if status == 416:
            raise PassingError(address, "the host has no such part of the file any more", 0.0)
        async with _in_time(address, self.settings.fetch_read_seconds):
            body = await anext(response.aiter_bytes(MAX_WORDS), b"")
        words = "".join(sign if sign.isprintable() else " " for sign in body.decode("utf-8", "replace"))
        raise FetchError(address, f"the host answers HTTP {status}: {words.strip() or 'no words'}")

    async def _page(self, response: httpx.Response) -> Page:
        address, limit = str(response.url), self.settings.fetch_max_page_bytes
        if response.status_code == httpx.codes.NOT_MODIFIED:
            self.counts.unchanged += 1
            return Page(address, b"", validators_of(response.headers), "", is_unchanged=True)
        body = bytearray()
        async with _in_time(address, self.settings.fetch_total_seconds):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise TooLargeError(address, f"the page is larger than {limit:,} bytes")
        self.counts.bytes += len(body)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Page(address, bytes(body), validators_of(response.headers), kind)

    def _host_of(self, address: str) -> Host:
        try:
            return self._host(urlsplit(self._place(address)).netloc)
        except ValueError:  # no address at all, which is refused before anything is sent
            return self._host("")

    def _host(self, netloc: str) -> Host:
        if netloc not in self._hosts:
            self._hosts[netloc] = Host(self.settings.fetch_rate, self.settings.fetch_concurrency)
        return self._hosts[netloc]

    def _place(self, address: str) -> str:
        """Where an address of GOV.UK's files is fetched from, which can be another place in tests and behind a cache."""
        for public in (f"{GOVUK_ASSETS}/", GOVUK_UPLOADS):
            if address.startswith(public) and self.settings.govuk_assets != GOVUK_ASSETS:
                return self.settings.govuk_assets + urlsplit(address)._replace(scheme="", netloc="").geturl()
        return address

    async def _ask_robots(self, host: Host, place: str) -> None:
        async def text() -> str:
            parts = urlsplit(place)
            try:
                page = await self.get(f"{parts.scheme}://{parts.netloc}/robots.txt", is_api=True)
            except PassingError:
                raise
            except FetchError:  # no such file, or none that is for us: nothing is asked of us
                return ""
            return page.body[:ROBOTS_BYTES].decode("utf-8", "replace")

        if not await host.allows(place, self.settings.user_agent, text):
            raise NotAllowedError(place, "the host's robots.txt asks programs not to fetch this address")


@contextlib.contextmanager
def _explained(address: str) -> Iterator[None]:
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
async def _in_time(address: str, seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise PassingError(address, f"the answer took longer than {seconds:,.0f} seconds") from error


def _onward(address: str, here: str, location: str) -> str:
    try:
        there = urljoin(here, location)
    except ValueError as error:
        raise RefusedError(address, f"refused: it redirects to no address ({error})") from error
    if not location:
        raise FetchError(address, "the host redirects without saying where to")
    if here.startswith("https://") and there.startswith("http://"):
        raise RefusedError(address, f"refused: it redirects from a safe connection to an unsafe one, {there[:200]}")
    return there
