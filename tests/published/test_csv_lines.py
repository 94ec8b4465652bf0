from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from published.csv_lines import CsvLines
from published.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.sampled_from('ak1",\n\r =-é'), max_size=12)


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


@given(
    rows=st.lists(st.lists(TEXT, min_size=2, max_size=3), max_size=12),
    every=st.integers(1, 4),
    chunk=st.integers(1, 40),
)
def test_what_is_taken_apart_is_whole_lines_and_all_of_them(rows: list[list[str]], every: int, chunk: int) -> None:
    lines = CsvLines(io.BytesIO(written(rows)), chunk)
    for start in range(0, len(rows), every):
        some = rows[start : start + every]
        assert b"".join(lines.take(len(some))) == written(some)


def test_a_file_that_ends_early_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'key,text\nk0,"a\n')
    with (tmp_path / "a.csv").open("rb") as file:
        lines = CsvLines(file)
        assert b"".join(lines.take(1)) == b"key,text\n"
        with pytest.raises(ReleaseError, match=r"a\.csv: ends before its last line"):
            list(lines.take(1))
