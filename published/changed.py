"""What a release changed, read back from the release itself and the data package of the one before.

Belongs here: reading. Does not belong here: comparing (deltas.py), what changed about each publisher (changed_publishers.py),
or words (metadata/changelog.py, the site, messages).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from published.metadata.changes import changes
from published.metadata.data_package import NAME
from published.release_deltas import read_index

if TYPE_CHECKING:
    from pathlib import Path


def changed(release: Path) -> dict[str, Any] | None:
    """As published.metadata.changes. None for a first release, and where the one before has left no data package."""
    index = read_index(release)
    if index is None:
        return None
    before = release.parent / index["from"] / NAME
    if not before.is_file():
        return None
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in (before, release / NAME)]
    return changes(packages[0], packages[1], index["datasets"])
