"""What the daemon's sensors do by themselves; schedule, ingest and release on a replay server are in tests/replay/test_daily.py."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets import timing
from pipelines.operation.outcome import last_outcome
from sources.errors import PublicValueError


@dg.op
def breaks() -> None:
    raise PublicValueError("the disk is full")


@dg.job
def broken() -> None:
    breaks()


def test_a_run_that_failed_is_noted_for_the_channel_that_the_daemon_fills_and_told_in_the_words_of_what_broke_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLICVALUE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PUBLICVALUE_LIVE", "1")
    monkeypatch.delenv("PUBLICVALUE_MIRROR", raising=False)
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(timing, "tell_failure", lambda _home, channel, error: told.append((channel, error)) or [])
    with dg.DagsterInstance.ephemeral() as instance:
        run = broken.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="tell_of_failure",
            dagster_event=run.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=run.dagster_run,
        ).for_run_failure()
        timing.tell_of_failure(context)
    outcome = last_outcome(timing.open_home(), "live")
    assert outcome is not None
    assert outcome.error == "the disk is full"
    assert told == [("live", "the disk is full")]
