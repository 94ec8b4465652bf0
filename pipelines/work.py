"""A run under way: what it works with, and what its steps have found so far.

Belongs here: the home opened and locked, the input seen, the lake as it stands, connections to the warehouse. Does not
belong here: the steps (run.py).
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.choose import RunOptions, choose_input
from pipelines.fetching import fetch, told
from pipelines.history import History, update_history
from pipelines.home import Home, explained_disk_errors, open_home
from pipelines.ingest import Taken, held, held_outcomes
from pipelines.lake import PublisherLake, update
from pipelines.outcome_lake import OutcomeLake, update_outcomes
from pipelines.progress import Progress
from sources.mirror import MirrorSource
from sources.outcome_sets import declared_sets
from sources.registry import Registry
from sources.searches import Search, read_searches

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "1500MB"
THREADS = 2


@dataclass(slots=True)
class Work:
    """A run under way: what it works with, and what its steps have found so far."""

    home: Home
    options: RunOptions
    as_of: date
    only: tuple[str, ...]
    progress: Progress
    begun: float = field(default_factory=time.perf_counter)
    seen: tuple[MirrorSource, Registry] | None = None
    is_alone: bool = False
    """Each stage was started by itself (schedule, web interface), so that nobody waits to sum up at the end."""
    taken: Taken | None = None
    parts: list[PublisherLake] = field(default_factory=list)
    history: History | None = None
    outcomes: OutcomeLake | None = None

    @property
    def source(self) -> MirrorSource:
        return self._seen[0]

    @property
    def registry(self) -> Registry:
        return self._seen[1]

    @property
    def searches(self) -> tuple[Search, ...]:
        return read_searches(self.source.root)

    @property
    def _seen(self) -> tuple[MirrorSource, Registry]:
        """What follows ingest may be a run of its own, and takes the input as the last look left it."""
        if self.seen is None:
            look(self, fetches=False)
            assert self.seen is not None  # noqa: S101 - look sets it
        return self.seen

    @property
    def channel(self) -> str:
        return self.source.channel

    @property
    def built_path(self) -> Path:
        """What the channel's last finished run was made of, and what came of it."""
        return self.home.root / "runs" / f"built-{self.channel}.json"


@contextlib.contextmanager
def opened(options: RunOptions, progress: Progress) -> Iterator[Work]:
    """Open and lock the home. The lock is held until the end."""
    home = open_home(options.home)
    with home.locked(), explained_disk_errors(home.root):
        for left in home.tmp.iterdir():  # what a killed run had half built
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield Work(home, options, options.as_of or datetime.now(UTC).date(), options.publishers, progress)


def look(work: Work, *, fetches: bool = True) -> None:
    """Bring what was fetched up to date, where the input is live, and see what the input holds.

    Raises UnreachableError where nothing could be fetched and nothing is held, else as choose_input.
    """
    problems: list[str] = []
    if work.options.live:
        problems = fetch(work.home, work.options, work.progress) if fetches else told(work.home)
    with work.progress.stage("Look at the input") as stage:
        work.seen = choose_input(work.home, work.options)
        work.source.problems[:0] = problems
        stage.outcome = str(work.source.root)


def parts_of(work: Work) -> list[PublisherLake]:
    """The lake's parts: those this run has just made, else those that stand from an earlier one."""
    if not work.parts:
        work.parts = list(update(work.home, held(work.home, work.channel), work.registry))
    return work.parts


def outcomes_of(work: Work) -> OutcomeLake:
    """The lake of results: as this run made it, else what stands from an earlier one."""
    if work.outcomes is None:
        work.outcomes = update_outcomes(work.home, held_outcomes(work.home, work.channel), declared_sets())
    return work.outcomes


def history_of(work: Work) -> History:
    """What the channel's files held before: as this run found it, else from what stands."""
    if work.history is None:
        work.history = update_history(work.home, work.channel, held(work.home, work.channel), work.registry)
    return work.history


@contextlib.contextmanager
def connected(work: Work, path: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """A connection to the warehouse, read-only, or to a new one at `path`. Spills to the home's disk."""
    import duckdb  # noqa: PLC0415 - a third of a second that an unchanged run does not pay

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(work.home.tmp / "spill"),
        "autoinstall_known_extensions": False,
        "storage_compatibility_version": "latest",  # compresses text in one way instead of trying three
    }
    with contextlib.closing(duckdb.connect(path or work.home.warehouse, read_only=path is None, config=config)) as con:
        con.execute("SET enable_progress_bar = false")  # refused among the options of a connection
        yield con
