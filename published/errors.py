"""What can go wrong while a release is built or found. Each message is one line with the remedy."""

from __future__ import annotations

from sources.errors import PublicValueError, UsageError


class ReleaseError(PublicValueError):
    """A release did not verify, so nothing was published; what was served before still is."""


class NoReleaseError(UsageError):
    """There is no release where one was asked for."""
