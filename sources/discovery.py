"""Everything that is offered for every owner: GOV.UK, index pages and declared addresses together.

Belongs here: one owner after the other, failures kept apart, files offered twice. Does not belong here: how each place is
searched (govuk, index_page) and what is done with the files (live).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sources.fetch import Fetcher, FetchError
from sources.govuk.client import GovUk
from sources.govuk.discover import Search
from sources.govuk.models import DocumentError
from sources.index_page import declared_files, linked_files
from sources.memory import Memory
from sources.offers import Offer
from sources.owners import Owner

OWNERS_AT_A_TIME = 8
"""So that what an interrupted look has learnt is kept for most owners."""


@dataclass(slots=True)
class Found:
    """What one owner's places offer. `failure`: the look failed as a whole, so that it says nothing about what is offered."""

    owner: Owner
    offers: list[Offer] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What every owner is looked at with. `slugs`: publisher by GOV.UK slug. `memories`: folder of what was seen last."""

    fetcher: Fetcher
    slugs: Mapping[str, str]
    memories: Path
    today: date
    since: date | None = None


async def discover(
    look: Look, wanted: Iterable[Owner], done: Callable[[Found], None] = lambda _found: None
) -> list[Found]:
    """Look at all places of every owner, side by side. One owner's failure is noted with it and stops nobody else."""
    slots = asyncio.Semaphore(OWNERS_AT_A_TIME)

    async def one(owner: Owner) -> Found:
        async with slots:
            found = await _discover_one(look, owner)
        done(found)
        return found

    found = list(await asyncio.gather(*(one(owner) for owner in wanted)))
    _settle(found, look.since)
    return found


async def _discover_one(look: Look, owner: Owner) -> Found:
    memory = Memory.at(look.memories / f"{owner.kind}-{owner.id}.json")
    govuk = GovUk(look.fetcher, memory, look.today)
    found = Found(owner, problems=govuk.problems)
    try:
        if owner.places.govuk_organisations or owner.places.govuk_documents:
            found.offers += await Search(govuk, owner, look.slugs, look.since).offers()
        found.offers += [offer async for offer in linked_files(look.fetcher, memory, owner, look.today)]
    except (FetchError, DocumentError) as error:
        found.failure = str(error)
        found.offers = []
    else:
        found.offers += declared_files(owner)
    memory.save()
    return found


def _settle(found: list[Found], since: date | None) -> None:
    """Leave what is for months before `since`, and take each address once: for the first owner that offers it."""
    taken: set[str] = set()
    for one in found:
        settled = []
        for offer in one.offers:
            why = ""
            if offer.is_taken:
                why = _too_early(offer, since) or ("taken once already" if offer.file.address in taken else "")
            if offer.is_taken and not why:
                taken.add(offer.file.address)
            settled.append(replace(offer, is_taken=False, why=why) if why else offer)
        one.offers = sorted(
            settled, key=lambda offer: (not offer.is_taken, offer.owner_id, offer.page, offer.file.address)
        )


def _too_early(offer: Offer, since: date | None) -> str:
    if since is None:
        return ""
    last = offer.file.period.end if offer.file.period else offer.published_date
    return f"for {last:%B %Y}, before --since" if last is not None and last < since else ""
