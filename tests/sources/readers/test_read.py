from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.grid import FileContent
from sources.readers import Limits, read_content
from sources.readers.quotes import MAX_ROW_LINES
from sources.schema.model import codes

MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
HEADS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<html><table>",
    b"<?xml",
    b"%PDF-",
    b"\xff\xfe",
    b"a,b\n",
]


def check(content: FileContent) -> None:
    """What holds of every answer."""
    assert content.container in codes("containers")
    assert all(note.code in codes("reading_notes") for note in content.notes)
    if content.reason:
        assert content.reason in codes("file_reasons")
        assert content.detail
    else:
        assert content.grids
    for grid in content.grids:
        assert len(grid.rows) == len(grid.lines)
        assert all(not row or row[-1] for row in grid.rows)
        assert all(0 <= index < len(grid.rows) for index in grid.requoted)


@settings(max_examples=300)
@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_no_bytes_raise(head: bytes, data: bytes) -> None:
    check(read_content(head + data, "any.csv"))


def test_a_file_over_the_limit_is_not_read() -> None:
    content = read_content(b"a,b\n" * 100, "big.csv", Limits(file_bytes=100))
    assert (content.reason, content.grids) == ("too_large", [])
    assert "big.csv" in content.detail


def test_csv_text_named_xls_is_read_as_text() -> None:
    content = read_content(b"Supplier\tAmount\r\nSmith\t5\r\n", "spend.xls")
    assert (content.container, content.delimiter) == ("csv", "\t")


@pytest.mark.real
@pytest.mark.skipif(not MIRROR, reason="PUBLICVALUE_REAL_MIRROR is not set")
class TestRealFiles:
    def test_every_file_has_grids_or_a_reason_and_every_line_belongs_to_one_row(self) -> None:
        paths = sorted(path for path in Path(str(MIRROR), "spend").rglob("*") if path.is_file())
        assert len(paths) >= 295
        unread = []
        for path in paths:
            content = read_content(path.read_bytes(), path.name)
            check(content)
            unread += [path.name] if content.reason else []
            for grid in content.grids if content.container == "csv" else []:
                starts = [*grid.lines, grid.physical_lines + 1]
                assert starts[0] == 1
                assert all(1 <= after - before <= MAX_ROW_LINES for before, after in pairwise(starts))
        # Both are pages of a web site that was saved in place of the file.
        assert unread == ["prs_dat_transactions201412.csv", "prs_dat_transactions201503.csv"]

    @pytest.mark.parametrize(
        ("path", "container", "encoding", "rows"),
        [
            ("veterinary-medicines-directorate/vmd-over-25k-1006.csv", "xls", "", 1996),
            ("department-for-business-innovation-skills/BIS_monthly_spend_December_2012.xls", "xls", "", 2706),
            ("foreign-commonwealth-office/spend-apr-12.csv", "csv", "cp850", None),
            ("foreign-commonwealth-office/March_2015_Spend_Report_-_for_publishing.csv", "csv", "utf-8+cp1252", None),
            ("department-of-health-and-social-care/CSV__25K_Returns_January_Data_.csv", "csv", "mac_roman", None),
        ],
    )
    def test_known_oddities_are_told_by_content(
        self, path: str, container: str, encoding: str, rows: int | None
    ) -> None:
        content = read_content(Path(str(MIRROR), "spend", path).read_bytes(), path)
        assert (content.container, content.encoding) == (container, encoding)
        assert rows is None or len(content.grids[0].rows) == rows
