"""Fetcher: pages and files over HTTP, with every redirect checked, hosts spared, and passing trouble tried again.

Belongs here: one request, from address to answer. Does not belong here: whether to try again (attempts.py), what a refusal means
(verdicts.py), writing files (download.py), addresses, limits.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from sources.fetch import addresses
from sources.fetch.attempts import Attempts, Counts
from sources.fetch.download import Part, put_in_place, receive
from sources.fetch.errors import FetchError, NotAllowedError, PassingError, RefusedError, TooLargeError
from sources.fetch.hosts import Host
from sources.fetch.network import RoutedTransport
from sources.fetch.replies import NONE, Downloaded, Page, Validators, validators_of
from sources.fetch.targets import Targets
from sources.fetch.verdicts import MOVED, NO_SUCH_PART, explained, in_time, judge, onward
from sources.fetch_settings import FetchSettings

ROBOTS_BYTES = 512 * 1024


@dataclass(slots=True)
class Fetcher:
    """Use as an asynchronous context manager. Errors are FetchErrors, each with the address and whether it may pass."""

    settings: FetchSettings
    counts: Counts = field(default_factory=Counts)
    _targets: Targets = field(init=False)
    _attempts: Attempts = field(init=False)
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self._targets = Targets(self.settings)
        self._attempts = Attempts(self.settings, self._targets, self.counts)

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
        async for attempt in self._attempts.begin():
            with attempt, self._attempts.noting_failures(address):
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
        async for attempt in self._attempts.begin():
            with attempt, self._attempts.noting_failures(address):
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

    @contextlib.asynccontextmanager
    async def _answer(
        self, address: str, headers: Mapping[str, str], *, is_api: bool = False, part: Part | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The answer after redirects, its body not yet read: 200, 206 or 304. Everything else is raised."""
        here = address
        for _ in range(self.settings.fetch_redirects + 1):
            place = self._targets.place(here)
            parts = addresses.checked(place, allow_loopback=self.settings.fetch_allow_loopback)
            host = self._targets.host(parts.netloc)
            if not is_api:
                await self._ask_robots(host, place)
            async with host.turn():
                self.counts.requests += 1
                with explained(address):
                    response = await self._client.send(
                        self._client.build_request("GET", place, headers=dict(headers)), stream=True
                    )
                try:
                    if response.status_code not in MOVED:
                        if response.status_code == NO_SUCH_PART and part is not None:
                            part.forget()
                        await judge(address, response, host, self.settings)
                        with explained(address):
                            yield response
                        return
                    here = onward(address, here, response.headers.get("location", ""))
                finally:
                    await response.aclose()
        raise RefusedError(
            address, f"refused: more than {self.settings.fetch_redirects} redirects, the last to {here[:200]}"
        )

    async def _page(self, response: httpx.Response) -> Page:
        address, limit = str(response.url), self.settings.fetch_max_page_bytes
        if response.status_code == httpx.codes.NOT_MODIFIED:
            self.counts.unchanged += 1
            return Page(address, b"", validators_of(response.headers), "", is_unchanged=True)
        body = bytearray()
        async with in_time(address, self.settings.fetch_total_seconds):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise TooLargeError(address, f"the page is larger than {limit:,} bytes")
        self.counts.bytes += len(body)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Page(address, bytes(body), validators_of(response.headers), kind)

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
