from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.grid import FileContent, Grid
from sources.readers.delimited import read_delimited
from sources.readers.quotes import MAX_ROW_LINES

HEADER = b"Department,Date,Supplier,Amount\r\n"


def grid_of(data: bytes) -> Grid:
    content = read_delimited(data)
    assert content.reason is None
    return content.grids[0]


def note_lines(content: FileContent) -> dict[str, int | None]:
    return {note.code: note.line for note in content.notes}


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        (b"a,b,c\n1,2,3\n", ","),
        (b"a;b;c\n1;2,50;3\n4;5,25;6\n", ";"),
        (b"a\tb\tc\n1\t2,500.00\t3\n1\t12,500.00\t3\n", "\t"),
        (b"a|b|c\nSmith, J|2|3\nJones, K|5|6\n", "|"),
        (b'a,b,c\n"x; y; z; w",2,3\n"x; y",2,3\n', ","),
        (b"one column\nof text\n", ","),
        (b"sep=;\na,x;b,y\n1,5;2,5\n", ";"),
        (b"a^b^c^d^e^f\n1^2^Smith, J^4^5^25,000.00\n1^2^Jones, K^4^5^36,000.00\n", "^"),
        (b"a~b~c\n1~2~3\n", "~"),
        ("a\N{BROKEN BAR}b\N{BROKEN BAR}c\n1\N{BROKEN BAR}2\N{BROKEN BAR}3\n".encode(), "\N{BROKEN BAR}"),
        (b"a:b:c:d\n1:2:3:4\n", ":"),
        (b"sep=^\na,x^b,y\n1,5^2,5\n", "^"),
        (b"at,b\n2025-04-01 12:00:00,2\n2025-04-02 12:00:00,5\n2025-04-03 12:00:00,5\n", ","),
        (b"a\x1fb\x1fc\n1\x1f2\x1f3\n", "\x1f"),
    ],
)
def test_the_delimiter_is_the_one_that_divides_the_lines_evenly(data: bytes, delimiter: str) -> None:
    assert read_delimited(data).delimiter == delimiter


def test_a_title_line_does_not_decide_the_delimiter() -> None:
    assert read_delimited(b"Spend; over; 25k; by; us; all\n\na,b,c\n1,2,3\n4,5,6\n").delimiter == ","


def test_blank_lines_are_rows_without_cells_and_trailing_blanks_are_cut() -> None:
    grid = grid_of(b"a,b,,\n\n,,,\n1,,2,\n")
    assert grid.rows == [["a", "b"], [], [], ["1", "", "2"]]
    assert list(grid.lines) == [1, 2, 3, 4]
    assert grid.physical_lines == 4


def test_cells_are_as_published_with_their_blanks() -> None:
    assert grid_of(b'a,b\n" x ", y \n').rows[1] == [" x ", " y "]


def test_a_quoted_cell_may_hold_line_breaks_and_rows_keep_their_first_line() -> None:
    grid = grid_of(HEADER + b'HMT,1/1/20,"1 High St\r\nLondon\r\nSW1",5\r\nHMT,2/1/20,B,6\r\n')
    assert grid.rows[1:] == [["HMT", "1/1/20", "1 High St\r\nLondon\r\nSW1", "5"], ["HMT", "2/1/20", "B", "6"]]
    assert list(grid.lines) == [1, 2, 5]
    assert (grid.physical_lines, grid.requoted) == (5, frozenset())


def test_lone_carriage_returns_end_lines() -> None:
    content = read_delimited(b"a,b\r1,2\r3,4\r")
    assert content.grids[0].rows == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert note_lines(content) == {"line_ends_cr": 1}


@pytest.mark.parametrize("last", [b"3,4", b"3,4\r\n"])
def test_mixed_line_ends_are_noted_at_the_first_of_the_rarest(last: bytes) -> None:
    content = read_delimited(b"a,b\r\n1,2\r\n5,6\n" + last)
    assert content.grids[0].rows[2:] == [["5", "6"], ["3", "4"]]
    assert note_lines(content)["line_ends_mixed"] == 3


def test_even_line_ends_are_not_noted() -> None:
    assert read_delimited(b"a,b\r\n1,2\r\n3,4").notes == []
    assert read_delimited(b"a,b\n1,2\n").notes == []


def test_a_file_of_blanks_is_empty() -> None:
    content = read_delimited(b" \r\n\r\n")
    assert (content.reason, content.grids) == ("empty_file", [])


def test_a_cell_of_a_million_characters_is_kept_whole() -> None:
    assert len(grid_of(b"a,b\n1," + b"x" * 1_000_000 + b"\n").rows[1][1]) == 1_000_000


def test_a_stray_quotation_mark_in_a_large_file_costs_only_its_line() -> None:
    lines = [b"HMT,01/04/2020,Supplier %d,%d.00\r\n" % (number, number) for number in range(50_000)]
    lines[700] = b'HMT,01/04/2020,"Supplier 700,700.00\r\n'
    lines[40_000] = b'HMT,01/04/2020,"Smith, Sons",40000.00\r\n'
    grid = grid_of(HEADER + b"".join(lines))
    assert len(grid.rows) == 50_001
    assert list(grid.lines) == list(range(1, 50_002))
    assert grid.requoted == frozenset({701})
    assert grid.rows[701] == ["HMT", "01/04/2020", '"Supplier 700', "700.00"]
    assert grid.rows[40_001] == ["HMT", "01/04/2020", "Smith, Sons", "40000.00"]


