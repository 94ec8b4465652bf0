"""Which addresses may be fetched from. Pure functions; the connection (network.py) goes to the very address checked here."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from sources.fetch.errors import RefusedError

PORTS = {80, 443, 8080, 8443}
MAX_LENGTH = 2000
REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(one)
    # Beside what Python calls not global: translation prefixes that carry an address of their own are looked into below.
    for one in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "fec0::/10", "::/96")
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked(address: str, *, allow_loopback: bool = False) -> SplitResult:
    """The address in its parts. Raises RefusedError unless it is plain http or https to a named host on a web port."""
    shown = address[:200]
    if len(address) > MAX_LENGTH:
        raise RefusedError(shown, f"refused: the address is longer than {MAX_LENGTH:,} characters")
    if any(ord(sign) < 33 or ord(sign) == 127 for sign in address):
        raise RefusedError(repr(shown), "refused: the address holds blanks or control characters")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise RefusedError(shown, f"refused: no address ({error})") from error
    if parts.scheme not in {"http", "https"}:
        raise RefusedError(shown, "refused: only http and https addresses are fetched from")
    if parts.username is not None or parts.password is not None:
        raise RefusedError(parts._replace(netloc="...").geturl(), "refused: the address holds a name or a password")
    if not parts.hostname:
        raise RefusedError(shown, "refused: the address names no host")
    if port is not None and port not in PORTS and not allow_loopback:
        raise RefusedError(shown, f"refused: port {port} is none of {', '.join(map(str, sorted(PORTS)))}")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    if why := not_public(literal, allow_loopback=allow_loopback):
        raise RefusedError(shown, f"refused: {literal} is {why}")
    return parts


def not_public(ip: IPv4Address | IPv6Address, *, allow_loopback: bool = False) -> str | None:
    """Why nothing is fetched from this address, in words; None where it is an ordinary public one."""
    for inner in _carried(ip):
        if why := not_public(inner, allow_loopback=allow_loopback):
            return f"{why} (it carries {inner})"
        if ip in NAT64 or (isinstance(ip, IPv6Address) and ip.ipv4_mapped):
            return None
    if ip.is_loopback and allow_loopback:
        return None
    kinds = (
        (ip.is_loopback, "an address of this machine"),
        (ip.is_link_local, "a link-local address"),
        (ip.is_multicast, "a multicast address"),
        (ip.is_private, "an address of a private network"),
        (not ip.is_global or any(ip in net for net in REFUSED_NETWORKS), "no public address"),
    )
    return next((words for holds, words in kinds if holds), None)


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses inside an IPv6 one: mapped, 6to4, Teredo (server and client), NAT64."""
    if isinstance(ip, IPv4Address):
        return []
    found = [one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None]
    return [*found, IPv4Address(int(ip) & 0xFFFFFFFF)] if ip in NAT64 else found
