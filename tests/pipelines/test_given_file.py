from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.given_file import bytes_of
from sources.errors import UsageError


def test_a_file_and_a_link_to_it_give_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(b"a,b\n")
    (tmp_path / "link.csv").symlink_to("file.csv")
    assert bytes_of(tmp_path / "file.csv") == bytes_of(tmp_path / "link.csv") == b"a,b\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gone.csv", "is not there"),
        ("dangling.csv", "is not there"),
        ("folder", "is a folder; name the files in it"),
        ("pipe.csv", "is no file but a pipe or a device; save what comes out of it"),
        ("n" * 300, "cannot be read: File name too long"),
    ],
)
def test_what_is_no_file_is_one_line_that_says_what_it_is(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "dangling.csv").symlink_to("nowhere.csv")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UsageError, match=told) as caught:
        bytes_of(tmp_path / name)
    assert "\n" not in str(caught.value)
