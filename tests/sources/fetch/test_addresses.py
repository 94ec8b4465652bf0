"""Which addresses are fetched from: public ones, over http and https, and no others however they are written."""

from __future__ import annotations

import asyncio
import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetch.addresses import checked, not_public
from sources.fetch.errors import RefusedError
from sources.fetch.network import CheckedBackend

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",  # noqa: S104
    "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "239.255.255.255", "255.255.255.255", "240.0.0.1",
    "::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:0:7f00:1::", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["151.101.0.144", "8.8.8.8", "2a04:4e42::144", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_not_fetched_from(address: str) -> None:
    assert not_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_fetched_from(address: str) -> None:
    assert not_public(ipaddress.ip_address(address)) is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_inside_ipv6(inner: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{inner}")
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(inner))
    expected = not_public(inner) is None
    assert (not_public(mapped) is None) == expected
    assert (not_public(translated) is None) == expected


@pytest.mark.parametrize("network", ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"])
@given(data=st.data())
def test_no_address_of_a_private_network_passes(network: str, data: st.DataObject) -> None:
    assert not_public(data.draw(st.ip_addresses(network=network))) is not None


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://example.org/a.csv", "gopher://example.org/", "data:text/csv,a", "javascript:alert(1)",
        "http://user:secret@example.org/a.csv", "http:///a.csv", "https://example.org:22/a.csv", "http://10.0.0.1/a.csv",
        "http://[::1]/a.csv", "http://[::ffff:169.254.169.254]/latest/meta-data", "http://example.org/a b.csv",
        "http://example.org/a\r\nHost: other", "http://[broken/a.csv", "https://example.org:99999/", f"https://example.org/{'a' * 3000}", "",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_refused_in_words(address: str) -> None:
    with pytest.raises(RefusedError, match="refused: "):
        checked(address)


def test_a_password_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(RefusedError) as refused:
        checked("https://me:secret@example.org/a.csv")
    assert "secret" not in str(refused.value)


def test_an_ordinary_address_is_let_through() -> None:
    assert (
        checked("https://assets.publishing.service.gov.uk/media/1/a.csv").hostname == "assets.publishing.service.gov.uk"
    )


def _answering(*addresses: str) -> type:
    class Loop:
        @staticmethod
        async def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
            return [(2, 1, 6, "", (address, port)) for address in addresses]

    return Loop


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("127.0.0.1",), ("8.8.8.8", "192.168.0.1"), ("::ffff:10.0.0.1",)])
def test_a_name_that_leads_to_a_private_address_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sources.fetch.network.asyncio.get_running_loop", _answering(*addresses))
    with pytest.raises(RefusedError, match="the name leads to"):
        asyncio.run(CheckedBackend(allow_loopback=False).addresses("files.example.org", 443))


def test_the_connection_goes_to_the_address_that_was_checked_and_not_to_a_second_look_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected: list[str] = []

    async def connect(_self: object, host: str, *_: object) -> object:
        connected.append(host)
        return object()

    monkeypatch.setattr("sources.fetch.network.asyncio.get_running_loop", _answering("8.8.4.4"))
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    asyncio.run(CheckedBackend(allow_loopback=False).connect_tcp("files.example.org", 443))
    assert connected == ["8.8.4.4"]
