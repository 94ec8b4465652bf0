"""Connections that go to the address that was checked: a host's name is looked up once, and what came back is what is used.

Belongs here: the transport under httpx. TLS still names the host (SNI) and verifies its certificate, and the Host header
keeps the name, since only the connection's own target is replaced.
"""

from __future__ import annotations

import asyncio
import importlib.util
import ipaddress
import socket
import sys
import urllib.request
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from sources.fetch.addresses import not_public
from sources.fetch.errors import RefusedError

if importlib.util.find_spec("sniffio") is None:
    # httpcore looks for it before every request. A search of the disk that finds nothing is not remembered by Python, and took
    # half of a request's time; None here says that it is not there.
    sys.modules["sniffio"] = None  # type: ignore[assignment]


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Looks a name up, refuses it where any of its addresses is not public, and connects to one of those addresses."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._allow_loopback = allow_loopback

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        error: Exception = httpcore.ConnectError(f"{host}: has no address")
        for address in await self.addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    async def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses in the system's order. One that is not public refuses all: a name that mixes them is a trick."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: the name cannot be looked up") from error
        addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
        for address in addresses:
            if why := not_public(ipaddress.ip_address(address), allow_loopback=self._allow_loopback):
                raise RefusedError(host, f"refused: the name leads to {address}, which is {why}")
        return addresses

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over CheckedBackend."""

    def __init__(self, *, allow_loopback: bool, limits: httpx.Limits) -> None:
        super().__init__(http2=True, limits=limits)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            http2=True,
            network_backend=CheckedBackend(allow_loopback=allow_loopback),
        )


class RoutedTransport(httpx.AsyncBaseTransport):
    """Direct, or through the proxy that the environment names (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY).

    A proxy looks names up itself, so only addresses written as numbers are checked then; whoever runs the proxy decides
    what it reaches.
    """

    def __init__(self, *, allow_loopback: bool, limits: httpx.Limits) -> None:
        self._direct = CheckedTransport(allow_loopback=allow_loopback, limits=limits)
        proxies = urllib.request.getproxies()
        self._proxied = {
            scheme: httpx.AsyncHTTPTransport(http2=True, limits=limits, proxy=_whole(proxy))
            for scheme in ("http", "https")
            if (proxy := proxies.get(scheme) or proxies.get("all"))
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        proxied = self._proxied.get(request.url.scheme)
        if proxied is None or urllib.request.proxy_bypass(request.url.netloc.decode("ascii")):
            return await self._direct.handle_async_request(request)
        return await proxied.handle_async_request(request)

    async def aclose(self) -> None:
        for transport in (self._direct, *self._proxied.values()):
            await transport.aclose()


def _whole(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"
