"""What the folder is to hold, by address: what is offered now, and what this look says nothing about."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from sources.fetched_files import Fetched
from sources.govuk.publication import WEB
from sources.live.job import Job
from sources.live.superseded import superseded
from sources.offers import Offer
from sources.owners import Owner


def to_hold(job: Job) -> dict[str, Fetched]:
    """Files by address, as they were noted last where they were had before."""
    held = job.account.files
    earlier = superseded(held, job.result.found)
    replaced = {one.address for one in earlier.values()}
    offered: dict[str, Fetched] = {}
    looked_at = {finder(one.owner) for one in job.result.found if not one.failure}
    for one in job.result.found:
        for offer in one.offers:
            if offer.is_taken:
                address = offer.file.address
                offered[address] = _fetched(offer, finder(one.owner), held.get(address), earlier.get(address))
    doubtful = _doubtful_pages(job, offered, looked_at)
    kept = {
        address: known
        for address, known in held.items()
        if address not in offered
        and address not in replaced
        and (known.finder not in looked_at or job.wish.since is not None or known.page in doubtful)
    }
    current = {**kept, **offered}
    # Where the first address is offered again, it is a file of its own, and so is the one that had taken its place.
    return {
        address: replace(one, first_address="") if one.first_address in current else one
        for address, one in current.items()
    }


def finder(owner: Owner) -> str:
    """How an owner is noted with the files that were found in its places."""
    return f"{owner.kind}-{owner.id}"


def _doubtful_pages(job: Job, offered: dict[str, Fetched], looked_at: set[str]) -> set[str]:
    """Index pages that suddenly link to less than half of what is held from them: more likely another page than a withdrawal.

    GOV.UK says of a document that it is withdrawn; a council's page that has moved says nothing.
    """
    before: dict[str, int] = Counter(
        one.page for one in job.account.files.values() if one.finder in looked_at and not one.page.startswith(WEB)
    )
    now = Counter(one.page for one in offered.values())
    doubtful = {page for page, held in before.items() if now[page] * 2 < held and page not in offered}
    if job.wish.since is None:
        job.result.problems += [
            f"{page}: links to {now[page]:,} of the {before[page]:,} files held from it; they are kept. Look at the page, and "
            "mend the register's entry if it has moved"
            for page in sorted(doubtful)
        ]
    return doubtful


def _fetched(offer: Offer, found_by: str, known: Fetched | None, earlier: Fetched | None) -> Fetched:
    fresh = Fetched(
        address=offer.file.address,
        finder=found_by,
        owner_id=offer.owner_id,
        kind=offer.kind,
        file_name=offer.file.file_name,
        page=offer.page,
        published=offer.published_date.isoformat() if offer.published_date else "",
        stamp=offer.stamp,
        title="" if offer.file.title == offer.file.file_name else offer.file.title,
        page_title=offer.page_title,
    )
    if known is not None:
        # The stamp stays the old one until the file has been asked for under the new one.
        checked = known.checked if known.stamp == fresh.stamp and fresh.stamp else ""
        return replace(fresh, checked=checked, first_address=known.first_address, **_bytes_of(known))
    if earlier is not None:
        # Held under the new address from now on, with the earlier bytes until the new ones have come.
        first = earlier.first_address or earlier.address
        without_tags = {**_bytes_of(earlier), "etag": None, "last_modified": None}
        return replace(fresh, first_address=first, replaces=earlier.address, **without_tags)
    return fresh


def _bytes_of(known: Fetched) -> dict[str, Any]:
    names = ("path", "has_bytes", "etag", "last_modified", "content_type", "reason", "detail")
    return {name: getattr(known, name) for name in names}
