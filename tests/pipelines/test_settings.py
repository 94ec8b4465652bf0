from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.settings import command
from pipelines.settings import PREFIX, Settings, explained, load_settings
from sources.errors import UsageError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SETTINGS", "HOME", *(field.upper() for field in Settings.model_fields)):
        monkeypatch.delenv(PREFIX + name, raising=False)


def write(home: Path, text: str) -> None:
    (home / "settings.toml").write_text(text, encoding="utf-8")


def test_the_environment_is_stronger_than_the_file_and_the_file_than_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'contact = "file@example.org"\nweb_port = 8100\n')
    monkeypatch.setenv("PUBLICVALUE_WEB_PORT", "8200")
    found = {one.name: one for one in explained(tmp_path)}
    assert (found["web_port"].value, found["web_port"].origin) == (8200, "PUBLICVALUE_WEB_PORT")
    assert (found["contact"].value, found["contact"].origin) == (
        "file@example.org",
        str(tmp_path / "settings.toml"),
    )
    assert (found["dagster_port"].value, found["dagster_port"].origin) == (3000, "default")
    assert load_settings(tmp_path).web_port == 8200


def test_secrets_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        'alert_addresses = ["mailto://user:hunter2@example.org"]\n[subscribers]\nhm-treasury = ["json://hunter2.example"]\n',
    )
    monkeypatch.setenv("PUBLICVALUE_DATABASE", "postgresql://me:hunter2@localhost/dagster")
    for arguments in ([], ["--json"]):
        result = CliRunner().invoke(command, ["--home", str(tmp_path), *arguments])
        assert result.exit_code == 0
        assert "hunter2" not in result.output
        assert "hm-treasury" in result.output
        assert "(set, hidden)" in result.output
    assert load_settings(tmp_path).alert_addresses[0].get_secret_value() == "mailto://user:hunter2@example.org"


def test_json_lists_each_setting_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--home", str(tmp_path), "--json"])
    assert [one["name"] for one in json.loads(result.output)] == list(Settings.model_fields)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("web_port = 99999\n", "web_port: Input should be less than or equal to 65535"),
        ("wep_port = 1\n", "no setting is called wep_port"),
        ("web_port = \n", "cannot be read as TOML"),
        ('schedule = "daily"\n', "schedule: 'daily' has to be five fields as in cron"),
        ("[subscribers]\nhm-treasury = 3\n", "subscribers (hm-treasury)"),
    ],
)
def test_a_wrong_line_of_the_file_is_named_with_the_file(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path)
    assert str(tmp_path / "settings.toml") in str(caught.value)
    assert words in str(caught.value)


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICVALUE_FETCH_RATE", "quick")
    with pytest.raises(UsageError, match="PUBLICVALUE_FETCH_RATE: Input should be a valid number"):
        load_settings(tmp_path)


def test_a_list_that_is_no_json_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICVALUE_ALERT_ADDRESSES", "mailto://someone")
    with pytest.raises(UsageError, match="written as JSON in the environment"):
        load_settings(tmp_path)


def test_a_named_file_has_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICVALUE_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match=r"none\.toml: no such file"):
        load_settings()


def test_reading_the_settings_does_not_load_what_fetches() -> None:
    words = "import sys; from pipelines.settings import load_settings; load_settings(); print('httpx' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
