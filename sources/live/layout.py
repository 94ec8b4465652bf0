"""Where each file lies in the folder: given its place, moved when it has another one, set aside when it is no longer offered."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from sources.fetched_files import Fetched, paths_for
from sources.live.job import OURS, Job

ASIDE = "withdrawn"
"""Folder, beside spend, of files that are no longer offered: kept, and read by nobody."""


def lay_out(job: Job, current: dict[str, Fetched]) -> None:
    """Move what is held to where it belongs, and note in `current` where each file lies and whether it is there."""
    paths = paths_for(current.values())
    heirs = {one.replaces: address for address, one in current.items() if one.replaces}
    moved: list[tuple[Path, str]] = []
    for address, known in job.account.files.items():
        place = job.root / known.path
        if not known.has_bytes or not known.path or not place.is_file():
            continue
        there = address if address in current else heirs.get(address)
        if there is None:
            job.result.withdrawn += 1
            aside = job.root / ASIDE / known.path
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside)
        elif paths[there] != known.path:
            waiting = job.root / OURS / f"moving-{len(moved)}"
            place.replace(waiting)
            moved.append((waiting, there))
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
