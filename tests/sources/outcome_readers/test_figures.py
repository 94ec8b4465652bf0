"""Cells as numbers or as the status that says why there is none; texts as periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.outcome_readers.figures import read_value, whole
from sources.outcome_readers.periods import FORMS, read_period
from sources.schema.model import codes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1234.0),
        ("0", 0.0),
        (" £5.20 ", 5.2),
        ("93.1%", 93.1),
        ("(24,000.5)", -24000.5),
        ("-164", -164.0),
        ("1.5E+3", 1500.0),
    ],
)
def test_numbers_as_published(text: str, number: float) -> None:
    value = read_value(text)
    assert (value.number, value.status, value.raw) == (number, "reported", text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "missing"),
        (" - ", "missing"),
        ("NA", "missing"),
        ("…", "missing"),
        ("[not provided]", "missing"),
        ("*", "withheld"),
        ("[z]", "not_applicable"),
        ("ok", "unreadable"),
        ("1 transactions received", "unreadable"),
        ("#REF!", "unreadable"),
        ("1e999", "unreadable"),
        ("()", "unreadable"),
        ("٣", "unreadable"),
    ],
)
def test_a_cell_without_a_number_says_why(text: str, status: str) -> None:
    assert (read_value(text).number, read_value(text).status) == (None, status)


def test_a_scale_is_exact_in_decimals() -> None:
    assert read_value("0.57", Decimal(100)).number == 57.0


def test_a_count_is_whole_and_not_negative() -> None:
    assert (whole("1,200"), whole("-3"), whole("2.5"), whole("many")) == (1200, None, None, None)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_declared_status(text: str) -> None:
    value = read_value(text)
    assert value.status in codes("outcome_statuses")
    assert (value.number is None) == (value.status != "reported")


@pytest.mark.parametrize(
    ("text", "form", "label", "start", "end"),
    [
        ("2024-25", "financial_year", "2024-25", date(2024, 4, 1), date(2025, 3, 31)),
        ("Revenue Outturn (RO) 2016-17: summary", "financial_year", "2016-17", date(2016, 4, 1), date(2017, 3, 31)),
        ("2008", "financial_year_begun", "2008-09", date(2008, 4, 1), date(2009, 3, 31)),
        ("csps2020", "calendar_year", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("MSitAE-FEBRUARY-2022", "month", "2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2022-04", "month", "2022-04", date(2022, 4, 1), date(2022, 4, 30)),
        ("2014-Q4", "quarter", "2014-Q4", date(2014, 10, 1), date(2014, 12, 31)),
        ("2022-23 Q4", "quarter", "2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
        ("2013-Q2", "year_before_quarter", "year to 2013-03", date(2012, 4, 1), date(2013, 3, 31)),
        ("2014-Q1", "year_before_quarter", "year to 2013-12", date(2013, 1, 1), date(2013, 12, 31)),
        ("April 2012 to March 2013", "months_range", "year to 2013-03", date(2012, 4, 1), date(2013, 3, 31)),
        ("2011-04/2012-03", "months_range", "year to 2012-03", date(2011, 4, 1), date(2012, 3, 31)),
        ("2022-06-30", "day", "2022-06-30", date(2022, 6, 30), date(2022, 6, 30)),
    ],
)
def test_periods_in_their_declared_form(text: str, form: str, label: str, start: date, end: date) -> None:
    period = read_period(text, form)
    assert period is not None
    assert (period.label, period.start, period.end) == (label, start, end)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2024-27", "financial_year"),
        ("2022-13", "month"),
        ("MSitAE-SMARCH-2022", "month"),
        ("2024", "quarter"),
        ("May 2012 to May 2011", "months_range"),
    ],
)
def test_what_is_no_period_of_the_form_is_none(text: str, form: str) -> None:
    assert read_period(text, form) is None


@given(st.text(max_size=40), st.sampled_from(sorted(FORMS)))
def test_no_text_breaks_a_form(text: str, form: str) -> None:
    period = read_period(text, form)
    assert period is None or period.start <= period.end
