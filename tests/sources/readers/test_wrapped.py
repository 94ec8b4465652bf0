"""Lines between quotation marks, and cells that are formulas of a text."""

from __future__ import annotations

from sources.readers.delimited import read_delimited

LINES = ["Department,Date,Supplier,Amount", 'HQ,03/04/2024,"Acme, Northern",1.00', "HQ,04/04/2024,Bravo Ltd,2.00"]


def test_lines_that_are_one_cell_each_are_divided() -> None:
    packed = "\r\n".join('"' + line.replace('"', '""') + '"' for line in LINES).encode()
    content = read_delimited(packed)
    assert content.grids[0].rows == [
        ["Department", "Date", "Supplier", "Amount"],
        ["HQ", "03/04/2024", "Acme, Northern", "1.00"],
        ["HQ", "04/04/2024", "Bravo Ltd", "2.00"],
    ]
    assert list(content.grids[0].lines) == [1, 2, 3]
    assert ("lines_quoted", 1) in {(note.code, note.line) for note in content.notes}


def test_packed_lines_below_a_plain_heading_are_divided_too() -> None:
    content = read_delimited(f'{LINES[0]}\n"HQ,03/04/2024,Acme,1.00"\n"HQ,04/04/2024,Bravo,2.00"\n'.encode())
    assert [len(row) for row in content.grids[0].rows] == [4, 4, 4]


def test_quoted_sentences_and_single_long_cells_are_left_alone() -> None:
    for text in ('"Hello, world"\n"One, two"\n', 'a,b,c\n1,2,3\n4,5,6\n"a note, in one, cell, of its own"\n'):
        content = read_delimited(text.encode())
        assert not any(note.code == "lines_quoted" for note in content.notes)
        assert content.grids[0].rows[-1] == [text.splitlines()[-1].strip('"')]


def test_formulas_of_a_text_are_the_text() -> None:
    data = b'Ref,Date,Amount\n="00123",="03/04/2024",1.00\n"=""00124""",04/04/2024,2.00\n"say =""x"" here",04/04/2024,3.00\n'
    content = read_delimited(data)
    assert content.grids[0].rows[1:] == [
        ["00123", "03/04/2024", "1.00"],
        ["00124", "04/04/2024", "2.00"],
        ['say ="x" here', "04/04/2024", "3.00"],
    ]
    assert [(note.line, note.detail[:9]) for note in content.notes if note.code == "formula_texts"] == [
        (2, "3 cell(s)")
    ]
