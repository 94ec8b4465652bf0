"""Where releases lie: root/<channel>/<version>/, a `latest` link, and nothing half-made under those names.

A release is built in root/<channel>/.building-<uuid>, flushed to disk and renamed in one step; `latest` moves last and
in one step. A process killed at any moment leaves the release before being served, and what it left is swept away next
time.
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from published.errors import NoReleaseError
from published.standing import read_standing, wanted_latest
from published.version import Version

CHANNELS = ("sample", "mirror", "live")
LATEST = "latest"
WHOLE = "public-value.sqlite"
"""The file whose absence says that a release's whole files were dropped."""
BUILDING = ".building-"
MOVING = ".latest-"


def versions(channel_dir: Path) -> list[Version]:
    """Versions that stand under the channel, oldest first."""
    found = []
    for path in channel_dir.iterdir() if channel_dir.is_dir() else ():
        try:
            found.append(Version.parse(path.name))
        except ValueError:
            continue
    return sorted(found)


def sweep(channel_dir: Path) -> None:
    """Removes what a killed run left. Only one run at a time holds a home, so nobody is building here now."""
    for path in channel_dir.iterdir():
        if path.name.startswith(BUILDING):
            shutil.rmtree(path)
        elif path.name.startswith(MOVING):
            path.unlink()


def new_building(channel_dir: Path) -> Path:
    building = channel_dir / f"{BUILDING}{uuid.uuid4().hex}"
    building.mkdir()
    return building


def install(building: Path, version: Version) -> Path:
    """Flushes the finished folder to disk and gives it its name. `latest` does not move yet: see `settle`."""
    for path in sorted(building.rglob("*"), reverse=True):  # what is in a folder before the folder
        _sync(path)
    _sync(building)
    final = building.with_name(str(version))
    building.rename(final)
    _sync(final.parent)
    return final


def settle(channel_dir: Path) -> Version | None:
    """Makes `latest` lead to where it has to lead (published.standing says where); returns that version, None if none."""
    wanted = wanted_latest(read_standing(channel_dir), versions(channel_dir))
    if wanted is not None:
        point_latest(channel_dir, wanted)
    return wanted


def latest(channel_dir: Path) -> Version | None:
    """The version that is served; None where there is none."""
    link = channel_dir / LATEST
    try:
        return Version.parse(str(link.readlink())) if link.exists() else None
    except (OSError, ValueError):
        return None


def point_latest(channel_dir: Path, version: Version) -> None:
    """Makes `latest` lead to `version`, in one step; untouched where it already does, so that its date is the release's."""
    link = channel_dir / LATEST
    if link.is_symlink() and link.readlink() == Path(str(version)):
        return
    moving = channel_dir / f"{MOVING}{uuid.uuid4().hex}"
    moving.symlink_to(str(version))
    moving.replace(link)
    _sync(channel_dir)


def find_release(root: Path, channel: str | None, version: str | None, *, whole: bool = True) -> tuple[str, Path]:
    """(channel, folder) to serve. Without a channel, the one most recently released; without a version, its latest.

    `version` may be `latest`. Raises NoReleaseError with the remedy; with `whole` also where the whole files were dropped.
    """
    links = {name: root / name / LATEST for name in CHANNELS if (root / name / LATEST).is_symlink()}
    if not links:
        raise NoReleaseError(f"no release under {root} yet: run `publicvalue run` first")
    if channel is None:
        channel = max(links, key=lambda name: links[name].lstat().st_mtime_ns)
    if channel not in links:
        raise NoReleaseError(f"no release of channel {channel} under {root}; there is one of {', '.join(links)}")
    standing = [str(found) for found in versions(root / channel)]
    chosen = str(links[channel].readlink()) if version in {None, LATEST} else version
    if chosen not in standing:
        raise NoReleaseError(
            f"channel {channel} has no release {chosen}; choose one of {', '.join(standing) or 'none: run again'}"
        )
    release = root / channel / chosen
    if whole and not (release / WHOLE).exists():
        raise NoReleaseError(
            f"the whole files of {chosen} were dropped under the retention rule; rebuild them with "
            f"`publicvalue releases --restore {chosen} --channel {channel}`"
        )
    return channel, release


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
