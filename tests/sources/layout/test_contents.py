from __future__ import annotations

import pytest

from sources.layout.contents import SAMPLE_ROWS, Content, contents_of


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["01/04/2024", "02/04/2024"], Content(filled=2, dates=1.0, kinds=2)),
        (["£1.50", "-2"], Content(filled=2, amounts=1.0, money=1.0, kinds=2)),
        (["12", "13"], Content(filled=2, amounts=1.0, digits=1.0, kinds=2)),
        (["Rent", "Rates"], Content(filled=2, words=1.0, kinds=2)),
        (["Rent", " ", ""], Content(filled=1, words=1.0, kinds=1)),
        (["45383", "45384"], Content(filled=2, amounts=1.0, digits=1.0, serials=1.0, kinds=2)),
        (["", ""], Content()),
    ],
)
def test_a_column_is_described_by_what_its_cells_are(cells: list[str], expected: Content) -> None:
    assert contents_of([["x", cell] for cell in cells])[1] == expected


def test_short_rows_and_wide_headings_count_as_empty_cells() -> None:
    assert contents_of([["a"], ["b", "c"]], at_least=4) == [Content(2, words=1.0, kinds=2), Content(1, words=1.0, kinds=1), Content(), Content()]  # fmt: skip


def test_a_long_table_is_sampled_evenly() -> None:
    rows = [["Rent"] if i < 5000 else ["01/04/2024"] for i in range(10_000)]
    found = contents_of(rows)[0]
    assert found.filled <= 2 * SAMPLE_ROWS
    assert 0.45 < found.dates < 0.55


def test_a_table_of_blanks_has_no_contents() -> None:
    assert contents_of([]) == []
    assert contents_of([[], [""]]) == []
