"""Approving and rolling back, killed with signal 9 before any one of their changes to the home: the release before is served,
or the new one whole, and the command said again does the rest. A copy elsewhere that was cut short is not announced.
"""

from __future__ import annotations

import filecmp
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import cli
from published import store
from published.serve import open_release
from published.standing import read_standing

Kill = Callable[[int, Path, tuple[str, ...]], int]


@pytest.mark.parametrize(
    ("command", "after"),
    [(("approve", "1.0.2"), "1.0.2"), (("rollback", "1.0.0", "--reason", "counts twice"), "1.0.0")],
)
def test_latest_leads_to_the_release_before_or_to_the_new_one_and_the_command_said_again_ends_it(
    command: tuple[str, ...], after: str, three: Path, tmp_path: Path, kill: Kill
) -> None:
    served: list[str] = []
    code = -9
    while code == -9:
        home = tmp_path / str(len(served))
        shutil.copytree(three, home, symlinks=True, copy_function=lambda one, other: Path(other).hardlink_to(one))
        channel = home / "releases/sample"
        code = kill(len(served) + 1, home, command)
        served.append(str(store.latest(channel)))
        open_release(channel / "latest").close()
        read_standing(channel)
        for said in (("releases",), command):
            assert CliRunner().invoke(cli, [*said, "--home", str(home)]).exit_code == 0
        assert str(store.latest(channel)) == after
    assert code == 0
    # At least the lock, the note aside and its name, the link aside and its name; the last was not killed.
    assert len(served) > 5
    assert served == ["1.0.1"] * (len(served) - 1) + [after]


def test_a_copy_elsewhere_is_announced_when_it_is_whole_and_publishing_again_ends_it(
    three: Path, tmp_path: Path, kill: Kill
) -> None:
    home, target = tmp_path / "home", tmp_path / "home-copy"
    shutil.copytree(three, home, symlinks=True)
    command = ("publish", "--to", str(target))
    for number in (3, 150):  # the second goes on where the first ended
        assert kill(number, home, command) == -9
        assert not list(target.glob("*/SHA256SUMS"))
        assert not (target / "latest.json").exists()
    assert CliRunner().invoke(cli, [*command, "--home", str(home)]).exit_code == 0
    compared = filecmp.dircmp(home / "releases/sample/1.0.1", target / "1.0.1")
    assert (compared.left_only, compared.right_only, compared.diff_files) == ([], [], [])
    assert json.loads((target / "latest.json").read_text())["version"] == "1.0.1"
