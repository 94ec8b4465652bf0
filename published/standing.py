"""What stands between the releases of a channel and `latest`: releases held, approved or rolled back, and whole files dropped.

Belongs here: the account in <channel>/channel.json and which version `latest` has to lead to because of it. Does not belong
here: why a release is held (hold.py), or the folders and links themselves (store.py).

The account is written first and the link moved after it, so that a kill between the two is mended by whoever looks next.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from published.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from published.version import Version

NAME = "channel.json"


@dataclass(slots=True)
class Standing:
    """`held`: version to reasons. `approved`, `dropped`: version to what was noted (date, by whom). `rolled_back`: to which
    version, which one was the newest then, the date and the reason; None where `latest` is not rolled back.
    """

    held: dict[str, list[str]] = field(default_factory=dict)
    approved: dict[str, dict[str, str]] = field(default_factory=dict)
    dropped: dict[str, dict[str, str]] = field(default_factory=dict)
    rolled_back: dict[str, str] | None = None


def read_standing(channel_dir: Path) -> Standing:
    """Raises ReleaseError where the account is there and cannot be read: guessing could serve what was held."""
    path = channel_dir / NAME
    if not path.exists():
        return Standing()
    try:
        return Standing(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            f"{path} cannot be read ({error}); restore it from a copy, or delete it so that no release counts as held"
        ) from error


def write_standing(channel_dir: Path, standing: Standing) -> None:
    """In one step and flushed to disk. An account that says nothing is no file."""
    path = channel_dir / NAME
    noted: dict[str, Any] = {name: value for name, value in asdict(standing).items() if value}
    if not noted:
        path.unlink(missing_ok=True)
        return
    aside = path.with_suffix(".part")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(noted, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def wanted_latest(standing: Standing, versions: Sequence[Version]) -> Version | None:
    """The version that `latest` has to lead to: the newest that is not held, or the one rolled back to for as long as no
    newer one came. None where there is none. `versions` are those that stand, oldest first.
    """
    free = [version for version in versions if str(version) not in standing.held]
    if not free:
        return None
    if (back := standing.rolled_back) is not None and str(free[-1]) == back["newest"]:
        chosen = [version for version in free if str(version) == back["to"]]
        return chosen[0] if chosen else free[-1]
    return free[-1]
