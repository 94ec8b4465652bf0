"""Who is told what after a run; sending itself is held by test_alerts.py, the words by test_message.py."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from pipelines.home import Home, open_home
from pipelines.operation import tell
from pipelines.operation.message import Message
from pipelines.summary import Holds, RunSummary

SETTINGS = """alert_addresses = ["json://desk.example.org"]
site_address = "https://spending.example.org"
[subscribers]
hm-example = ["json://example.example.org"]
dept-of-quiet = ["json://quiet.example.org"]
"""
FINDINGS = """SELECT * FROM (VALUES ('added', 'error', 'named', 'hm-example'), ('added', 'advice', 'dated', 'hm-example'),
('added', 'error', 'named', 'hm-example'), ('deleted', 'error', 'named', 'dept-of-quiet'), ('added', 'error', 'named', 'another'))
AS found(op, severity, rule_id, publisher_id)"""
RULES = """SELECT * FROM (VALUES ('named', 'Every line names a supplier', 'error'), ('dated', 'Every line has a date', 'advice'))
AS rules(rule_id, rule_title, severity)"""

Sent = list[tuple[str, Message]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """With settings, and a release that brought findings."""
    found = open_home(tmp_path / "home")
    (found.root / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    (release(found) / "deltas").mkdir(parents=True)
    for name, sql in (("deltas/findings", FINDINGS), ("rules", RULES)):
        duckdb.execute(f"COPY ({sql}) TO '{release(found)}/{name}.parquet'")
    compare(found, is_whole=False)
    return found


def compare(home: Home, *, is_whole: bool) -> None:
    """How the findings were compared with those of the release before."""
    index = {"from": "1.0.0", "to": "1.1.0", "datasets": {"findings": {"is_whole": is_whole}}}
    (release(home) / "deltas" / "deltas.json").write_text(json.dumps(index), encoding="utf-8")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Address and message, instead of sending them. What goes to an address with `broken` in it does not arrive."""
    found: Sent = []

    def keep(message: Message, addresses: list[SecretStr]) -> list[str]:
        found.extend((one.get_secret_value(), message) for one in addresses)
        return [f"{one} did not take it" for one in addresses if "broken" in one.get_secret_value()]

    monkeypatch.setattr(tell, "send", keep)
    return found


def release(home: Home) -> Path:
    return home.releases / "live" / "1.1.0"


def summary(
    home: Home, *, held: tuple[str, ...] = (), is_new: bool = True, problems: tuple[str, ...] = ()
) -> RunSummary:
    return RunSummary(
        channel="live", input="", home=str(home.root), as_of="2026-01-31", holds=Holds(), outcome_files=0, hashed_files=0,
        read_files=0, release="1.1.0", release_path=str(release(home)), is_new_release=is_new, is_limited=False,
        problems=list(problems), seconds={}, held=list(held), latest="1.0.0" if held else "1.1.0",
    )  # fmt: skip


def test_subscribers_of_a_publisher_get_its_new_findings_and_nobody_elses(home: Home, sent: Sent) -> None:
    assert tell.tell(home, summary(home)) == []
    assert [(address, message.title) for address, message in sent] == [
        ("json://desk.example.org", "Public Value (live): release 1.1.0 is out"),
        ("json://example.example.org", "Public Value 1.1.0: 3 new findings about hm-example"),
    ]
    assert sent[1][1].body == (
        "2 error: Every line names a supplier\n1 advice: Every line has a date\n"
        "https://spending.example.org/reports/hm-example/"
    )


def test_findings_that_cannot_be_matched_with_those_before_are_not_told_as_new(home: Home, sent: Sent) -> None:
    compare(home, is_whole=True)
    assert tell.tell(home, summary(home)) == []
    assert [address for address, _ in sent] == ["json://desk.example.org"]


def test_a_release_that_is_held_or_not_new_is_no_news_to_subscribers(home: Home, sent: Sent) -> None:
    tell.tell(home, summary(home, held=("its totals fall by half",)))
    tell.tell(home, summary(home, is_new=False, problems=("hm-example: could not be looked at",)))
    assert [address for address, _ in sent] == ["json://desk.example.org"] * 2
    assert all(message.needs_person for _, message in sent)


def test_what_did_not_arrive_is_said_again_the_next_time(home: Home, sent: Sent) -> None:
    path = home.root / "settings.toml"
    trouble = summary(home, is_new=False, problems=("hm-example: could not be looked at",))
    path.write_text(SETTINGS.replace("desk", "broken"), encoding="utf-8")
    assert len(tell.tell(home, trouble)) == 1
    path.write_text(SETTINGS, encoding="utf-8")
    assert tell.tell(home, trouble) == []
    assert tell.tell(home, trouble) == []
    assert [address for address, _ in sent] == ["json://broken.example.org", "json://desk.example.org"]


def test_without_addresses_nobody_is_told(home: Home, sent: Sent) -> None:
    (home.root / "settings.toml").unlink()
    assert tell.tell(home, summary(home)) == []
    assert sent == []


def test_a_failed_run_is_told_to_the_desk(home: Home, sent: Sent) -> None:
    assert tell.tell_failure(home, "live", "the disk is full") == []
    ((address, message),) = sent
    assert (address, message.title) == ("json://desk.example.org", "Public Value (live): the run failed")
    assert message.body.startswith("the disk is full\nNothing was released")
