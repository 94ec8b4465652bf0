"""What files held before: earlier snapshots of a file, read like the newest, and files that are no longer offered.

Belongs here: which snapshots follow one another, and their rows as Parquet. Does not belong here: comparing them
(quality_checks.revisions). Members are cached in the lake like all others, so that each snapshot is read once.

    inputs/<channel>/withdrawn/<publisher>.json     files that a look at the source no longer found, and when
    lake/history/<channel>-<hash>.rows.parquet      rows of every snapshot that took part in a change
    lake/history/<channel>-<hash>.files.parquet     their accounts
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pipelines.home import Home
from pipelines.ingest import Holding, Holdings, gone
from pipelines.lake import read_members
from pipelines.lake_files import CompactTask, compact
from quality_checks.calendar import Withdrawn
from quality_checks.revisions import Step
from sources.registry import Registry
from sources.snapshots import Snapshot, SnapshotStore


@dataclass(frozen=True, slots=True)
class History:
    """Every change of a channel's files. `rows` and `files` hold all snapshots that `steps` name; None without steps."""

    steps: tuple[Step, ...]
    members: tuple[Path, ...] = ()
    rows: Path | None = None
    files: Path | None = None

    @property
    def kept(self) -> list[Path]:
        """What of the lake it needs."""
        return [path for path in (*self.members, self.rows, self.files) if path is not None]

    @property
    def digest(self) -> str:
        """Stands for all of it in the digest of a run's inputs."""
        return hashlib.sha256(repr((self.steps, self.rows and self.rows.name)).encode()).hexdigest()


def update_history(home: Home, channel: str, holdings: Holdings, registry: Registry) -> History:
    """Read the snapshots that are not in the lake yet and put them together. The home has to be locked."""
    found = list(_changes(home, channel, holdings))
    if not found:
        return History(())
    earlier: Holdings = {}
    for holding, _ in found:
        listed = earlier.setdefault(holding.distribution.publisher_id, [])
        if holding not in listed:
            listed.append(holding)
    members = read_members(home, dict(sorted(earlier.items())), registry)
    digest = hashlib.sha256("\n".join(path.name for path in members).encode()).hexdigest()[:24]
    base = home.lake / "history" / f"{channel}-{digest}"
    task = CompactTask(
        members, base.with_name(f"{base.name}.rows.parquet"), base.with_name(f"{base.name}.files.parquet")
    )
    if not (task.rows.exists() and task.files.exists()):
        compact(task)
    steps = sorted({step for _, step in found if step is not None})
    return History(tuple(steps), tuple(members), task.rows, task.files)


def withdrawn_files(history: History) -> list[Withdrawn]:
    """The files that are no longer offered, with the period that each was for; those whose period is not known are left out."""
    last = {(one.distribution_id, one.previous_snapshot_sha256) for one in history.steps if not one.snapshot_sha256}
    if not last or history.files is None:
        return []
    import pyarrow.parquet as pq  # noqa: PLC0415 - see sources.schema.arrow

    columns = ["publisher_id", "series", "period_start", "period_end", "distribution_id", "snapshot_sha256"]
    accounts = pq.read_table(history.files, columns=columns).to_pylist()
    return [
        Withdrawn(one["publisher_id"], one["series"], one["period_start"], one["period_end"])
        for one in accounts
        if (one["distribution_id"], one["snapshot_sha256"]) in last and one["period_start"] and one["period_end"]
    ]


def _changes(home: Home, channel: str, holdings: Holdings) -> Iterator[tuple[Holding, Step | None]]:
    """Each snapshot that takes part in a change, with the step that led away from it, if any."""
    store = SnapshotStore(home.snapshots)
    for held in holdings.values():
        for holding in held:
            yield from _of_file(
                holding, _until(store.history(holding.distribution.distribution_id), holding.sha256), None
            )
    for holding, noticed in gone(home, channel):
        yield from _of_file(
            holding, _until(store.history(holding.distribution.distribution_id), holding.sha256), noticed
        )


def _of_file(
    holding: Holding, snapshots: list[Snapshot], withdrawn: date | None
) -> Iterator[tuple[Holding, Step | None]]:
    if len(snapshots) < 2 and (withdrawn is None or not snapshots):
        return
    one = holding.distribution
    for earlier, later in zip(snapshots, [*snapshots[1:], None], strict=True):
        step = None
        if later is not None:
            step = Step(
                one.publisher_id, one.distribution_id, _seen(holding, earlier, later), earlier.sha256, later.sha256
            )
        elif withdrawn is not None:
            step = Step(one.publisher_id, one.distribution_id, withdrawn, earlier.sha256, "")
        yield replace(holding, sha256=earlier.sha256, byte_count=earlier.byte_count, reason=None, detail=""), step


def _until(snapshots: list[Snapshot], sha256: str | None) -> list[Snapshot]:
    """The file's snapshots up to the one that is held; all of them where the newest bytes could not be had."""
    for place in range(len(snapshots) - 1, -1, -1):
        if snapshots[place].sha256 == sha256:
            return snapshots[: place + 1]
    return snapshots


def _seen(holding: Holding, earlier: Snapshot, later: Snapshot) -> date:
    """The day the source gives where it can be that of the later bytes, else the day they were fetched."""
    before, after = (datetime.fromisoformat(one.fetched_at).date() for one in (earlier, later))
    published = holding.distribution.published_date
    return published if published is not None and before < published <= after else after
