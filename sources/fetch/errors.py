"""What can go wrong between us and a host. Each error names the address, what happened, and whether trying again may help."""

from __future__ import annotations


class FetchError(Exception):
    """Base. `reason` is a code of schema/codes/file_reasons; `is_passing` says that a later attempt may succeed."""

    reason = "no_access"
    is_passing = False

    def __init__(self, address: str, what: str) -> None:
        super().__init__(f"{address}: {what}")
        self.address = address
        self.what = what


class RefusedError(FetchError):
    """The address must not be fetched from: another protocol, a private network, a name that is a path, a redirect there."""

    reason = "address_refused"


class NotAllowedError(FetchError):
    """The host's robots.txt asks us not to fetch this address."""


class GoneError(FetchError):
    """The host says that there is nothing at the address (404, 410)."""


class TooLargeError(FetchError):
    """The answer is over the limit of bytes."""

    reason = "too_large"


class PassingError(FetchError):
    """The host is busy, unreachable or broke off. `retry_after` is how many seconds it asks us to wait, if it does."""

    is_passing = True

    def __init__(self, address: str, what: str, retry_after: float | None = None) -> None:
        super().__init__(address, what)
        self.retry_after = retry_after
