from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from published.reports.text import folder_name, money, period, shown


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, ""),
        ("Smith & Sons", "Smith & Sons"),
        ("a\u00a0b", "a b"),
        ("a\tb\r\nc", "a⇥b↵↵c"),
        ("\u202eabc\ufeff", "[U+202E]abc[U+FEFF]"),
        ("\ud800", "[U+D800]"),
        ("x" * 201, "x" * 200 + "… (201 characters)"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_number_and_what_is_long_is_cut(value: str | None, wanted: str) -> None:
    assert shown(value) == wanted


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert shown(text).isprintable()


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (date(2024, 4, 1), date(2024, 4, 30), "April 2024"),
        (date(2024, 1, 1), date(2024, 3, 31), "January to March 2024"),
        (date(2023, 4, 1), date(2024, 3, 31), "2023-24"),
        (date(2023, 12, 1), date(2024, 2, 29), "December 2023 to February 2024"),
        (date(2024, 4, 6), date(2024, 5, 5), "6 April 2024 to 5 May 2024"),
        (None, None, "Period not known"),
    ],
)
def test_periods_are_named_as_people_do(start: date | None, end: date | None, wanted: str) -> None:
    assert period(start, end) == wanted


def test_money_has_pounds_pence_and_the_sign_in_front() -> None:
    assert [money(Decimal(text)) for text in ("1234567.5", "-0.05", "0")] == ["£1,234,567.50", "-£0.05", "£0.00"]


def test_only_harmless_names_become_folders_as_they_are() -> None:
    assert folder_name("dept-of-kites") == "dept-of-kites"
    assert folder_name("dept_2024-04-01_spend") == "dept_2024-04-01_spend"
    assert folder_name("..") == "x-" + folder_name("..").removeprefix("x-")
    assert folder_name("A B") != folder_name("a b")


@given(st.text(min_size=1))
def test_no_name_leads_out_of_its_folder(text: str) -> None:
    name = folder_name(text)
    assert name not in {"", ".", ".."}
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(name) <= 100
