"""An Atom feed (RFC 4287) as bytes.

Belongs here: the form. Does not belong here: what is told (feeds.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`id` never changes and belongs to this entry alone; `updated` is a time of RFC 3339; `html` is safe HTML."""

    id: str
    title: str
    updated: str
    link: str
    html: str


@dataclass(frozen=True, slots=True)
class Author:
    """`uri` and `email` may be empty."""

    name: str
    uri: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """`updated` is that of the feed where it has no entry; else the newest entry's is taken. `address` is its own, `link` that
    of the page it belongs to.
    """

    id: str
    title: str
    subtitle: str
    updated: str
    address: str
    link: str
    author: Author
    rights: str
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The document, in UTF-8. Text is escaped, and what XML cannot hold is shown as a replacement character."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", max((one.updated for one in feed.entries), default=feed.updated))
    ET.SubElement(root, "link", {"rel": "self", "type": TYPE, "href": feed.address})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.link})
    author = ET.SubElement(root, "author")
    for name in ("name", "uri", "email"):
        if value := getattr(feed.author, name):
            _text(author, name, value)
    _text(root, "rights", feed.rights)
    for one in feed.entries:
        entry = ET.SubElement(root, "entry")
        _text(entry, "id", one.id)
        _text(entry, "title", one.title)
        _text(entry, "updated", one.updated)
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.link})
        _text(entry, "content", one.html, type="html")
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = NOT_IN_XML.sub("\ufffd", text)
