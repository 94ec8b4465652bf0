"""How far a run is, for whoever watches: bars on a terminal, plain lines elsewhere, nothing in tests and Dagster's pages.

Belongs here: showing. Does not belong here: what the stages are.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO


class Stage:
    """One stage under way. A stage whose total is unknown, or 0, has no bar but a spinner."""

    def __init__(self, on_change: Callable[[Stage], None]) -> None:
        self.total = 0
        self.done = 0
        self.outcome = ""
        """What came of it, in a few words; shown at the end."""
        self._on_change = on_change

    def expect(self, total: int) -> None:
        self.total = total
        self._on_change(self)

    def advance(self, amount: int) -> None:
        self.done += amount
        self._on_change(self)


class Progress:
    """Shows nothing. `seconds` by stage is kept by every kind of progress."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        begun = time.perf_counter()
        with self._shown(title) as stage:
            yield stage
        self.seconds[title] = round(time.perf_counter() - begun, 3)
        self._ended(title, stage)

    @contextlib.contextmanager
    def _shown(self, title: str) -> Iterator[Stage]:  # noqa: ARG002 - shown by those that show
        yield Stage(lambda _stage: None)

    def _ended(self, title: str, stage: Stage) -> None:
        """Called when a stage has ended well."""

    def note(self, event: str, **facts: object) -> None:
        """Something that a log should hold: of which publisher, which snapshot. A person at a terminal is not told."""


class Lines(Progress):
    """A line when a stage has ended: for logs and pipes."""

    def __init__(self, out: TextIO | None = None) -> None:
        super().__init__()
        self.out = out or sys.stderr

    def _ended(self, title: str, stage: Stage) -> None:
        words = f": {stage.outcome}" if stage.outcome else ""
        self.out.write(f"{title}{words} ({self.seconds[title]:.1f} s)\n")
        self.out.flush()


class Bars(Lines):
    """A bar while a stage is under way, and its line afterwards: for a terminal."""

    @contextlib.contextmanager
    def _shown(self, title: str) -> Iterator[Stage]:
        from rich.console import Console  # noqa: PLC0415 - a tenth of a second that other commands do not pay
        from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
        from rich.progress import Progress as RichProgress  # noqa: PLC0415

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with RichProgress(*columns, console=Console(file=self.out), transient=True) as bars:
            bar = bars.add_task(title, total=None)
            yield Stage(lambda stage: bars.update(bar, total=stage.total or None, completed=stage.done))


def for_terminal() -> Progress:
    """Bars where standard error is a terminal, else lines."""
    return Bars() if sys.stderr.isatty() else Lines()
