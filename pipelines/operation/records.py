"""Progress as structured records on standard error, one JSON object a line: for a log collector.

Each record has the run it belongs to; what concerns a publisher or a snapshot names it. The setting `log_format` chooses
this kind; `log_level` says what is left out.
"""

from __future__ import annotations

import logging
import sys
import uuid
from typing import TextIO

import structlog

from pipelines.progress import Progress, Stage, for_terminal
from pipelines.settings import Settings


class Records(Progress):
    """A record a stage, and one for each thing noted. `run` is drawn anew for each run."""

    def __init__(self, out: TextIO | None = None, level: str = "info") -> None:
        super().__init__()
        lowest = logging.getLevelName(level.upper())
        self.log = structlog.wrap_logger(
            structlog.PrintLogger(out or sys.stderr),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(lowest),
            run=uuid.uuid4().hex[:12],
        )

    def _ended(self, title: str, stage: Stage) -> None:
        self.log.info("stage ended", stage=title, outcome=stage.outcome, seconds=self.seconds[title])

    def note(self, event: str, **facts: object) -> None:
        (self.log.warning if event == "problem" else self.log.info)(event, **facts)


def progress_for(settings: Settings) -> Progress:
    """As the setting `log_format` says: words for a person, or records."""
    return Records(level=settings.log_level) if settings.log_format == "json" else for_terminal()
