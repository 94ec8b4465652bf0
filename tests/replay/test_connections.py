"""Where connections go and whom they trust: certificates, HTTP/2, proxies, and names that change their answer."""

from __future__ import annotations

import asyncio
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpcore
import httpx
import pytest

from sources.fetch import Fetcher, FetchError, FetchSettings, Page, RefusedError

SETTINGS = {"fetch_rate": 0, "fetch_attempts": 1, "fetch_wait": 0}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def _get(*addresses: str, **more: Any) -> list[Page]:
    async def go() -> list[Page]:
        async with Fetcher(FetchSettings(**{**SETTINGS, "fetch_allow_loopback": True, **more})) as fetcher:
            return [await fetcher.get(one, is_api=True) for one in addresses]

    return asyncio.run(go())


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Trust a certificate, as if it stood among the system's."""

    def trust(pem: Path) -> None:
        made = ssl.create_default_context(cafile=str(pem))
        monkeypatch.setattr(httpx, "create_ssl_context", lambda: made)

    return trust


def test_a_certificate_that_nobody_vouches_for_is_refused(tls: Any, tmp_path: Path) -> None:
    with tls.TlsServer(tls.certificate(tmp_path, "127.0.0.1"), b"secret") as server:
        with pytest.raises(FetchError, match=r"cannot be reached .*CERTIFICATE_VERIFY_FAILED.*self.signed"):
            _get(f"https://127.0.0.1:{server.port}/a")
        assert server.spoken == []


def test_a_certificate_for_another_host_is_refused(tls: Any, tmp_path: Path, trusted: Any) -> None:
    pem = tls.certificate(tmp_path, "elsewhere.example")
    trusted(pem)
    with tls.TlsServer(pem, b"secret") as server:
        with pytest.raises(FetchError, match="IP address mismatch"):
            _get(f"https://127.0.0.1:{server.port}/a")
        assert server.spoken == []


@pytest.mark.parametrize(("offers_h2", "spoken"), [(True, "h2"), (False, "http/1.1")])
def test_http_2_is_spoken_where_it_is_offered(
    tls: Any, tmp_path: Path, trusted: Any, offers_h2: bool, spoken: str
) -> None:
    pem = tls.certificate(tmp_path, "localhost")
    trusted(pem)
    with tls.TlsServer(pem, b"hello", offers_h2=offers_h2) as server:
        pages = _get(*[f"https://localhost:{server.port}/{one}" for one in range(3)])
        assert [one.body for one in pages] == [b"hello"] * 3
        assert pages[0].validators.etag == '"one"'
        # One connection for all, and TLS names the host though the connection goes to a number.
        assert (server.spoken, server.named) == ([spoken], ["localhost"])


class _Resolver:
    """A name server whose answer is another one each time it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)
        real = asyncio.BaseEventLoop.getaddrinfo

        async def answer(loop: Any, host: Any, port: Any, **more: Any) -> Any:
            if not str(host).endswith(".example"):
                return await real(loop, host, port, **more)
            self.asked.append(str(host))
            address = self._answers.pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answer)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that connections go to; all of them are led to where nothing listens."""
    went: list[str] = []

    class Refusing:
        def __init__(self) -> None:
            pass

        async def connect_tcp(self, host: str, *_: object, **__: object) -> Any:
            went.append(host)
            raise httpcore.ConnectError("nobody there")

    monkeypatch.setattr("sources.fetch.network.httpcore.AnyIOBackend", Refusing)
    return went


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    resolver = _Resolver(monkeypatch, "93.184.216.34", "127.0.0.1", "10.0.0.1")
    with pytest.raises(FetchError, match="nobody there"):
        _get("https://rebind.example/a", fetch_allow_loopback=False)
    # Asked once, and what was said then is what is used: no second look-up that could say 127.0.0.1.
    assert (resolver.asked, connected) == (["rebind.example"], ["93.184.216.34"])


def test_a_name_that_has_come_to_lead_inwards_is_refused_at_the_next_connection(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    _Resolver(monkeypatch, "93.184.216.34", "127.0.0.1")

    async def go() -> None:
        async with Fetcher(FetchSettings(**SETTINGS)) as fetcher:
            with pytest.raises(FetchError, match="nobody there"):
                await fetcher.get("https://rebind.example/a", is_api=True)
            with pytest.raises(
                RefusedError, match=r"the name leads to 127\.0\.0\.1, which is an address of this machine"
            ):
                await fetcher.get("https://rebind.example/a", is_api=True)

    asyncio.run(go())
    assert connected == ["93.184.216.34"]


class _Pages(http.server.BaseHTTPRequestHandler):
    """Redirects /away to a name, and otherwise answers; as a proxy too."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Host")))  # type: ignore[attr-defined]
        away = self.path.endswith("/away")
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", "http://inside.example/secret")
        self.send_header("Content-Length", "0" if away else "7")
        self.end_headers()
        self.wfile.write(b"" if away else b"proxied")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def plain() -> Iterator[Any]:
    """A plain server: its `port`, and what it was `asked`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield SimpleNamespace(port=server.server_address[1], asked=server.asked)  # type: ignore[attr-defined]
        server.shutdown()


@pytest.mark.parametrize("inside", ["10.0.0.8", "169.254.169.254", "192.168.0.1"])
def test_every_redirect_is_looked_up_and_checked_again(
    plain: Any, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    resolver = _Resolver(monkeypatch, inside)
    with pytest.raises(RefusedError, match=f"the name leads to {inside}, which is"):
        _get(f"http://127.0.0.1:{plain.port}/away")
    assert resolver.asked == ["inside.example"]
    assert [path for path, _ in plain.asked] == ["/away"]


def test_a_proxy_of_the_environment_is_used(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{plain.port}")
    [page] = _get("http://publisher.example/spend.csv", fetch_allow_loopback=False)
    assert page.body == b"proxied"
    assert plain.asked == [("http://publisher.example/spend.csv", "publisher.example")]


def test_hosts_that_need_no_proxy_are_reached_directly(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    [page] = _get(f"http://127.0.0.1:{plain.port}/a")
    assert page.body == b"proxied"
    assert [path for path, _ in plain.asked] == ["/a"]


def test_behind_a_proxy_addresses_written_as_numbers_are_still_checked(
    plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{plain.port}")
    with pytest.raises(RefusedError, match="a link-local address"):
        _get("http://169.254.169.254/latest/meta-data", fetch_allow_loopback=False)
    assert plain.asked == []