def test_a_stray_mark_closed_two_lines_on_is_seen_by_the_rows_it_swallowed() -> None:
    content = read_delimited(HEADER + b'H,1,"A,5\r\nH,2,B,6\r\nH,3,"C, D",7\r\nH,4,E,8\r\n')
    assert content.grids[0].rows[1:] == [
        ["H", "1", '"A', "5"],
        ["H", "2", "B", "6"],
        ["H", "3", "C, D", "7"],
        ["H", "4", "E", "8"],
    ]
    assert note_lines(content) == {"quote_stray": 2}


def test_a_mark_left_open_at_the_end_costs_its_line() -> None:
    grid = grid_of(HEADER + b'H,1,A,5\r\nH,2,"B,6\r\nH,3,C,7')
    assert grid.rows[1:] == [["H", "1", "A", "5"], ["H", "2", '"B', "6"], ["H", "3", "C", "7"]]
    assert (grid.requoted, grid.physical_lines) == (frozenset({2}), 4)


def test_paired_marks_on_the_line_of_a_stray_one_still_count() -> None:
    grid = grid_of(HEADER + b'H,1,A,5\r\nH,"x, y","B,6\r\nH,3,C,7\r\n')
    assert grid.rows[2] == ["H", "x, y", '"B', "6"]


def test_a_stray_mark_closed_by_another_cell_of_its_line_is_mended() -> None:
    grid = grid_of(HEADER + b'H,1,A,5\r\nH,2,"B,"6,000"\r\nH,3,C,7\r\n')
    assert grid.rows[2] == ["H", "2", '"B', "6,000"]
    assert grid.requoted == frozenset({2})


def test_an_inch_mark_beside_a_quoted_cell_is_left_alone() -> None:
    grid = grid_of(HEADER + b'H,1,A,5\r\nH,"x",6",7\r\n')
    assert grid.rows[2] == ["H", "x", '6"', "7"]
    assert not grid.requoted


def test_undoubled_marks_inside_a_quoted_cell_are_kept() -> None:
    content = read_delimited(HEADER + b'H,1,A,5\r\nH,2,"Smith "Bob" Ltd",6\r\nH,3,12" pipe,7\r\n')
    assert content.grids[0].rows[2:] == [["H", "2", 'Smith "Bob" Ltd', "6"], ["H", "3", '12" pipe', "7"]]
    assert note_lines(content) == {"quote_unescaped": 3}


def test_a_cell_of_as_many_lines_as_allowed_is_believed() -> None:
    narrative = b"\n".join(b"words %d" % number for number in range(MAX_ROW_LINES))
    assert grid_of(HEADER + b'H,1,"' + narrative + b'",5\r\nH,2,B,6\r\n').lines == [1, 2, 2 + MAX_ROW_LINES]


def test_a_cell_one_line_longer_is_reread_line_by_line() -> None:
    narrative = b"\n".join(b"words %d" % number for number in range(MAX_ROW_LINES + 1))
    grid = grid_of(HEADER + b'H,1,"' + narrative + b'",5\r\nH,2,B,6\r\n')
    assert len(grid.rows) == grid.physical_lines == MAX_ROW_LINES + 3
    assert grid.rows[-1] == ["H", "2", "B", "6"]


PIECES = st.lists(
    st.sampled_from(['"', ",", ";", "\r", "\n", "\r\n", "a", "bc", " ", '""', "£", "\x85", " "]), max_size=120
)


@given(PIECES)
def test_every_physical_line_belongs_to_exactly_one_row(pieces: list[str]) -> None:
    text = "".join(pieces)
    content = read_delimited(text.encode())
    if content.reason:
        assert not text.strip()
        return
    grid = content.grids[0]
    physical = text.replace("\r\n", "\n").replace("\r", "\n")
    assert grid.physical_lines == physical.count("\n") + (not physical.endswith("\n"))
    assert len(grid.rows) == len(grid.lines)
    assert list(grid.lines) == sorted(set(grid.lines))
    assert grid.lines[0] == 1
    assert grid.lines[-1] <= grid.physical_lines
    assert all(not row or row[-1] for row in grid.rows)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    st.lists(
        st.lists(st.one_of(CELL, st.just("line\nbreak"), st.just('a "quoted" word')), min_size=4, max_size=4),
        min_size=3,
        max_size=12,
    )
)
def test_what_a_writer_wrote_is_what_is_read(rows: list[list[str]]) -> None:
    table = [["Department", "Date", "Supplier", "Amount"], *rows]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(table)
    grid = grid_of(stream.getvalue().encode())
    expected = [list(row) for row in table]
    for row in expected:
        while row and not row[-1]:
            row.pop()
    assert grid.rows == expected
    assert not grid.requoted


def test_commas_in_texts_yield_to_tabs_that_divide_as_evenly() -> None:
    text = "Spend, over £25,000, April 2024\nPaid to\tPaid on\tPaid\nAsh\tApril 9, 2024\t5,716.59\nElm\tApril 3, 2024\t9,351.29\n"
    content = read_delimited(text.encode())
    assert content.delimiter == "\t"
    assert content.grids[0].rows[2] == ["Ash", "April 9, 2024", "5,716.59"]
