"""Which releases keep their whole files under retention.yaml, and dropping those of the others.

Belongs here: the rule and the deletion. Does not belong here: building dropped files again (restoring.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict, Field

from published import store
from published.deltas import FOLDER as DELTAS
from published.metadata.checksums import read_checksums
from published.reports import FOLDER as REPORTS
from published.standing import Standing, read_standing, write_standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from published.version import Version

PATH = Path(__file__).with_name("retention.yaml")
WHOLE_SUFFIXES = (".csv", ".csv.gz", ".parquet", ".sqlite")


class Rule(BaseModel):
    """retention.yaml, which explains the keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep_newest: int = Field(ge=1)
    keep_first: bool
    keep_newest_of_each_major: bool


def rule() -> Rule:
    """Raises ValueError where retention.yaml is wrong."""
    return Rule(**yaml.safe_load(PATH.read_text(encoding="utf-8")))


def to_drop(rule: Rule, versions: Sequence[Version], latest: Version | None, standing: Standing) -> list[Version]:
    """Versions, oldest first, whose whole files the rule lets go. `versions` are those that stand, oldest first."""
    kept = {*versions[-rule.keep_newest :], latest, *(one for one in versions if str(one) in standing.held)}
    if rule.keep_first:
        kept |= {*versions[:1]}
    if rule.keep_newest_of_each_major:
        kept |= set({one.major: one for one in versions}.values())
    return [one for one in versions if one not in kept]


def whole_files(release: Path) -> list[str]:
    """Names, in the folder, of the files that hold the data themselves."""
    return [
        name
        for name in read_checksums(release)
        if name.endswith(WHOLE_SUFFIXES) and name.split("/")[0] not in {DELTAS, REPORTS}
    ]


def prune(channel_dir: Path, day: date, chosen: Rule | None = None) -> dict[str, int]:
    """Drops what the rule lets go; version to bytes freed. The home has to be locked.

    Noted first and deleted after, the SQLite file before the others, so that after a kill no release looks whole that is not.
    """
    standing = read_standing(channel_dir)
    versions = store.versions(channel_dir)
    freed: dict[str, int] = {}
    for version in to_drop(chosen or rule(), versions, store.latest(channel_dir), standing):
        folder = channel_dir / str(version)
        names = sorted(whole_files(folder), key=lambda name: (name != store.WHOLE, name))
        present = [folder / name for name in names if (folder / name).is_file()]
        if not present:
            continue
        standing.dropped.setdefault(str(version), {"date": day.isoformat()})
        write_standing(channel_dir, standing)
        freed[str(version)] = sum(path.stat().st_size for path in present)
        for path in present:
            path.unlink()
    return freed
