"""What is held of each publisher: its files as last seen at the source, each with its snapshot, kept by channel.

Belongs here: source -> snapshots -> holdings. Does not belong here: reading the bytes (pipelines.lake).

Keeping the holdings lets a run that was asked for one publisher leave the others as they are, and lets everything after
the snapshots be rebuilt without the source.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.home import Home
from sources.inputs import Distribution, NotHadError, Source
from sources.one_step import replace_file, replace_if_other
from sources.snapshots import NoAccessError, SnapshotStore, TooLargeError

OUTCOMES = "outcomes"
"""Folder, beside a channel's holdings, of the files of outcome datasets, by dataset."""
WITHDRAWN = "withdrawn"
"""Folder, beside a channel's holdings, of the files that are no longer offered."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One distribution and its snapshot. Where it has none, `reason` is a code of schema/codes/file_reasons."""

    distribution: Distribution
    sha256: str | None
    byte_count: int | None
    reason: str | None = None
    detail: str = ""


Holdings = dict[str, list[Holding]]
"""Spending files by publisher, publishers and files in order."""


@dataclass(slots=True)
class Taken:
    """What a look at the source gave; `outcomes` by dataset. `hashed_files` counts the files whose bytes were read for it."""

    holdings: Holdings
    outcomes: Holdings
    hashed_files: int

    @property
    def outcome_files(self) -> int:
        return sum(len(files) for files in self.outcomes.values())


def take_snapshots(
    home: Home,
    source: Source,
    only: Collection[str] = (),
    tick: Callable[[int], None] = lambda _bytes: None,
    kept: Callable[[Holding], None] = lambda _holding: None,
) -> Taken:
    """Keep the bytes of every file, or of the publishers `only` names, and record what is held. `kept` is told of each
    file whose bytes were looked at.

    Publishers that the source no longer has leave the holdings, unless `only` is given; their snapshots stay.
    A file that cannot be read is held without bytes, with the reason. Raises OSError where the home cannot be written.
    """
    found: dict[str, list[Holding]] = defaultdict(list)
    outcomes: dict[str, list[Holding]] = defaultdict(list)
    folder = home.inputs / source.channel
    with SnapshotStore(home.snapshots) as store:
        for distribution in source.distributions():
            if only and distribution.publisher_id not in only:
                continue
            before = store.hashed_files
            holding = _hold(store, source, distribution)
            if store.hashed_files > before:
                kept(holding)
            tick(holding.byte_count or 0)
            (found if distribution.kind == "spend" else outcomes)[distribution.publisher_id].append(holding)
        hashed_files = store.hashed_files
    _record_gone(home, source.channel, found)
    _record(folder, found, replace_all=not only)
    _record(folder / OUTCOMES, outcomes, replace_all=not only)
    return Taken(held(home, source.channel), held_outcomes(home, source.channel), hashed_files)


def held(home: Home, channel: str) -> Holdings:
    """Spending files that the last look at the channel's source left."""
    return _held(home.inputs / channel)


def held_outcomes(home: Home, channel: str) -> Holdings:
    """Files of outcome datasets that the last look at the channel's source left."""
    return _held(home.inputs / channel / OUTCOMES)


def _held(folder: Path) -> Holdings:
    holdings: Holdings = {}
    for path in sorted(folder.glob("*.json")):
        saved = json.loads(path.read_text(encoding="utf-8"))
        holdings[saved["publisher_id"]] = [_loaded(one) for one in saved["holdings"]]
    return dict(sorted(holdings.items()))


def gone(home: Home, channel: str) -> list[tuple[Holding, date]]:
    """Files that were held and that a later look no longer found, with the day of that look, in order.

    Only a publisher of whom other files were found again is looked at: else the input is another copy, whose gaps say
    nothing about the publisher. A file whose bytes stand at another address of the publisher has moved and is not here.
    """
    found = []
    for path in sorted((home.inputs / channel / WITHDRAWN).glob("*.json")):
        for saved in json.loads(path.read_text(encoding="utf-8")):
            noticed = date.fromisoformat(saved.pop("noticed"))
            found.append((_loaded(saved), noticed))
    return found


def safe_name(publisher_id: str) -> str:
    """The id where it can be a file's name; else what can, and a hash. Ids of unregistered publishers are folders' names."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", publisher_id):
        return publisher_id
    readable = re.sub(r"[^a-z0-9]+", "-", publisher_id.lower()).strip("-")[:60]
    return f"{readable}.{hashlib.sha256(publisher_id.encode()).hexdigest()[:12]}"


def _hold(store: SnapshotStore, source: Source, distribution: Distribution) -> Holding:
    try:
        place = source.fetch(distribution)
    except NotHadError as error:
        return Holding(distribution, None, None, error.reason, error.detail)
    except OSError as error:
        return Holding(distribution, None, None, "no_access", f"the file cannot be had: {error.strerror or error}")
    try:
        snapshot = store.add(distribution, place, source.headers(distribution), shares_bytes=source.is_ours)
    except NoAccessError as error:
        return Holding(distribution, None, None, "no_access", str(error))
    except TooLargeError as error:
        return Holding(distribution, None, error.byte_count, "too_large", str(error))
    return Holding(distribution, snapshot.sha256, snapshot.byte_count)


def _record(folder: Path, found: dict[str, list[Holding]], *, replace_all: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = set()
    for publisher_id, holdings in found.items():
        name = f"{safe_name(publisher_id)}.json"
        names.add(name)
        text = json.dumps({"publisher_id": publisher_id, "holdings": [_saved(one) for one in holdings]}, indent=1)
        replace_if_other(folder / name, text)
    if replace_all:
        for path in folder.glob("*.json"):
            if path.name not in names:
                path.unlink()


def _record_gone(home: Home, channel: str, found: dict[str, list[Holding]]) -> None:
    """Compare with what was held before the new holdings take its place."""
    before, known = held(home, channel), gone(home, channel)
    today = datetime.now(UTC).date()
    folder = home.inputs / channel / WITHDRAWN
    for publisher_id, now in found.items():
        there = {one.distribution.distribution_id for one in now}
        bytes_there = {one.sha256 for one in now}
        lost = [(one, noticed) for one, noticed in known if one.distribution.publisher_id == publisher_id]
        earlier = before.get(publisher_id, [])
        if any(one.distribution.distribution_id in there for one in earlier):
            lost += [(one, today) for one in earlier]
        still = {
            one.distribution.distribution_id: {**_saved(one), "noticed": noticed.isoformat()}
            for one, noticed in reversed(lost)
            if one.distribution.distribution_id not in there
            and one.sha256 is not None
            and one.sha256 not in bytes_there
        }
        path = folder / f"{safe_name(publisher_id)}.json"
        if still:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, json.dumps([still[name] for name in sorted(still)], indent=1))
        else:
            path.unlink(missing_ok=True)


def _saved(holding: Holding) -> dict[str, object]:
    saved = asdict(holding)
    published = holding.distribution.published_date
    saved["distribution"]["published_date"] = published.isoformat() if published else None
    return saved


def _loaded(saved: dict[str, object]) -> Holding:
    distribution = dict(saved.pop("distribution"))  # type: ignore[call-overload]  # written by _saved
    published = distribution.pop("published_date")
    return Holding(
        Distribution(**distribution, published_date=date.fromisoformat(published) if published else None),
        **saved,  # type: ignore[arg-type]  # written by _saved
    )
