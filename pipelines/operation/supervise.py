"""Keeps a few processes running: starts them together, starts again what dies, and stops all in good order.

Belongs here: starting, watching, stopping. Does not belong here: which processes they are (pipelines/commands/up.py).
On a server that has systemd or containers, these do the same from outside; this is for everyone else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY = 60.0
"""After so many seconds alive, a process that dies is taken for a healthy one, and starts again without a long pause."""
GRACE = 20.0
"""Seconds that a process has to stop by itself before it is stopped."""


@dataclass(slots=True)
class Process:
    """One process to be kept alive, in a process group of its own so that its children stop with it."""

    name: str
    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0

    def start(self, now: float) -> None:
        self.running = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            list(self.arguments),
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started = now

    def signal(self, number: signal.Signals) -> None:
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)


@dataclass(slots=True)
class Supervisor:
    """Runs until told to stop. `say` gets one line for each thing that a person should know."""

    processes: Sequence[Process]
    say: Callable[[str], None]
    stopping: bool = False

    def run(self, interval: float = 0.2) -> None:
        """Returns once everything has stopped, after SIGINT, SIGTERM or `stop`."""
        before = {number: signal.signal(number, self._signalled) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self.stopping:
                for process in self.processes:
                    self._keep(process, time.monotonic())
                time.sleep(interval)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        self.stopping = True

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _keep(self, process: Process, now: float) -> None:
        if process.running is None:
            if now >= process.next_start:
                process.start(now)
            return
        code = process.running.poll()
        if code is None:
            return
        process.signal(signal.SIGKILL)  # what its group left behind would hold the port
        process.running = None
        if now - process.started >= STEADY:
            process.pause = FIRST_PAUSE
        process.next_start = now + process.pause
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self.say(f"{process.name} {how}; starting it again in {process.pause:.0f} s")
        process.pause = min(process.pause * 2, LONGEST_PAUSE)

    def _stop_all(self) -> None:
        alive = [process for process in self.processes if process.running is not None]
        for process in alive:
            process.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in alive:
            assert process.running is not None  # noqa: S101 - chosen above
            try:
                process.running.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{process.name} did not stop within {GRACE:.0f} s and was stopped")
            process.signal(signal.SIGKILL)
            process.running.wait()
            process.running = None
