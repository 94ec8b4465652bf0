"""Runs whose process was killed: nobody else says of them that they have ended, and the run queue would wait for them for ever."""

from __future__ import annotations

import time

import dagster as dg

from pipelines.home import Home
from sources.errors import HomeLockedError

GRACE = 60.0
"""Seconds that a run has between its start and the lock of the home."""
WORDS = "its process ended without a word: it was killed, or the machine stopped. The next run goes on where it was"


def end_abandoned(instance: dg.DagsterInstance, home: Home, *, grace: float = GRACE) -> list[str]:
    """Records as failed each run that is said to go on while nobody holds the home. Returns their ids."""
    try:
        with home.locked():
            started = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
            ended = [one.dagster_run for one in started if time.time() - (one.start_time or time.time()) > grace]
            for run in ended:
                instance.report_run_failed(run, WORDS)
            return [run.run_id for run in ended]
    except HomeLockedError:
        return []
