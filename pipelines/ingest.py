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
from datetime import date
from pathlib import Path

from pipelines.home import Home
from sources.inputs import Distribution, Source
from sources.snapshots import NoAccessError, SnapshotStore, TooLargeError


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
    """What a look at the source gave. `hashed_files` counts the files whose bytes were read for it."""

    holdings: Holdings
    outcome_files: int
    hashed_files: int


def take_snapshots(
    home: Home, source: Source, only: Collection[str] = (), tick: Callable[[int], None] = lambda _bytes: None
) -> Taken:
    """Keep the bytes of every file, or of the publishers `only` names, and record what is held.

    Publishers that the source no longer has leave the holdings, unless `only` is given; their snapshots stay.
    A file that cannot be read is held without bytes, with the reason. Raises OSError where the home cannot be written.
    """
    found: dict[str, list[Holding]] = defaultdict(list)
    outcome_files = 0
    folder = home.inputs / source.channel
    with SnapshotStore(home.snapshots) as store:
        for distribution in source.distributions():
            if only and distribution.publisher_id not in only:
                continue
            holding = _hold(store, source, distribution)
            tick(holding.byte_count or 0)
            if distribution.kind == "spend":
                found[distribution.publisher_id].append(holding)
            else:
                outcome_files += 1
        hashed_files = store.hashed_files
    _record(folder, found, replace_all=not only)
    return Taken(held(home, source.channel), outcome_files, hashed_files)


def held(home: Home, channel: str) -> Holdings:
    """What the last look at the channel's source left."""
    holdings: Holdings = {}
    for path in sorted((home.inputs / channel).glob("*.json")):
        saved = json.loads(path.read_text(encoding="utf-8"))
        holdings[saved["publisher_id"]] = [_loaded(one) for one in saved["holdings"]]
    return dict(sorted(holdings.items()))


def safe_name(publisher_id: str) -> str:
    """The id where it can be a file's name; else what can, and a hash. Ids of unregistered publishers are folders' names."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", publisher_id):
        return publisher_id
    readable = re.sub(r"[^a-z0-9]+", "-", publisher_id.lower()).strip("-")[:60]
    return f"{readable}.{hashlib.sha256(publisher_id.encode()).hexdigest()[:12]}"


def _hold(store: SnapshotStore, source: Source, distribution: Distribution) -> Holding:
    try:
        place = source.fetch(distribution)
    except OSError as error:
        return Holding(distribution, None, None, "no_access", f"the file cannot be had: {error.strerror or error}")
    try:
        snapshot = store.add(distribution, place)
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
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            aside = path.with_suffix(".part")
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)
    if replace_all:
        for path in folder.glob("*.json"):
            if path.name not in names:
                path.unlink()


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
