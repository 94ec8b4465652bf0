from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.commands.status import in_words, status
from pipelines.home import Home, open_home
from pipelines.operation.outcome import Outcome, last_outcome, note_outcome, noting_failure
from pipelines.operation.state import kept, operation
from pipelines.summary import Holds, RunSummary
from sources.errors import UsageError

MONDAY, TUESDAY, WEDNESDAY = (datetime(2024, 7, day, 6, 31, tzinfo=UTC) for day in (1, 2, 3))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_a_failure_keeps_the_day_of_the_last_success_and_a_success_forgets_the_error(home: Home) -> None:
    assert last_outcome(home, "live") is None
    note_outcome(home, "live", at=MONDAY)
    note_outcome(home, "live", "the disk is full", at=TUESDAY)
    assert last_outcome(home, "live") == Outcome(
        "2024-07-02T06:31:00+00:00", "the disk is full", "2024-07-01T06:31:00+00:00"
    )
    assert last_outcome(home, "sample") is None
    note_outcome(home, "live", at=WEDNESDAY)
    assert last_outcome(home, "live") == Outcome("2024-07-03T06:31:00+00:00", "", "2024-07-03T06:31:00+00:00")


def test_a_failure_that_is_heard_of_late_does_not_hide_the_success_after_it(home: Home) -> None:
    note_outcome(home, "live", at=WEDNESDAY)
    note_outcome(home, "live", "killed", at=TUESDAY)
    assert last_outcome(home, "live") == Outcome("2024-07-03T06:31:00+00:00", "", "2024-07-03T06:31:00+00:00")


def test_what_was_asked_for_wrongly_is_no_run_and_what_breaks_is(home: Home) -> None:
    with pytest.raises(UsageError), noting_failure(home, "live"):
        raise UsageError("no such publisher")
    assert last_outcome(home, "live") is None
    with pytest.raises(OSError, match="gone"), noting_failure(home, "live"):
        raise OSError("gone")
    outcome = last_outcome(home, "live")
    assert outcome is not None
    assert outcome.error == "gone"


def test_the_state_tells_of_the_last_run_without_the_words_of_its_error(home: Home) -> None:
    state = operation(home, "live", days_silent=45)
    assert (state["last_run"], state["silent_count"]) == (None, 0)
    assert state["free_bytes"] > 0
    RunSummary(
        channel="live", input="", home="", as_of=date(2024, 7, 1).isoformat(), holds=Holds(), outcome_files=0, hashed_files=0,
        read_files=0, release="1.0.0", release_path="", is_new_release=True, is_limited=False, problems=["one"], seconds={},
        total_seconds=61.5,
    ).save(home.last_run)  # fmt: skip
    note_outcome(home, "live", at=MONDAY)
    assert operation(home, "live", days_silent=45)["last_run"] == {
        "ended_at": "2024-07-01T06:31:00+00:00", "is_success": True, "succeeded_at": "2024-07-01T06:31:00+00:00",
        "seconds": 61.5, "problem_count": 1,
    }  # fmt: skip
    note_outcome(home, "live", f"{home.root}: the disk is full", at=TUESDAY)
    failed = operation(home, "live", days_silent=45)
    assert failed["last_run"]["is_success"] is False
    assert failed["last_run"]["problem_count"] is None
    assert "disk is full" not in str(failed)


def test_the_command_says_why_the_last_run_failed(home: Home) -> None:
    note_outcome(home, "live", at=MONDAY)
    assert "Failed" not in in_words(status(home.root))
    note_outcome(home, "live", "the disk is full", at=TUESDAY)
    assert "Failed    the last run of live, on 2024-07-02T06:31:00+00:00: the disk is full" in in_words(
        status(home.root)
    )


def test_an_answer_is_kept_for_a_while() -> None:
    asked: list[int] = []

    def look() -> dict[str, int]:
        asked.append(1)
        return {"number": len(asked)}

    lasting, fleeting = kept(look, 3600), kept(look, -1)
    assert [lasting(), lasting()] == [{"number": 1}, {"number": 1}]
    assert [fleeting(), fleeting()] == [{"number": 2}, {"number": 3}]
