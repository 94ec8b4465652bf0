"""A folder kept in step with what is published: found, fetched, laid out as a mirror. And that folder seen as a Source.

Belongs here: what is fetched, kept, moved aside, and told. Does not belong here: finding (discovery) and HTTP (fetch).

The folder is a mirror like any other (sources.mirror) with a manifest. It can be interrupted anywhere: files are put in place
whole, each is noted at once, and manifest.csv, written last, names only what is there.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sources.discovery import Found, Look, discover
from sources.errors import UsageError
from sources.fetch import Fetcher, FetchError, FetchSettings, Validators
from sources.fetch.client import Counts
from sources.fetched_files import Account, Fetched, paths_for, write_manifest
from sources.govuk.publication import WEB
from sources.mirror import MirrorSource
from sources.offers import Offer
from sources.outcome_sets import OutcomeSet
from sources.owners import Owner, organisations, owners
from sources.registry import Registry

OURS = ".publicvalue"
ASIDE = "withdrawn"
"""Folder, beside spend, of files that are no longer offered: kept, and read by nobody."""
FILES_AT_A_TIME = 32


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `only` names publishers or outcome datasets; nothing means all."""

    only: Collection[str] = ()
    since: date | None = None


@dataclass(slots=True)
class Synced:
    """What a look and its fetching gave. `problems` are lines for people; `failed` are owners whose places could not be looked at."""

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


class LiveSource(MirrorSource):
    """The folder that `sync` fills, as the input of the live channel. Raises UsageError where nothing was ever fetched."""

    def __init__(self, root: Path, *, is_known: Callable[[str], bool]) -> None:
        if not (root / "manifest.csv").is_file():
            raise UsageError(
                f"{root}: nothing that is asked for is offered, and nothing was fetched before; `publicvalue discover` says what was looked at"
            )
        super().__init__(root, channel="live", is_known=is_known, listed_only=True)


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


def sync(
    root: Path,
    registry: Registry,
    sets: Mapping[str, OutcomeSet],
    settings: FetchSettings,
    *,
    today: date,
    wish: Wish = Wish(),
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
    return asyncio.run(_sync(_Sync(root, settings, today, wish, fetched), wanted, registry, done))


@dataclass(slots=True)
class _Sync:
    root: Path
    settings: FetchSettings
    today: date
    wish: Wish
    tick: Callable[[int, int], None]
    result: Synced = field(default_factory=Synced)
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account.at(self.root / OURS / "files.jsonl")


async def _sync(job: _Sync, wanted: list[Owner], registry: Registry, done: Callable[[Found], None]) -> Synced:
    result = job.result
    async with Fetcher(job.settings) as fetcher:
        result.counts = fetcher.counts
        result.found = await look(fetcher, wanted, registry, job.root, today=job.today, since=job.wish.since, done=done)
        for one in result.found:
            result.problems += one.problems
            if one.failure:
                result.failed.append(one.owner.id)
                result.problems.append(f"{one.owner.id}: could not be looked at, so it stays as it was. {one.failure}")
        current = _current(job)
        _lay_out(job, current)
        await _fetch(job, fetcher, current)
    _finish(job, current)
    return result


def _current(job: _Sync) -> dict[str, Fetched]:
    """What the folder is to hold, by address: what is offered now, and what this look says nothing about."""
    offered: dict[str, Fetched] = {}
    looked_at = {_finder(one.owner) for one in job.result.found if not one.failure}
    for one in job.result.found:
        for offer in one.offers:
            if offer.is_taken:
                known = job.account.files.get(offer.file.address)
                offered[offer.file.address] = _fetched(offer, _finder(one.owner), known)
    doubtful = _doubtful_pages(job, offered, looked_at)
    kept = {
        address: known
        for address, known in job.account.files.items()
        if address not in offered
        and (known.finder not in looked_at or job.wish.since is not None or known.page in doubtful)
    }
    return {**kept, **offered}


def _doubtful_pages(job: _Sync, offered: dict[str, Fetched], looked_at: set[str]) -> set[str]:
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


def _finder(owner: Owner) -> str:
    return f"{owner.kind}-{owner.id}"


def _fetched(offer: Offer, finder: str, known: Fetched | None) -> Fetched:
    fresh = Fetched(
        address=offer.file.address,
        finder=finder,
        owner_id=offer.owner_id,
        kind=offer.kind,
        file_name=offer.file.file_name,
        page=offer.page,
        published=offer.published_date.isoformat() if offer.published_date else "",
        stamp=offer.stamp,
    )
    if known is None:
        return fresh
    # The stamp stays the old one until the file has been asked for under the new one.
    return replace(
        known, finder=finder, owner_id=fresh.owner_id, kind=fresh.kind, file_name=fresh.file_name, page=fresh.page,
        published=fresh.published, checked=known.checked if known.stamp == fresh.stamp and fresh.stamp else "",
        stamp=fresh.stamp,
    )  # fmt: skip


def _lay_out(job: _Sync, current: dict[str, Fetched]) -> None:
    """Give every file its place, and move those that have another one now, or none."""
    paths = paths_for(current.values())
    moved: list[tuple[Path, str]] = []
    for address, known in list(job.account.files.items()):
        place = job.root / known.path
        if not known.has_bytes or not known.path or not place.is_file():
            continue
        if address not in current:
            job.result.withdrawn += 1
            aside = job.root / ASIDE / known.path
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside)
        elif paths[address] != known.path:
            waiting = job.root / OURS / f"moving-{len(moved)}"
            place.replace(waiting)
            moved.append((waiting, address))
    for waiting, address in moved:
        place = job.root / paths[address]
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(place)
    for address, one in current.items():
        has_bytes = one.has_bytes and (job.root / paths[address]).is_file()
        current[address] = replace(
            one,
            path=paths[address],
            has_bytes=has_bytes,
            etag=one.etag if has_bytes else None,
            last_modified=one.last_modified if has_bytes else None,
            checked=one.checked if has_bytes else "",
        )


