from __future__ import annotations

import pytest

from sources.grid import Note
from sources.readers.delimited import read_delimited
from sources.schema.model import codes


def notes_of(text: str) -> dict[str, Note]:
    notes = read_delimited(text.encode()).notes
    assert {note.code for note in notes} <= set(codes("reading_notes"))
    return {note.code: note for note in notes}


def test_empty_columns_beyond_the_last_filled_one_are_noted_with_their_number() -> None:
    found = notes_of("Date,Supplier,Amount,,,\n1/4/24,A,5,,,\n2/4/24,B,6,,,\n")
    assert found["phantom_columns"].line == 1
    assert found["phantom_columns"].detail == ("3 empty column(s) to the right of column 3, on 3 line(s). Delete them.")


def test_columns_of_blanks_are_empty_and_blank_lines_do_not_count() -> None:
    found = notes_of("Date,Supplier,Amount,\n1/4/24,A,5, \n2/4/24,B,6,\t\n" + 9 * "\n")
    assert found["phantom_columns"].detail == ("1 empty column(s) to the right of column 3, on 3 line(s). Delete them.")


@pytest.mark.parametrize(
    "text",
    [
        "Date,Supplier,Amount\n1/4/24,A,5\n2/4/24,B,6\n",
        "Date,Supplier,Amount\n" + 9 * "1/4/24,A,5\n" + 2 * "2/4/24,B,6,,\n",  # two lines of twelve
        "Date,Supplier,Amount\n1/4/24,A,5\n2/4/24,B,6,,,\n3/4/24,C,7\n",  # one line only
        "Date,Supplier,Amount,,\n1/4/24,A,5,,\n2/4/24,B,6,,x\n",  # a note at the far right
    ],
)
def test_columns_that_some_line_fills_or_most_lines_lack_are_no_phantoms(text: str) -> None:
    assert "phantom_columns" not in notes_of(text)


def test_lines_divided_by_another_mark_are_noted_at_the_first() -> None:
    found = notes_of("Date,Supplier,Amount\n1/4/24,A,5\n2/4/24;B;6\n3/4/24,C,7\n4/4/24\tD\t8\n")
    assert found["mixed_delimiters"].line == 3
    assert found["mixed_delimiters"].detail.startswith("2 line(s) are divided by ';' and '\\t', the others by ','.")


@pytest.mark.parametrize(
    "text",
    [
        "Date,Supplier,Amount\n1/4/24,A; B,5\n2/4/24,C; D,6\n",
        "Date;Supplier;Amount\n1/4/24;A;5,25\n2/4/24;B;6,50\n",
        "Payments; all of them; 2024; by day\nDate,Supplier,Amount\n1/4/24,A,5\n",  # four parts, not three
        "Name,Sum\nA,5\nB;6\n",  # a table of two columns proves nothing
        '"a;b\n;c",,\n1,2,3\n4,5,6\n',
    ],
)
def test_marks_inside_the_cells_of_an_even_file_are_no_other_delimiter(text: str) -> None:
    assert "mixed_delimiters" not in notes_of(text)
