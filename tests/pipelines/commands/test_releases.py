"""releases, diff, approve, rollback and download-url, each on real releases and with a remedy for wrong use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import cli
from pipelines.commands.status import in_words, status
from pipelines.home import open_home
from published.release import ReleaseResult
from published.standing import read_standing
from sources.errors import PublicValueError

Build = Callable[..., ReleaseResult]
Ask = Callable[..., Result]


@pytest.fixture
def home(three: Path, tmp_path: Path) -> Path:
    shutil.copytree(three, tmp_path, symlinks=True, dirs_exist_ok=True)
    return open_home(tmp_path).root


@pytest.fixture
def ask(home: Path) -> Ask:
    def asked(*arguments: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--home", str(home)])

    return asked


def told(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    assert isinstance(result.exception, PublicValueError), result.output
    assert result.exception.exit_code == 2
    words = str(result.exception)
    assert "\n" not in words
    return words


def latest(home: Path) -> str:
    return (home / "releases/sample/latest").readlink().name


def test_the_list_says_what_is_served_held_and_changed(ask: Ask, home: Path) -> None:
    words = told(ask("releases"))
    assert [line.split()[:2] for line in words.splitlines()[1:] if line[2:3].isdigit()] == [
        ["1.0.2", "held"],
        ["1.0.1", "latest"],
        ["1.0.0", "earlier"],
    ]
    assert "transactions ~1" in words
    assert "the bound is 25 % (spending_revised)" in words
    found = json.loads(told(ask("releases", "--json")))
    assert found["releases"][1]["changes"] == {"transactions": {"added": 0, "modified": 1, "deleted": 0}}
    assert found["releases"][2]["changes"] is None
    assert found["releases"][0]["held_because"]


def test_approve_serves_what_was_held_and_notes_who_looked(ask: Ask, home: Path) -> None:
    assert "serves 1.0.2" in told(ask("approve", "1.0.2", "--by", "A. Reader"))
    assert latest(home) == "1.0.2"
    assert read_standing(home / "releases/sample").approved["1.0.2"]["by"] == "A. Reader"
    assert "serves 1.0.2" in told(ask("approve", "1.0.2", "--by", "Another"))
    assert read_standing(home / "releases/sample").approved["1.0.2"]["by"] == "A. Reader"
    assert "1.0.1 of channel sample is not held; held: none is" in refused(ask("approve", "1.0.1"))
    assert "has no release 7.0.0" in refused(ask("approve", "7.0.0"))


def test_rollback_moves_latest_and_back(ask: Ask, home: Path, build: Build) -> None:
    assert "is held; look at it" in refused(ask("rollback", "1.0.2"))
    assert "serves 1.0.0, until a release comes" in told(ask("rollback", "1.0.0", "--reason", "counts twice"))
    assert latest(home) == "1.0.0"
    assert build("three").latest == "1.0.0"
    assert "Rolled back to 1.0.0" in told(ask("releases"))
    assert "(counts twice)" in told(ask("releases"))
    assert "serves 1.0.1, the newest release" in told(ask("rollback", "1.0.1"))
    assert latest(home) == "1.0.1"
    assert "has no release 9.9.9; choose one of 1.0.0, 1.0.1, 1.0.2" in refused(ask("rollback", "9.9.9"))


def test_an_approval_of_what_is_newer_ends_a_roll_back(ask: Ask, home: Path) -> None:
    told(ask("rollback", "1.0.0"))
    assert "serves 1.0.2" in told(ask("approve", "1.0.2"))
    assert latest(home) == "1.0.2"


def test_diff_in_words_as_json_and_by_line(ask: Ask) -> None:
    assert "transactions                0 added, 1 modified, 0 deleted" in told(ask("diff", "1.0.0", "latest"))
    found = json.loads(told(ask("diff", "1.0.1", "1.0.2", "--json")))
    assert found["datasets"]["spend_by_publisher_month"]["money"]["amount_gbp"] == {
        "before": "60000000.00",
        "now": "120000000.00",
    }
    assert "Kite strings -> Kite tails" in told(ask("diff", "1.0.0", "1.0.1", "--dataset", "transactions"))
    assert "neither release has a dataset nothing; there are" in refused(
        ask("diff", "1.0.0", "1.0.1", "--dataset", "nothing")
    )
    assert "has no release 1.5.0" in refused(ask("diff", "1.0.0", "1.5.0"))


def test_download_url_is_stable_by_version(ask: Ask) -> None:
    assert told(ask("download-url", "transactions")) == "http://127.0.0.1:8001/latest/transactions.parquet\n"
    told_url = told(
        ask("download-url", "suppliers", "--version", "1.0.0", "--format", "csv", "--base", "https://x.org/data/")
    )
    assert told_url == "https://x.org/data/1.0.0/suppliers.csv\n"
    assert told(ask("download-url", "suppliers", "--format", "sqlite")).endswith("/latest/public-value.sqlite\n")
    assert "has no dataset nothing; there are attribution," in refused(ask("download-url", "nothing"))
    assert "begins with http://" in refused(ask("download-url", "payments", "--base", "javascript:1"))


def test_prune_and_restore_say_what_they_did(ask: Ask) -> None:
    assert "nothing to drop" in told(ask("releases", "--prune"))
    assert "1.0.0 is whole already" in told(ask("releases", "--restore", "1.0.0"))
    assert "are opposites" in refused(ask("releases", "--prune", "--restore", "1.0.0"))


def test_status_knows_of_holds_and_roll_backs(ask: Ask, home: Path) -> None:
    told(ask("rollback", "1.0.0", "--reason", "counts twice"))
    words = in_words(status(home))
    assert "1.0.2 is held; `publicvalue approve 1.0.2` serves it" in words
    assert "rolled back to 1.0.0" in words
    assert status(home)["releases"]["sample"]["held"] == ["1.0.2"]


def test_a_home_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "nothing"
    for command in (["releases"], ["diff", "1.0.0", "1.0.1"], ["rollback", "1.0.0"], ["download-url", "payments"]):
        result = CliRunner().invoke(cli, [*command, "--home", str(missing)])
        assert "no home is there yet; run `publicvalue run` first" in refused(result)
    assert not missing.exists()


@pytest.mark.parametrize("name", ["releases", "diff", "approve", "rollback", "download-url"])
def test_help_has_examples(name: str) -> None:
    words = CliRunner().invoke(cli, [name, "--help"]).output
    assert f"publicvalue {name}" in words.split("Options:")[1]
