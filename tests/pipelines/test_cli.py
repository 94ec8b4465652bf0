"""The entry point as the shell sees it: the exit code that a command asks for is the process's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from pipelines import cli
from sources.errors import PublicValueError, UsageError


@pytest.mark.parametrize(
    ("ends_with", "code"),
    [
        (click.exceptions.Exit(3), 3),
        (click.exceptions.Exit(1), 1),
        (click.Abort(), 130),
        (click.UsageError("no such option"), 2),
        (UsageError("no such folder"), 2),
        (PublicValueError("the disk is full"), 1),
    ],
)
def test_a_command_that_ends_otherwise_gives_its_code_to_the_shell(
    monkeypatch: pytest.MonkeyPatch, ends_with: Exception, code: int
) -> None:
    @click.command()
    def broken() -> None:
        raise ends_with

    monkeypatch.setattr(cli, "cli", broken)
    monkeypatch.setattr(sys, "argv", ["publicvalue"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == code


def test_a_command_that_is_done_ends_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["publicvalue", "status", "--home", str(tmp_path / "none")])
    cli.main()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["", *cli.cli.list_commands(click.Context(cli.cli))])
def test_every_help_ends_with_examples_one_a_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.cli.main([name, "--help"] if name else ["--help"], prog_name="publicvalue", standalone_mode=False)
    said = capsys.readouterr().out
    examples = [line for line in said.splitlines() if line.startswith(f"  publicvalue {name}".rstrip())]
    assert len(examples) >= 2, said
    assert all(example.count(f"publicvalue {name}") == 1 for example in examples)
    assert "\\b" not in said
    assert "\b" not in said
