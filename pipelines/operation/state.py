"""How the operation stands, as the site's status page and its monitors show it: facts of the home that no release holds.

Belongs here: putting them together, at most once a minute. Does not belong here: what a release holds, and the form of
metrics (published/site). Nothing of it names a path, an address or an error's words, since the page is public.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pipelines.home import Home
from pipelines.operation.outcome import last_outcome
from pipelines.summary import loaded

KEPT_SECONDS = 60.0
"""Sizes and silence mean looking at every file, and monitors ask often."""


def operation(home: Home, channel: str, days_silent: int) -> dict[str, Any]:
    """`last_run`: `ended_at`, `is_success`, `succeeded_at` (None where none did), `seconds` and `problem_count` (None where the run
    failed); None where no run has ended. `silent_count`: publishers of which nothing new came for `days_silent` days.
    `sizes`: bytes by part of the home. `free_bytes`: of its disk.
    """
    from pipelines.operation.silence import silent_publishers  # noqa: PLC0415 - brings the store

    silent = silent_publishers(home, channel, as_of=datetime.now(UTC).date(), days=days_silent)
    return {
        "last_run": _last_run(home, channel),
        "silent_count": len(silent),
        "days_silent": days_silent,
        "sizes": home.sizes(),
        "free_bytes": shutil.disk_usage(home.root).free,
    }


def _last_run(home: Home, channel: str) -> dict[str, Any] | None:
    outcome = last_outcome(home, channel)
    if outcome is None:
        return None
    summary = loaded(home.last_run)
    told = summary if summary and summary["channel"] == channel and not outcome.error else None
    return {
        "ended_at": outcome.ended_at,
        "is_success": not outcome.error,
        "succeeded_at": outcome.succeeded_at or None,
        "seconds": told["total_seconds"] if told else None,
        "problem_count": len(told["problems"]) if told else None,
    }


def kept(look: Callable[[], dict[str, Any]], seconds: float = KEPT_SECONDS) -> Callable[[], dict[str, Any]]:
    """`look`, called again only where its last answer is older than so many seconds. Threads may share it."""
    lock = threading.Lock()
    last: tuple[float, dict[str, Any]] | None = None

    def answer() -> dict[str, Any]:
        nonlocal last
        with lock:
            if last is None or time.monotonic() - last[0] > seconds:
                last = time.monotonic(), look()
            return last[1]

    return answer
