"""Links of a web page, or of a piece of one: where each leads and what it says. Hostile input yields fewer links, never an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree, html

MAX_LINKS = 20_000


@dataclass(frozen=True, slots=True)
class Link:
    """`address` is absolute. `heading` is the title that stands beside the link, where the link itself only says 'download'."""

    address: str
    text: str
    heading: str = ""


def links_in(page: str | bytes, base: str) -> list[Link]:
    """In order, without repetitions. `base` is the address of the page."""
    data = page.encode("utf-8", "replace") if isinstance(page, str) else page
    parser = html.HTMLParser(encoding="utf-8" if isinstance(page, str) else None, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(data.replace(b"\0", b""), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):  # empty, or nothing that can be taken for a page
        return []
    found: dict[str, Link] = {}
    for anchor in root.iter("a"):
        address = absolute(anchor.get("href") or "", base)
        if address is None:
            continue
        text, heading = _text(anchor), _heading(anchor)
        known = found.get(address)
        if known is None or not known.text:
            found[address] = Link(address, text, heading)
        if len(found) >= MAX_LINKS:
            break
    return list(found.values())


def absolute(address: str, base: str) -> str | None:
    """The web address that a link on the page at `base` leads to, without its fragment; None where it leads to none."""
    try:
        whole = urljoin(base, address.strip())
    except ValueError:
        return None
    return whole.partition("#")[0].replace(" ", "%20") if whole.startswith(("http://", "https://")) else None


def _heading(anchor: html.HtmlElement) -> str:
    """The title in the attachment block that GOV.UK puts around a download link."""
    for block in anchor.iterancestors("section", "div"):
        if "attachment" in (block.get("class") or "").split():
            titles = [one for one in block.iter("h2", "h3") if "title" in (one.get("class") or "")]
            return _text(titles[0]) if titles else ""
    return ""


def _text(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()[:500]
