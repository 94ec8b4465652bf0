from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.layout.tidy import LONGEST_CELL, tidy
from sources.schema.model import codes


@pytest.mark.parametrize(
    ("name", "cell", "value", "flags"),
    [
        ("supplier_name", "Acme Ltd", "Acme Ltd", ()),
        ("supplier_name", "Acme   Ltd", "Acme Ltd", ()),
        ("supplier_name", "Acme\r\nLtd", "Acme Ltd", ()),
        ("supplier_name", "Ac\x00me\x9d Ltd", "Acme Ltd", ("text_control_characters",)),
        ("supplier_name", "Acme\u200b Ltd\ufeff", "Acme Ltd", ()),
        ("supplier_name", "Acme\u200b\u202e Ltd\ufeff", "Acme Ltd", ("text_direction_marks",)),
        ("supplier_name", "\u2067Acme\u2069 Ltd", "Acme Ltd", ("text_direction_marks",)),
        ("supplier_name", "Ac\u061cme\x07", "Acme", ("text_control_characters", "text_direction_marks")),
        ("supplier_name", "", None, ("supplier_blank",)),
        ("supplier_name", "REDACTED - personal data", "REDACTED - personal data", ("supplier_redacted",)),
        ("supplier_name", "Personal Expense, Name Witheld", "Personal Expense, Name Witheld", ("supplier_redacted",)),
        ("description", "CafÃ© rent", "CafÃ© rent", ("text_mojibake",)),
        ("description", "Café rent", "Café rent", ()),
        ("expense_type", "#N/A", "#N/A", ("spreadsheet_error",)),
        ("expense_type", "#1 Cleaning", "#1 Cleaning", ()),
        ("transaction_number", "8.04E+11", "8.04E+11", ("identifier_scientific",)),
        ("description", "8.04E+11", "8.04E+11", ()),
        ("description", "", None, ()),
    ],
)
def test_a_cell_is_made_fit_to_publish(name: str, cell: str, value: str | None, flags: tuple[str, ...]) -> None:
    values, found = tidy(name, [cell])
    assert values == [value]
    assert found.get(0, ()) == flags


def test_an_overlong_cell_is_cut_and_flagged() -> None:
    values, flags = tidy("description", ["x" * (LONGEST_CELL + 1), "y"])
    assert [len(value or "") for value in values] == [LONGEST_CELL, 1]
    assert flags == {0: ("cell_truncated",)}


@given(st.lists(st.text(max_size=30).map(str.strip), min_size=1, max_size=6))
def test_no_control_character_leaves_and_flags_are_declared(cells: list[str]) -> None:
    values, flags = tidy("supplier_name", cells)
    assert len(values) == len(cells)
    assert all(value is None or (value and not any(ord(c) < 32 for c in value)) for value in values)
    assert {code for found in flags.values() for code in found} <= set(codes("flags"))


def test_a_text_that_comes_often_is_tidied_and_flagged_wherever_it_stands() -> None:
    values, flags = tidy("supplier_name", ["Acme", "", "B\u202eC"] * 5)
    assert values == ["Acme", None, "BC"] * 5
    assert flags == {
        place: codes
        for start in range(0, 15, 3)
        for place, codes in ((start + 1, ("supplier_blank",)), (start + 2, ("text_direction_marks",)))
    }
