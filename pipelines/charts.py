"""Draws the charts of a release's most read pages into the home when it is built, so that no reader waits for one.

A step of its own, since 300 charts take some 20 seconds of a processor in a fresh home: scheduled runs do it after each new
release, `publicvalue run --charts` where it is asked for, and `publicvalue serve` for what is left. Pictures are kept by
what they are drawn of, so that the next release draws only what changed. Does not belong here: drawing (published.site.drawing).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.work import Work


def draw_charts(work: Work, release: Path) -> int:
    """How many were drawn; those that the home has already are not. Charts that cannot be drawn are left to the server, which
    says so.
    """
    from published.site.ahead import draw_ahead  # noqa: PLC0415 - brings Datasette

    with work.progress.stage("Charts") as stage:
        drawn = draw_ahead(release)
        stage.outcome = f"{drawn} drawn"
    return drawn
