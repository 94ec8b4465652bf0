"""One bringing in step under way: what was asked for, and what came of it so far."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sources.discovery import Found
from sources.fetch import FetchSettings
from sources.fetch.attempts import Counts
from sources.fetched_files import Account

OURS = ".publicvalue"
"""Folder of what is remembered between runs."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `only` names publishers or outcome datasets; nothing means all."""

    only: Collection[str] = ()
    since: date | None = None


@dataclass(slots=True)
class Synced:
    """What a look and its fetching gave. `problems` are lines for people; `failed` are owners whose places could not be looked at.

    `changed` files have other bytes than before, at their address or at one that took its place.
    """

    found: list[Found] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    held: int = 0
    problems: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    @property
    def in_words(self) -> str:
        parts = [f"{self.held:,} files held", f"{self.new:,} new", f"{self.changed:,} changed"]
        parts += [f"{self.withdrawn:,} no longer offered"] if self.withdrawn else []
        parts += [f"{len(self.failed):,} publishers could not be looked at"] if self.failed else []
        return ", ".join(parts)


@dataclass(slots=True)
class Job:
    """`account` is what was held before. `tick` is told how many files are done, of how many."""

    root: Path
    settings: FetchSettings
    today: date
    wish: Wish
    tick: Callable[[int, int], None]
    account: Account
    result: Synced = field(default_factory=Synced)
