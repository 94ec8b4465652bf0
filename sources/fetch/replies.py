"""What comes back: pages held in memory, files on the disk, and what is needed to ask again whether they changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_HEADER = 500


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as the host gave them."""

    etag: str | None = None
    last_modified: str | None = None

    def as_conditions(self) -> dict[str, str]:
        """Headers that ask for an answer only if it changed."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in conditions.items() if value}

    @property
    def for_resuming(self) -> str | None:
        """What proves that the rest of a file belongs to its beginning; a weak tag does not."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


NONE = Validators()


def validators_of(headers: object) -> Validators:
    """From an answer's headers; values too long or not plain text are left out."""
    get = headers.get  # type: ignore[attr-defined]  # httpx.Headers and dictionaries alike
    kept = (
        value if (value := get(name)) and len(value) <= MAX_HEADER and value.isascii() else None
        for name in ("etag", "last-modified")
    )
    return Validators(*kept)


@dataclass(frozen=True, slots=True)
class Page:
    """An answer held in memory. `is_unchanged`: the host says so (304) and `body` is empty. `address` is where it was found."""

    address: str
    body: bytes
    validators: Validators
    content_type: str
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file on the disk. `is_unchanged`: the host says so (304) and nothing was written."""

    validators: Validators
    content_type: str
    byte_count: int
    is_unchanged: bool = False


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None where it says nothing sensible."""
    if not value:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
