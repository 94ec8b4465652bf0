"""How a channel's last run ended: kept beside the summary of what it did, since a run that fails has no summary.

runs/outcome-<channel>.json
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.home import Home
from sources.errors import UsageError
from sources.one_step import replace_file


@dataclass(frozen=True, slots=True)
class Outcome:
    """Times are ISO 8601 in UTC. `error` is empty where the run succeeded; `succeeded_at`, where none ever did."""

    ended_at: str
    error: str = ""
    succeeded_at: str = ""


def last_outcome(home: Home, channel: str) -> Outcome | None:
    """None where no run has ended yet, or its note cannot be read."""
    try:
        return Outcome(**json.loads(_note(home, channel).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def note_outcome(home: Home, channel: str, error: str = "", at: datetime | None = None) -> None:
    """Notes the end of a run, at `at` or now. One that ended before the one noted last changes nothing: failures are heard of
    late.
    """
    ended = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    before = last_outcome(home, channel)
    if before is not None and before.ended_at > ended:
        return
    succeeded = (before.succeeded_at if before else "") if error else ended
    replace_file(
        _note(home, channel), json.dumps(asdict(Outcome(ended, error, succeeded)), ensure_ascii=False, indent=1)
    )


@contextlib.contextmanager
def noting_failure(home: Home, channel: str) -> Iterator[None]:
    """Notes what ends the block as a failure. What was asked for wrongly was no run."""
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        note_outcome(home, channel, str(error) or type(error).__name__)
        raise


def _note(home: Home, channel: str) -> Path:
    return home.root / "runs" / f"outcome-{channel}.json"
