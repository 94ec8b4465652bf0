"""Declared searches of a source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sources.errors import UsageError
from sources.searches import Search, read_searches

HEAD = "publisher_id,series,month,searched\n"


def test_without_a_file_nothing_was_searched(tmp_path: Path) -> None:
    assert read_searches(tmp_path) == ()


def test_searches_are_read_once_and_in_order(tmp_path: Path) -> None:
    line = "hm-treasury,spend_over_threshold,2024-05,2024-09-01\n"
    earlier = "hm-treasury,spend_over_threshold,2024-04-01,2024-08-01\n"
    (tmp_path / "searches.csv").write_text(HEAD + line + earlier + line, encoding="utf-8-sig")
    assert read_searches(tmp_path) == (
        Search("hm-treasury", "spend_over_threshold", date(2024, 4, 1), date(2024, 8, 1)),
        Search("hm-treasury", "spend_over_threshold", date(2024, 5, 1), date(2024, 9, 1)),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("publisher_id,series,month\n", "line 1: no column searched"),
        (HEAD + ",spend_over_threshold,2024-05,2024-09-01\n", "line 2, column publisher_id"),
        (HEAD + "hm-treasury,spending,2024-05,2024-09-01\n", "line 2, column series"),
        (HEAD + "hm-treasury,spend_over_threshold,2024-13,2024-09-01\n", "line 2, column month"),
        (HEAD + "hm-treasury,spend_over_threshold,2024-05,1 September\n", "line 2, column searched"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "searches.csv").write_text(text)
    with pytest.raises(UsageError, match=said):
        read_searches(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "searches.csv").write_bytes(HEAD.encode() + b"\xff\xfe,\n")
    with pytest.raises(UsageError, match="CSV UTF-8"):
        read_searches(tmp_path)
