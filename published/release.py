"""Builds one versioned release from the warehouse: aside, read back, and put in place in one step.

Belongs here: whether there is a release, which version, and what stands afterwards. The files are made in building.py;
versions, checks and places are in version.py, verify.py and store.py.

The same rows and the same release before give the same bytes in every file but provenance.json, which alone holds
clocks, paths and run ids and is therefore left out of SHA256SUMS.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published import building, store
from published.building import PROVENANCE, Build
from published.errors import ReleaseError
from published.hold import reasons_to_hold
from published.standing import read_standing, write_standing
from published.version import Version
from sources.schema import model as schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE_CHANNEL = "sample"


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What stands after the build. `changed` is False where the newest release already holds the same."""

    version: str
    path: Path
    changed: bool
    seconds: dict[str, float] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    """Why it is held back from being `latest`; empty where it is not."""
    latest: str = ""
    """The version that is served now."""


def build_release(
    con: DuckDBPyConnection,
    root: Path,
    *,
    channel: str,
    provenance: Mapping[str, Any],
    inputs_digest: str,
    is_sample: bool,
    as_of: date,
) -> ReleaseResult:
    """Releases what `con`'s warehouse holds as root/<channel>/<version>/, and makes `latest` lead to it, unless its totals
    leave the bounds of the release served (hold.py): it is held then. A roll-back stays where nothing new is released.

    `inputs_digest` stands for everything that decides the warehouse's content (snapshots, registry, as_of, code): where
    it and this folder's own code are those of the newest release, nothing is built. `provenance` is written as given,
    with the version, the digest, the time and the seconds of each step beside it. `as_of` is the day that the reports name.

    Raises ReleaseError where the formats do not agree with the warehouse, a key is not unique, or sample and channel do
    not go together; nothing changes then.
    """
    if channel not in store.CHANNELS or (channel == SAMPLE_CHANNEL) != is_sample:
        raise ReleaseError(f"a {'sample' if is_sample else 'real'} release cannot go into channel {channel}")
    channel_dir = root / channel
    channel_dir.mkdir(parents=True, exist_ok=True)
    store.sweep(channel_dir)
    served = store.settle(channel_dir)
    versions = store.versions(channel_dir)
    newest = versions[-1] if versions else None
    digest = _digest(inputs_digest)
    if newest and _built_from(channel_dir / str(newest)) == digest:
        return _unchanged(channel_dir, newest, {})
    build = Build(
        store.new_building(channel_dir), channel_dir / str(newest) if newest else None, channel, is_sample, as_of
    )
    try:
        version = building.write(con, build, newest)
        if version == newest:
            return _unchanged(channel_dir, version, build.seconds)
        written: dict[str, Any] = {**provenance, "version": str(version), "channel": channel, "build_digest": digest}
        written |= {"built_at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": build.seconds}
        building.write_json(build.folder / PROVENANCE, written)
        with build.timed("compare with the release served"):
            held = reasons_to_hold(channel_dir / str(served), build.folder) if served else []
        _note_held(channel_dir, version, held)
        with build.timed("flush and rename"):
            final = store.install(build.folder, version)
            latest = store.settle(channel_dir)
    finally:
        shutil.rmtree(build.folder, ignore_errors=True)
    return ReleaseResult(str(version), final, changed=True, seconds=build.seconds, held=tuple(held), latest=str(latest))


def _note_held(channel_dir: Path, version: Version, reasons: Sequence[str]) -> None:
    """Noted before the release has its name, so that a kill in between cannot make it `latest`."""
    noted = read_standing(channel_dir)
    noted.held.pop(str(version), None)
    if reasons:
        noted.held[str(version)] = list(reasons)
    write_standing(channel_dir, noted)


def _unchanged(channel_dir: Path, version: Version, seconds: dict[str, float]) -> ReleaseResult:
    held = tuple(read_standing(channel_dir).held.get(str(version), ()))
    latest = str(store.latest(channel_dir))
    return ReleaseResult(
        str(version), channel_dir / str(version), changed=False, seconds=seconds, held=held, latest=latest
    )


def _digest(inputs_digest: str) -> str:
    """The inputs and everything that shapes a release from them: this folder's code and tables, and the schema."""
    total = hashlib.sha256(inputs_digest.encode())
    here = Path(__file__).parent
    for folder in (here, Path(schema.__file__).parent):
        for path in sorted(folder.rglob("*")):
            if (
                path.suffix in {".py", ".yaml", ".jinja", ".css", ".json"}
                and "releases" not in path.relative_to(folder).parts
            ):
                total.update(f"\x1f{path.relative_to(folder)}\x1f".encode() + path.read_bytes())
    return total.hexdigest()


def _built_from(release: Path) -> str | None:
    """Digest noted in a release's provenance; None where it cannot be read, so that the release is built and compared."""
    try:
        noted = json.loads((release / PROVENANCE).read_text(encoding="utf-8"))["build_digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(noted)
