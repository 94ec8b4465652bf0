"""After a run: who is told what.

Belongs here: putting run, release and settings together. Does not belong here: words (message.py) or sending (alerts.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.home import Home
from pipelines.operation.alerts import send
from pipelines.operation.message import Told, after_run, new_findings, run_failed
from pipelines.operation.silence import silent_publishers
from pipelines.settings import Settings, load_settings
from pipelines.summary import RunSummary

if TYPE_CHECKING:
    from published.changed_publishers import PublisherChange


def tell(home: Home, summary: RunSummary) -> list[str]:
    """Sends what is news. Returns what went wrong with that, for people: a message that fails does not fail the run."""
    settings = load_settings(home.root)
    if not (settings.alert_addresses or settings.subscribers):
        return []
    from published.changed import changed  # noqa: PLC0415 - only who is to be told pays for it
    from published.changed_publishers import changed_publishers, overdue  # noqa: PLC0415

    as_of = date.fromisoformat(summary.as_of)
    silent = silent_publishers(home, summary.channel, as_of=as_of, days=settings.alert_days_silent)
    noted = _noted(home, summary.channel)
    difference = changed(Path(summary.release_path)) if summary.is_new_release else None
    publishers = changed_publishers(Path(summary.release_path)) if summary.is_new_release else {}
    message = after_run(
        summary, difference, silent, Told.at(noted), site=settings.site_address, overdue=overdue(publishers)
    )
    problems = send(message, settings.alert_addresses) if message else []
    if summary.is_new_release and not summary.held:
        problems += _tell_subscribers(summary, settings, publishers)
    if not problems:
        Told.of(summary, silent).save(noted)
    return problems


def tell_failure(home: Home, channel: str, error: str) -> list[str]:
    """Sends that a run failed."""
    return send(run_failed(channel, error), load_settings(home.root).alert_addresses)


def _tell_subscribers(summary: RunSummary, settings: Settings, publishers: Mapping[str, PublisherChange]) -> list[str]:
    from published.deltas import ADDED  # noqa: PLC0415

    problems = []
    for publisher_id, addresses in sorted(settings.subscribers.items()):
        change = publishers.get(publisher_id)
        if change and (rules := change.findings.get(ADDED)):
            problems += send(new_findings(publisher_id, summary.release, rules, settings.site_address), addresses)
    return problems


def _noted(home: Home, channel: str) -> Path:
    return home.root / "runs" / f"told-{channel}.json"
