"""Bring a folder in step with what is published, and say what came of it. Used by `run --live` and `publicvalue mirror`.

Belongs here: registers and settings for sources.live, and progress. Does not belong here: finding and fetching.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.home import Home
from pipelines.progress import Progress
from sources.errors import UnreachableError
from sources.one_step import replace_file
from sources.outcome_sets import declared_sets
from sources.registry import load_registry

if TYPE_CHECKING:
    from pipelines.choose import RunOptions
    from sources.fetch_settings import FetchSettings
    from sources.live import Synced


def fetch(home: Home, options: RunOptions, progress: Progress) -> list[str]:
    """The live folder of the home. Returns what went wrong, for people; what was fetched before stands then.

    It is noted too, for a build that is a run of its own: see `told`.
    """
    from pipelines.settings import load_settings  # noqa: PLC0415 - brings pydantic-settings, which other inputs do without

    settings = load_settings(home.root)
    problems = fetch_into(
        home.live,
        only=options.publishers,
        since=options.since,
        progress=progress,
        settings=settings,
        today=options.as_of,
    ).problems
    replace_file(_noted(home), json.dumps(problems, indent=1, ensure_ascii=False))
    return problems


def told(home: Home) -> list[str]:
    """What went wrong when the live folder was last filled."""
    try:
        return [str(one) for one in json.loads(_noted(home).read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def _noted(home: Home) -> Path:
    return home.root / "runs" / "fetched-live.json"


def fetch_into(
    root: Path,
    *,
    only: Collection[str],
    since: date | None,
    progress: Progress,
    settings: FetchSettings,
    today: date | None = None,
) -> Synced:
    """Any folder that was empty or filled by us. `today` is the day of the run, where it is to be another than the clock's.

    Raises UsageError for what cannot be asked for, and UnreachableError where nobody could be looked at and nothing is there.
    """
    from sources.live import Wish, sync  # noqa: PLC0415

    registry, sets = load_registry(), declared_sets()
    with progress.stage("Look and fetch") as stage:
        so_far = 0

        def fetched(done: int, everything: int) -> None:
            nonlocal so_far
            if done == 1:
                stage.expect(everything)
            stage.advance(done - so_far)
            so_far = done

        synced = sync(
            root,
            registry,
            sets,
            settings,
            today=today or datetime.now(UTC).date(),
            wish=Wish(only, since),
            fetched=fetched,
        )
        stage.outcome = synced.in_words
    if not synced.held and synced.problems:
        raise UnreachableError(
            f"nothing could be fetched, and nothing was fetched before. {synced.problems[0]}"
            + (f" (and {len(synced.problems) - 1:,} more)" if len(synced.problems) > 1 else "")
        )
    return synced