async def _fetch(job: _Sync, fetcher: Fetcher, current: dict[str, Fetched]) -> None:
    offered = {offer.file.address for one in job.result.found for offer in one.offers if offer.is_taken}
    due = [one for address, one in current.items() if address in offered and not _is_fresh(job, one)]
    slots = asyncio.Semaphore(FILES_AT_A_TIME)
    done = 0

    async def one_file(one: Fetched) -> None:
        nonlocal done
        async with slots:
            current[one.address] = await _fetch_one(job, fetcher, one)
        job.account.note(current[one.address])
        done += 1
        job.tick(done, len(due))

    await asyncio.gather(*(one_file(one) for one in due))


def _is_fresh(job: _Sync, one: Fetched) -> bool:
    """Whether its page has announced nothing since it was last asked for, not long ago. Spread so that not all fall on one day."""
    if not (one.has_bytes and one.stamp and one.checked):
        return False
    days = job.settings.discover_recheck_days
    spread = sum(one.address.encode("utf-8", "replace")) % max(1, days // 2)
    return (job.today - date.fromisoformat(one.checked)).days < days - spread


async def _fetch_one(job: _Sync, fetcher: Fetcher, one: Fetched) -> Fetched:
    target = job.root / one.path
    try:
        got = await fetcher.download(
            one.address,
            job.root / OURS / "incoming",
            target,
            Validators(one.etag, one.last_modified),
            keep_unless=one.has_bytes,
        )
    except FetchError as error:
        kept = "the copy fetched before is kept" if one.has_bytes else "it is listed without its bytes"
        job.result.problems.append(f"{one.owner_id}: {error}; {kept}")
        return replace(one, reason=error.reason, detail=f"{error.what} ({one.address[:200]})"[:500])
    checked = job.today.isoformat()
    if got.is_unchanged:
        return replace(one, checked=checked, reason="", detail="")
    job.result.new += not one.has_bytes
    job.result.changed += one.has_bytes
    return replace(
        one, has_bytes=True, etag=got.validators.etag, last_modified=got.validators.last_modified, checked=checked,
        reason="", detail="",
    )  # fmt: skip


def _finish(job: _Sync, current: dict[str, Fetched]) -> None:
    job.account.files = current
    job.account.save()
    job.result.held = sum(one.has_bytes for one in current.values())
    if current:
        write_manifest(job.root / "manifest.csv", current.values())
