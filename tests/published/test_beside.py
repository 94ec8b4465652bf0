from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from published.beside import growing
from published.datasets import datasets

if TYPE_CHECKING:
    from pathlib import Path


def test_what_fails_outside_ends_the_thread_and_is_what_is_raised(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(ValueError, match="no key"), growing(tmp_path / "a.sqlite"):
        raise ValueError("no key")
    assert threading.active_count() == before


def test_what_fails_in_the_thread_is_raised_where_it_is_waited_for(tmp_path: Path) -> None:
    with growing(tmp_path / "a.sqlite") as file:
        file.add(datasets()[0], tmp_path / "absent.parquet")
        file.settle(set(), {})
        with pytest.raises(Exception, match=r"absent\.parquet"):
            file.finish()


def test_a_file_that_is_given_no_dataset_still_gets_whole(tmp_path: Path) -> None:
    with growing(tmp_path / "a.sqlite") as file:
        file.settle(set(), {})
        file.finish()
    assert (tmp_path / "a.sqlite").exists()
