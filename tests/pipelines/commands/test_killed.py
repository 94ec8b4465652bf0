"""Approving and rolling back, killed with signal 9 before any one of their changes to the home: the release before is served,
or the new one whole, and the command said again does the rest.
"""

from __future__ import annotations

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
