"""Amounts: every form by hand, round trips of every style, and no text that raises."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.values import amounts_to_decimal, looks_like_amount, parse_amounts

CODES = yaml.safe_load((Path(__file__).parents[3] / "sources/schema/codes/flags.yaml").read_text(encoding="utf-8"))

READ = [
    ("25000", 2500000, ()),
    ("49858.62", 4985862, ()),
    ("-0.5", -50, ()),
    (".50", 50, ()),
    ("+12.00", 1200, ()),
    ("£1,234.50", 123450, ()),
    ("£ 1,234", 123400, ()),
    ("-£0.01", -1, ()),
    ("£-2", -200, ()),
    ("GBP 12", 1200, ()),
    ("12.00 GBP", 1200, ()),
    ("1\u00a0234.50", 123450, ()),
    ("1 234 567.50", 123456750, ()),
    ("1, 234.50", 123450, ()),
    ("- 1,234", -123400, ()),
    ("\u22121,234", -123400, ()),
    ("\u20135", -500, ()),
    ("'12.10", 1210, ()),
    ("1,234.", 123400, ()),
    ("  47,715.95  ", 4771595, ()),
    ("(24,000.00)", -2400000, ("amount_parentheses",)),
    ("(£5)", -500, ("amount_parentheses",)),
    ("£(5)", -500, ("amount_parentheses",)),
    ("1,234-", -123400, ("amount_trailing_minus",)),
    ("£1,234.50 -", -123450, ("amount_trailing_minus",)),
    ("1234 CR", -123400, ("amount_ledger_mark",)),
    ("1,234.00DR", 123400, ("amount_ledger_mark",)),
    ("1.2E+05", 12000000, ("amount_scientific",)),
    ("1.2345e2", 12345, ("amount_scientific",)),
    ("-1.23456E+2", -12346, ("amount_scientific", "amount_rounded")),
    ("$30,000.00", 3000000, ("amount_dollar_sign",)),
    ("1.005", 101, ("amount_rounded",)),
    ("-1.005", -101, ("amount_rounded",)),
    ("1.00499", 100, ("amount_rounded",)),
    ("1.2300", 123, ()),
    ("\ufffd1,234", 123400, ("amount_damaged_sign",)),
    ("Â£5.10", 510, ("amount_damaged_sign",)),
    ("œ5", 500, ("amount_damaged_sign",)),
    ("-ú5", -500, ("amount_damaged_sign",)),
    ("#5.00", 500, ("amount_damaged_sign",)),
    ("1.234,50", 123450, ("amount_european",)),
    ("1.234.567", 123456700, ("amount_european",)),
    ("25000,00", 2500000, ("amount_european",)),
    ("1 234,50", 123450, ("amount_european",)),
    ("34,551,00", 3455100, ("amount_european",)),
    ("1,23,456.00", 12345600, ("amount_separators",)),
    ("12,34.00", 123400, ("amount_separators",)),
    ("0.00", 0, ("amount_zero",)),
    ("-0", 0, ("amount_zero",)),
    ("0.001", 0, ("amount_rounded", "amount_zero")),
    (" - ", 0, ("amount_dash_zero", "amount_zero")),
    (" £-   ", 0, ("amount_dash_zero", "amount_zero")),
    ("--", 0, ("amount_dash_zero", "amount_zero")),
    ("Nil", 0, ("amount_zero_word", "amount_zero")),
    ("9999999999999999.99", 999999999999999999, ()),
    ("-9999999999999999.99", -999999999999999999, ()),
    ("", None, ()),
    (" \u00a0 ", None, ()),
    ("€5.00", None, ("amount_foreign_sign",)),
    ("100 USD", None, ("amount_foreign_sign",)),
    ("US$ 3", None, ("amount_foreign_sign",)),
    ("#REF!", None, ("amount_spreadsheet_error",)),
    ("#n/a", None, ("amount_spreadsheet_error",)),
]

UNREADABLE = [
    *("abc", "£", "-(5)", "(-5)", "-5-", "12,34", "1,5", "5%", "1.2m", "25k", "12 34", "1 CR -", "(5) CR"),
    *(
        "26/09/2135",
        "26.09.2135",
        "2012-05-01",
        "10:30",
        "=1+1",
        "1e400",
        "1e99",
        "10000000000000000",
        "£$5",
        "5#",
        "£5 £6",
    ),
    *("１２", "٣", "1.2.3", "NaN", "inf", "Infinity", "1_000", "0x10", "EURO CARS LTD", "9" * 5000),
]


@pytest.mark.parametrize(("text", "pence", "flags"), READ)
def test_a_known_form_is_read_to_the_penny_and_flagged(text: str, pence: int | None, flags: tuple[str, ...]) -> None:
    found = parse_amounts([text])
    assert (found.pence[0], found.flags.get(0, ())) == (pence, flags)


@pytest.mark.parametrize("text", UNREADABLE)
def test_anything_else_is_unreadable_and_says_so(text: str) -> None:
    found = parse_amounts([text])
    assert (found.pence, found.flags) == ([None], {0: ("amount_unreadable",)})


def test_flags_stand_at_the_cells_that_have_them() -> None:
    found = parse_amounts(["1.00", "(1.00)", "", "(1.00)", "x"])
    assert found.pence == [100, -100, None, -100, None]
    assert found.flags == {1: ("amount_parentheses",), 3: ("amount_parentheses",), 4: ("amount_unreadable",)}


def test_every_flag_is_described_in_the_code_list() -> None:
    assert {flag for _, _, flags in READ for flag in flags} <= set(CODES)


STYLES = {
    "plain": lambda sign, whole, part: f"{sign}{whole}.{part:02d}",
    "grouped": lambda sign, whole, part: f"{sign}£{whole:,}.{part:02d}",
    "sign behind pound": lambda sign, whole, part: f"£{sign}{whole:,}.{part:02d}",
    "parentheses": lambda sign, whole, part: f"({whole:,}.{part:02d})" if sign else f" {whole:,}.{part:02d} ",
    "trailing minus": lambda sign, whole, part: f"{whole:,}.{part:02d}{sign}",
    "scientific": lambda sign, whole, part: f"{Decimal(f'{sign}{whole}.{part:02d}'):E}",
    "spaced": lambda sign, whole, part: f"{sign}{whole:,}.{part:02d}".replace(",", "\u00a0"),
    "continental": lambda sign, whole, part: f"{sign}{whole:,}".replace(",", ".") + f",{part:02d}",
}


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None)  # the first call imports
@given(pence=st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_an_amount_written_in_a_style_comes_back_to_the_penny(style: str, pence: int) -> None:
    whole, part = divmod(abs(pence), 100)
    if style == "continental" and whole < 1000:
        whole += 1000  # below that the comma could be a broken separator
        pence = (whole * 100 + part) * (-1 if pence < 0 else 1)
    text = STYLES[style]("-" if pence < 0 else "", whole, part)
    assert parse_amounts([text]).pence == [pence]


@settings(deadline=None)  # the first call imports
@given(st.lists(st.text() | st.text(alphabet="0123456789.,-()£$#eECR '\u00a0", max_size=20)))
def test_no_text_raises_and_every_cell_is_answered(texts: list[str]) -> None:
    found = parse_amounts(texts)
    assert len(found.pence) == len(texts)
    for index, (text, pence) in enumerate(zip(texts, found.pence, strict=True)):
        assert pence is None or abs(pence) < 10**18
        assert pence is not None or index in found.flags or not text.strip().strip("'").strip()
        looks_like_amount(text)


@pytest.mark.parametrize("text", ["1.00", "£5", "(24,000.00)", "25000", "-3", "1.2E+05", "$30,000.00", "€4.10", "0"])
def test_a_money_figure_looks_like_one(text: str) -> None:
    assert looks_like_amount(text)


@pytest.mark.parametrize(
    "text", ["", "-", "nil", "#REF!", "3000066712", "00123", "01/02/2012", "abc", "GB123", "20120501"]
)
def test_what_no_one_would_call_a_money_figure_does_not_look_like_one(text: str) -> None:
    assert not looks_like_amount(text)


@settings(deadline=None)  # the first call imports
@given(st.lists(st.none() | st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1)))
def test_decimals_are_exact(pence: list[int | None]) -> None:
    expected = [None if value is None else Decimal(value).scaleb(-2) for value in pence]
    found = amounts_to_decimal(pence)
    found.validate(full=True)
    assert str(found.type) == "decimal128(18, 2)"
    assert found.to_pylist() == expected
    assert found.null_count == pence.count(None)


def test_an_amount_too_large_for_the_column_is_refused() -> None:
    with pytest.raises(OverflowError):
        amounts_to_decimal([10**18])


@pytest.mark.parametrize(
    ("text", "power", "pence", "flags"),
    [
        ("1,234", 3, 123_400_000, ("amount_scaled",)),
        ("1.2345", 3, 123_450, ("amount_scaled",)),
        ("(2.5)", 6, -250_000_000, ("amount_parentheses", "amount_scaled")),
        ("£0.0000001", 3, 0, ("amount_rounded", "amount_zero")),
        ("1.5E+2", 3, 15_000_000, ("amount_scientific", "amount_scaled")),
        ("0", 3, 0, ("amount_zero",)),
        ("", 3, None, ()),
        ("abc", 3, None, ("amount_unreadable",)),
        ("99999999999999", 6, None, ("amount_unreadable",)),
    ],
)
def test_figures_in_thousands_and_millions_are_read_in_pounds(
    text: str, power: int, pence: int | None, flags: tuple[str, ...]
) -> None:
    found = parse_amounts([text], power)
    assert found.pence == [pence]
    assert found.flags.get(0, ()) == flags


@given(st.integers(-(10**11), 10**11))
def test_a_figure_in_thousands_is_a_thousand_times_the_plain_one(pence: int) -> None:
    text = f"{'-' if pence < 0 else ''}{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    assert parse_amounts([text]).pence == [pence]
    assert parse_amounts([text], 3).pence == [pence * 1000]
