"""Trying again: passing trouble with pauses that grow, as long as the host is worth it; everything else once.

Belongs here: whether and when there is another attempt. Does not belong here: what an attempt is (client.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import stamina
import stamina.instrumentation

from sources.fetch.errors import PassingError
from sources.fetch.targets import Targets
from sources.fetch_settings import FetchSettings

LONGEST_WAIT = 60.0

# Retries are told to whoever sets hooks; by default stamina would print through structlog where that is installed.
stamina.instrumentation.set_on_retry_hooks([])


@dataclass(slots=True)
class Counts:
    """What a Fetcher did, for reports and metrics."""

    requests: int = 0
    unchanged: int = 0
    retries: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts that a Fetcher makes."""

    settings: FetchSettings
    targets: Targets
    counts: Counts

    def begin(self) -> stamina._core._RetryContextIterator:
        wait = self.settings.fetch_wait
        return stamina.retry_context(
            on=self._may_try_again,
            attempts=self.settings.fetch_attempts,
            timeout=None,
            wait_initial=wait,
            wait_max=max(wait, LONGEST_WAIT),
            wait_jitter=wait,
        )

    @contextlib.contextmanager
    def noting_failures(self, address: str) -> Iterator[None]:
        """A host that fails for address after address is down, and is not asked again in this run."""
        host = self.targets.host_of(address)
        if host.is_down:
            raise PassingError(address, "its host failed several times in a row, so it is left for the next run")
        try:
            yield
        except PassingError:
            host.failures += 1 / self.settings.fetch_attempts
            raise
        host.failures = 0

    def _may_try_again(self, error: Exception) -> bool | float:
        if not isinstance(error, PassingError) or self.targets.host_of(error.address).is_down:
            return False
        if error.retry_after is not None and error.retry_after > self.settings.fetch_patience:
            return False
        self.counts.retries += 1
        return True if error.retry_after is None else error.retry_after
