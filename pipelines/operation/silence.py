"""Which publishers have gone silent: nothing new or changed has come from them for longer than the settings allow.

Silence is about our copy and the source together; it accuses nobody. What was due and did not come is in the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.home import Home
from pipelines.ingest import held
from sources.snapshots import SnapshotStore


@dataclass(frozen=True, slots=True)
class Silent:
    """A publisher, and the day on which its newest bytes came."""

    publisher_id: str
    last_new: date


def silent_publishers(home: Home, channel: str, *, as_of: date, days: int) -> list[Silent]:
    """By publisher. A publisher of which no bytes were ever held has not fallen silent, and is not listed."""
    store = SnapshotStore(home.snapshots)
    found = []
    for publisher_id, holdings in held(home, channel).items():
        snapshots = [store.latest(holding.distribution.distribution_id) for holding in holdings if holding.sha256]
        newest = max((one.fetched_at for one in snapshots if one), default=None)
        if newest and as_of - (last := datetime.fromisoformat(newest).date()) > timedelta(days=days):
            found.append(Silent(publisher_id, last))
    return sorted(found, key=lambda one: one.publisher_id)
