"""Who is looked for, and what they offer: what `discover`, `mirror` and `run --live` share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from sources.discovery import Found, Look, discover
from sources.errors import UsageError
from sources.fetch import Fetcher
from sources.live.job import OURS
from sources.outcome_set import OutcomeSet
from sources.owners import Owner, organisations, owners
from sources.registry import Registry


def looked_for(registry: Registry, sets: Mapping[str, OutcomeSet], only: Collection[str]) -> list[Owner]:
    """The owners that are asked for. Raises UsageError for one that is unknown or says nowhere where it publishes."""
    everybody = owners(registry, sets)
    known = {one.id for one in everybody}
    for wanted in only:
        if wanted not in known:
            there = wanted in registry or wanted in sets
            raise UsageError(
                f"--publisher {wanted}: "
                + (
                    "its entry in the register says nowhere where it publishes; give it `sources`"
                    if there
                    else "not in the register; `publicvalue discover` lists who is"
                )
            )
    return [one for one in everybody if not only or one.id in only]


async def look(
    fetcher: Fetcher,
    wanted: list[Owner],
    registry: Registry,
    root: Path,
    *,
    today: date,
    since: date | None = None,
    done: Callable[[Found], None] = lambda _found: None,
) -> list[Found]:
    """What is offered. Remembers, under `root`, what was seen."""
    return await discover(Look(fetcher, organisations(registry), root / OURS / "pages", today, since), wanted, done)
