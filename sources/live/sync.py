"""The order of one bringing in step: look, decide what is to be held, lay it out, fetch, note down.

It can be interrupted anywhere: files are put in place whole, each is noted at once, and manifest.csv, written last, names
only what is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from sources.discovery import Found
from sources.errors import UsageError
from sources.fetch import Fetcher, FetchSettings
from sources.fetched_files import Account, Fetched, write_manifest
from sources.live.fetching import fetch
from sources.live.job import OURS, Job, Synced, Wish
from sources.live.layout import lay_out
from sources.live.look import look, looked_for
from sources.live.searched import note_searches
from sources.live.wanted import to_hold
from sources.outcome_set import OutcomeSet
from sources.owners import Owner
from sources.registry import Registry

EVERYTHING = Wish()


def sync(
    root: Path,
    registry: Registry,
    sets: Mapping[str, OutcomeSet],
    settings: FetchSettings,
    *,
    today: date,
    wish: Wish = EVERYTHING,
    done: Callable[[Found], None] = lambda _found: None,
    fetched: Callable[[int, int], None] = lambda _done, _all: None,
) -> Synced:
    """Bring the folder up to date. Failures are told in `problems` and leave what was there.

    Raises UsageError where the folder was filled by somebody else or an owner cannot be looked for, OSError where it cannot
    be written.
    """
    ours = root / OURS
    if not ours.exists() and root.exists() and any(root.iterdir()):
        raise UsageError(f"{root}: holds files that were not fetched by this command; give an empty or a new folder")
    wanted = looked_for(registry, sets, wish.only)
    ours.mkdir(parents=True, exist_ok=True)
    job = Job(root, settings, today, wish, fetched, Account.at(ours / "files.jsonl"))
    current = asyncio.run(_sync(job, wanted, registry, done))
    _finish(job, current, registry)
    return job.result


async def _sync(job: Job, wanted: list[Owner], registry: Registry, done: Callable[[Found], None]) -> dict[str, Fetched]:
    result = job.result
    async with Fetcher(job.settings) as fetcher:
        result.counts = fetcher.counts
        result.found = await look(fetcher, wanted, registry, job.root, today=job.today, since=job.wish.since, done=done)
        for one in result.found:
            result.problems += one.problems
            if one.failure:
                result.failed.append(one.owner.id)
                result.problems.append(f"{one.owner.id}: could not be looked at, so it stays as it was. {one.failure}")
        current = to_hold(job)
        lay_out(job, current)
        await fetch(job, fetcher, current)
    return current


def _finish(job: Job, current: dict[str, Fetched], registry: Registry) -> None:
    job.account.files = {address: replace(one, replaces="") for address, one in current.items()}
    job.account.save()
    job.result.held = sum(one.has_bytes for one in current.values())
    if current:
        note_searches(job, current, registry)
        write_manifest(job.root / "manifest.csv", current.values())
