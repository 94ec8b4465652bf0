from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.operation.message import Told, after_run, new_findings
from pipelines.operation.silence import Silent
from pipelines.summary import Holds, RunSummary

SUMMARY = RunSummary(
    channel="live",
    input="what publishers offer",
    home="/home",
    as_of="2026-01-31",
    holds=Holds(),
    outcome_files=0,
    hashed_files=0,
    read_files=0,
    release="1.1.0",
    release_path="/home/releases/live/1.1.0",
    is_new_release=True,
    is_limited=False,
    problems=[],
    seconds={},
    latest="1.1.0",
)
CHANGED = {
    "why": ["Rows came or went in transactions."],
    "datasets": [
        {
            "name": "transactions",
            "added": 1200,
            "modified": 2,
            "deleted": 0,
            "money": [{"field": "amount_gbp", "moved": "1234567.80"}],
        }
    ],
}
QUIET = Silent("hm-example", date(2025, 11, 2))


def test_a_release_is_told_with_what_changed_and_where_to_see_it() -> None:
    message = after_run(SUMMARY, CHANGED, [], Told(), site="https://example.org")
    assert message is not None
    assert message.title == "Public Value (live): release 1.1.0 is out"
    assert message.body == (
        "Release 1.1.0 is out.\nRows came or went in transactions.\n\nRows added, gone, corrected:\n"
        "transactions: +1,200 -0 ~2; amount_gbp moved by £1,234,567.80\n\nhttps://example.org/releases"
    )
    assert not message.needs_person


def test_months_that_are_late_or_missing_since_are_named() -> None:
    due = [("hm-example", date(2025, 11, 1), "missing"), ("dept-of-kites", date(2025, 10, 1), "late")]
    message = after_run(SUMMARY, None, [], Told(), overdue=due)
    assert message is not None
    assert message.body.endswith(
        "Late or missing now (2):\nhm-example: November 2025 missing\ndept-of-kites: October 2025 late"
    )
    assert not message.needs_person


def test_nothing_new_is_no_message() -> None:
    assert after_run(replace(SUMMARY, is_new_release=False), None, [], Told()) is None


def test_a_held_release_needs_a_person_and_says_what_to_do() -> None:
    held = replace(SUMMARY, held=["transactions: counted money fell by 61%"], latest="1.0.0")
    message = after_run(held, None, [], Told(), site="https://example.org")
    assert message is not None
    assert message.needs_person
    assert message.title == "Public Value (live): release 1.1.0 is held and waits for you"
    assert "1.0.0 is served" in message.body
    assert "publicvalue approve 1.1.0 --channel live" in message.body
    assert "example.org" not in message.body


def test_a_problem_or_silence_is_told_once(tmp_path: Path) -> None:
    same = replace(SUMMARY, is_new_release=False, problems=["hm-example: could not be looked at"])
    message = after_run(same, None, [QUIET], Told())
    assert message is not None
    assert message.needs_person
    assert message.title == "Public Value (live): 1 problem, 1 gone silent"
    assert "hm-example: nothing new since 2025-11-02" in message.body
    Told.of(same, [QUIET]).save(tmp_path / "told.json")
    assert after_run(same, None, [QUIET], Told.at(tmp_path / "told.json")) is None


def test_what_cannot_be_remembered_is_told_again(tmp_path: Path) -> None:
    (tmp_path / "told.json").write_text("{", encoding="utf-8")
    assert Told.at(tmp_path / "told.json") == Told()


def test_a_long_list_is_cut_and_says_so() -> None:
    problems = [f"file {number}" for number in range(25)]
    message = after_run(replace(SUMMARY, problems=problems), None, [], Told())
    assert message is not None
    assert "What went wrong (25):" in message.body
    assert message.body.endswith("file 9\nand 15 more")


def test_subscribers_get_their_new_findings() -> None:
    message = new_findings("hm-example", "1.1.0", [("error", "Amount cannot be read", 12)], "https://example.org")
    assert message.title == "Public Value 1.1.0: 12 new findings about hm-example"
    assert message.body == "12 error: Amount cannot be read\nhttps://example.org/reports/hm-example/"
