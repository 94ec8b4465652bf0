"""The three kinds of input behind one protocol. What comes after does not know which it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Distribution:
    """One downloadable file, before its bytes are read.

    `path` is relative to the input's root (`spend/<publisher>/<file>`); `url` and `published_date` are None where the
    source does not say. `path` holds no lone surrogates: bytes of a name that are not UTF-8 are escaped.
    `is_address_shared` says that another file was published at the same `url` (a page, not the file itself).
    `first_url` is the address under which the file was first published, where its page has since put it at another one.
    `title` and `page_title` are what the page calls the file, and itself; empty where that is not known.
    """

    publisher_id: str
    path: str
    kind: str = "spend"
    dataset_id: str | None = None
    url: str | None = None
    published_date: date | None = None
    is_address_shared: bool = False
    first_url: str | None = None
    title: str = ""
    page_title: str = ""

    @property
    def file_name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def distribution_id(self) -> str:
        """The first address identifies the file wherever it was copied to; the path does where no address is known."""
        address = self.first_url or self.url or self.path
        if self.is_address_shared:
            address = f"{address}\x1f{self.path}"
        return hashlib.sha256(f"{self.publisher_id}\x1f{address}".encode()).hexdigest()[:16]


class NotHadError(OSError):
    """The bytes are not there, and the source says why: a code of schema/codes/file_reasons, and words."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Source(Protocol):
    """Yields what there is to read. Implemented by the sample, a mirror folder and GOV.UK."""

    channel: str
    """`sample`, `mirror` or `live`: names the release line."""
    is_ours: bool
    """Whether the files are our own copies, which nobody edits in place: the store may share their bytes."""

    def distributions(self) -> Iterator[Distribution]:
        """Every file, in a stable order."""
        ...

    def fetch(self, distribution: Distribution) -> Path:
        """Local path of the bytes. Raises OSError where they cannot be had, NotHadError where it is known why."""
        ...

    def headers(self, distribution: Distribution) -> Mapping[str, str]:
        """What the host said of the bytes: etag, last-modified and content-type, as far as they are known."""
        ...
