from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import explained_disk_errors, home_root, open_home
from sources.errors import HomeLockedError, PublicValueError, UsageError


def test_the_home_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUBLICVALUE_HOME", raising=False)
    assert open_home().root == tmp_path / ".publicvalue"
    monkeypatch.setenv("PUBLICVALUE_HOME", str(tmp_path / "elsewhere"))
    assert open_home().root == tmp_path / "elsewhere"
    assert open_home(tmp_path / "given").root == tmp_path / "given"


def test_a_file_in_the_homes_place_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(UsageError, match="a file stands where the home should be"):
        open_home(tmp_path / "home")
    with pytest.raises(UsageError, match="a file stands where the home should be"):  # what reads a home says so too
        home_root(tmp_path / "home")


@pytest.mark.parametrize("place", ["file/home", "n" * 300, "held/home"])
def test_a_home_that_cannot_be_made_is_one_line_with_a_remedy(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "held/home").mkdir(parents=True)
    (tmp_path / "held/home/lake").write_text("a file where a folder of the home belongs")
    with pytest.raises(UsageError, match=r"no folder can be made there .*; give another home with --home") as caught:
        open_home(tmp_path / place)
    assert "\n" not in str(caught.value)


def test_a_home_locked_by_another_process_is_told_and_free_again_after(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    code = f"from pipelines.home import open_home\nwith open_home({str(home.root)!r}).locked():\n print('held', flush=True)\n input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(HomeLockedError, match="another run is using this home; wait") as caught, home.locked():
            pass
        assert "\n" not in str(caught.value)
        holder.kill()
    with home.locked(), home.locked():
        pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "/x/y: no permission to write"),
        (RuntimeError("IO Error: could not write: No space left on device"), "the disk is full"),
    ],
)
def test_the_disks_refusals_are_one_line_with_a_remedy(tmp_path: Path, error: Exception, words: str) -> None:
    with pytest.raises(PublicValueError, match="--home") as caught, explained_disk_errors(tmp_path):
        raise error
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sizes_are_those_on_the_disk(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    (home.lake / "rows").mkdir()
    (home.lake / "rows/x").write_bytes(b"12345")
    home.warehouse.write_bytes(b"123")
    sizes = home.sizes()
    assert (sizes["lake"], sizes["warehouse"], sizes["snapshots"]) == (5, 3, 0)
