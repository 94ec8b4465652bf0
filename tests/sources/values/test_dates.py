"""Dates: every form by hand, the evidence of whole columns, round trips, and no text that raises."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.periods import Period
from sources.values import looks_like_date, parse_dates

CODES = yaml.safe_load((Path(__file__).parents[3] / "sources/schema/codes/flags.yaml").read_text(encoding="utf-8"))
JUNE_2010 = Period.of_months(2010, 6)
AUGUST_2013 = Period.of_months(2013, 8)
REPAIRED = ("date_year_repaired",)
SERIAL = ("date_serial",)

READ = [
    ("21/06/2010", date(2010, 6, 21), ()),
    ("21/6/10", date(2010, 6, 21), ()),
    ("21.06.2010", date(2010, 6, 21), ()),
    ("21-06-2010", date(2010, 6, 21), ()),
    ("21 06 2010", date(2010, 6, 21), ()),
    (" 21 / 06 / 2010 ", date(2010, 6, 21), ()),
    ("06/06/2010", date(2010, 6, 6), ()),
    ("2010-06-01", date(2010, 6, 1), ()),
    ("2010/06/01", date(2010, 6, 1), ()),
    ("2010-06-01 00:00:00", date(2010, 6, 1), ()),
    ("2010-06-01T12:30:00.000Z", date(2010, 6, 1), ()),
    ("2010-06-01T12:30:00+01:00", date(2010, 6, 1), ()),
    ("21/06/2010 00:00", date(2010, 6, 21), ()),
    ("21/06/2010 9:15:00 AM", date(2010, 6, 21), ()),
    ("20100601", date(2010, 6, 1), ()),
    ("20100601.0", date(2010, 6, 1), ()),
    ("01-Jun-10", date(2010, 6, 1), ()),
    ("1-Jun-2010", date(2010, 6, 1), ()),
    ("03-NOV-2010", date(2010, 11, 3), ()),
    ("27/Sep/2012", date(2012, 9, 27), ()),
    ("1 June 2010", date(2010, 6, 1), ()),
    ("1st of June 2010", date(2010, 6, 1), ()),
    ("01Jun2010", date(2010, 6, 1), ()),
    ("June 1, 2010", date(2010, 6, 1), ()),
    ("Tue 1 June 2010", date(2010, 6, 1), ()),
    ("Tuesday, 1 June 2010", date(2010, 6, 1), ()),
    ("4 Febuary 2011", date(2011, 2, 4), ()),
    ("12 Sept 2011", date(2011, 9, 12), ()),
    ("'21/06/2010", date(2010, 6, 21), ()),
    ("41515", date(2013, 8, 29), SERIAL),
    ("41515.0", date(2013, 8, 29), SERIAL),
    ("41515.75", date(2013, 8, 29), SERIAL),
    ("21/06/02016", date(2016, 6, 21), REPAIRED),
    ("21/06/0016", date(2016, 6, 21), REPAIRED),
    ("21/06/98", date(1998, 6, 21), ()),
    ("21/06/2010 BACS", date(2010, 6, 21), ("date_extra_text",)),
    ("29/02/2012", date(2012, 2, 29), ()),
]

MONTHS = [
    ("Jun-10", date(2010, 6, 1), ("date_month_only",)),
    ("May 2010", date(2010, 5, 1), ("date_month_only",)),
    ("September 2012", date(2012, 9, 1), ("date_month_only",)),
    ("06/2010", date(2010, 6, 1), ("date_month_only",)),
    ("2010-06", date(2010, 6, 1), ("date_month_only",)),
    ("201006", date(2010, 6, 1), ("date_month_only",)),
]

UNREADABLE = [
    *("31/02/2011", "29/02/2011", "31/06/2011", "32/01/2011", "13/13/2013", "00/01/2012", "01/00/2012", "2012-13-05"),
    *("28/12/20/11", "8//14/2013", "10-Jun", "26/09/2135", "01/01/1900", "01/01/201", "01/06/20112", "19999", "60001"),
    *(
        "Nil",
        "June",
        "2010",
        "date",
        "01/06/2010 - 30/06/2010",
        "1,234.50",
        "£5",
        "٢١/٠٦/٢٠١٠",
        "Mayhem 2010",
        "9" * 5000,
        "\x00",
    ),
]


@pytest.mark.parametrize(("text", "day", "flags"), READ)
def test_a_known_form_is_read_to_the_day(text: str, day: date, flags: tuple[str, ...]) -> None:
    found = parse_dates([text])
    assert (found.dates, found.precisions, found.flags.get(0, ())) == ([day], ["day"], flags)


@pytest.mark.parametrize(("text", "first", "flags"), MONTHS)
def test_a_month_is_its_first_day_with_the_precision_of_a_month(text: str, first: date, flags: tuple[str, ...]) -> None:
    found = parse_dates([text])
    assert (found.dates, found.precisions, found.flags[0]) == ([first], ["month"], flags)


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_impossible_or_doubtful_date_is_none_and_says_so(text: str) -> None:
    found = parse_dates([text])
    assert (found.dates, found.precisions, found.flags) == ([None], [None], {0: ("date_unreadable",)})


def test_blank_cells_say_so() -> None:
    found = parse_dates(["", " ", "\u00a0"])
    assert (found.dates, found.order) == ([None] * 3, "none")
    assert found.flags == dict.fromkeys(range(3), ("date_blank",))


def test_one_date_that_is_day_first_only_decides_for_the_file() -> None:
    found = parse_dates(["05/08/2013", "13/08/2013"])
    assert (found.dates, found.flags, found.order) == ([date(2013, 8, 5), date(2013, 8, 13)], {}, "day_first")


def test_one_date_that_is_month_first_only_decides_for_the_file() -> None:
    found = parse_dates(["8/5/2013", "8/13/2013", "2013-08-02"])
    assert (found.dates, found.order) == ([date(2013, 8, 5), date(2013, 8, 13), date(2013, 8, 2)], "month_first")
    assert found.flags == {0: ("date_month_first",), 1: ("date_month_first",)}


def test_without_proof_the_period_decides() -> None:
    texts = ["8/5/2013", "8/6/2013", "1/2/2013"]
    found = parse_dates(texts, AUGUST_2013)
    assert (found.dates, found.order) == ([date(2013, 8, 5), date(2013, 8, 6), date(2013, 1, 2)], "month_first")
    found = parse_dates(["5/8/2013", "6/8/2013"], AUGUST_2013)
    assert (found.dates, found.flags, found.order) == ([date(2013, 8, 5), date(2013, 8, 6)], {}, "day_first")


def test_without_proof_and_period_day_comes_first_and_only_open_dates_are_flagged() -> None:
    found = parse_dates(["05/08/2013", "08/08/2013", ""])
    assert (found.dates, found.order) == ([date(2013, 8, 5), date(2013, 8, 8), None], "day_first")
    assert found.flags == {0: ("date_ambiguous",), 2: ("date_blank",)}


def test_a_period_that_holds_neither_reading_decides_nothing() -> None:
    found = parse_dates(["05/08/2013"], JUNE_2010)
    assert (found.dates, found.flags) == ([date(2013, 8, 5)], {0: ("date_ambiguous",)})


def test_a_period_that_holds_both_readings_decides_nothing() -> None:
    found = parse_dates(["05/08/2013"], Period.of_months(2013, 1, 12))
    assert (found.dates, found.flags) == ([date(2013, 8, 5)], {0: ("date_ambiguous",)})


def test_where_both_orders_are_proved_open_dates_follow_the_majority_and_are_flagged() -> None:
    found = parse_dates(["13/08/2013", "8/14/2013", "8/15/2013", "5/6/2013", "7/7/2013"])
    assert found.dates == [date(2013, 8, 13), date(2013, 8, 14), date(2013, 8, 15), date(2013, 5, 6), date(2013, 7, 7)]
    assert found.order == "mixed"
    assert found.flags == {
        1: ("date_month_first",),
        2: ("date_month_first",),
        3: ("date_ambiguous", "date_month_first"),
    }


def test_where_both_orders_are_proved_the_period_comes_before_the_majority() -> None:
    found = parse_dates(["13/08/2013", "14/08/2013", "8/15/2013", "8/5/2013", "5/8/2013"], AUGUST_2013)
    assert found.dates[3:] == [date(2013, 8, 5), date(2013, 8, 5)]
    assert (found.flags[3], found.flags[4]) == (("date_ambiguous", "date_month_first"), ("date_ambiguous",))


def test_a_date_that_fits_the_period_only_when_exchanged_keeps_the_order_of_the_file_and_is_flagged() -> None:
    found = parse_dates(["28/08/2013", "08/05/2013", "05/08/2013"], AUGUST_2013)
    assert found.dates == [date(2013, 8, 28), date(2013, 5, 8), date(2013, 8, 5)]
    assert found.flags == {1: ("date_perhaps_exchanged",)}


def test_where_most_open_dates_fit_the_period_only_when_exchanged_they_are_exchanged_and_flagged() -> None:
    found = parse_dates(["3/8/2010", "11/8/2010", "8/17/2010"], Period.of_months(2010, 8))
    assert found.dates == [date(2010, 8, 3), date(2010, 8, 11), date(2010, 8, 17)]
    assert found.order == "mixed"
    assert found.flags == {0: ("date_ambiguous",), 1: ("date_ambiguous",), 2: ("date_month_first",)}


def test_a_file_named_after_another_month_than_it_holds_keeps_its_order() -> None:
    found = parse_dates(["08/12/2010", "08/12/2010", "22/12/2010", "23/12/2010"], Period.of_months(2010, 8))
    assert found.dates[0] == date(2010, 12, 8)
    assert found.order == "day_first"


def test_a_declared_order_decides_where_the_file_does_not() -> None:
    assert parse_dates(["05/08/2013"], declared="month_first").dates == [date(2013, 5, 8)]
    assert parse_dates(["25/08/2013", "05/08/2013"], declared="month_first").dates[1] == date(2013, 8, 5)


@pytest.mark.parametrize(
    ("text", "period", "day"),
    [
        ("28/12/20/11", Period.of_months(2011, 12), date(2011, 12, 28)),
        ("8//14/2013", AUGUST_2013, date(2013, 8, 14)),
        ("10-Jun", JUNE_2010, date(2010, 6, 10)),
    ],
)
def test_a_damaged_date_is_mended_where_the_period_leaves_one_reading(text: str, period: Period, day: date) -> None:
    found = parse_dates([text], period)
    assert (found.dates, found.precisions, found.flags) == ([day], ["day"], {0: ("date_mended",)})


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("28/12/20/11", JUNE_2010),
        ("05//08/2013", Period.of_months(2013, 1, 12)),
        ("10-Jun", Period.of_months(2010, 6, 13)),
    ],
)
def test_a_damaged_date_is_not_mended_where_the_period_leaves_none_or_several(text: str, period: Period) -> None:
    found = parse_dates([text], period)
    assert (found.dates, found.flags) == ([None], {0: ("date_unreadable",)})


def test_two_digit_years_take_the_century_of_the_period() -> None:
    assert parse_dates(["21/06/95"], Period.of_months(2095, 6)).dates == [date(2095, 6, 21)]
    assert parse_dates(["21/06/95"], Period.of_months(2012, 6)).dates == [date(1995, 6, 21)]


STYLES = (
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%Y-%m-%dT00:00:00",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%A %d %B %Y",
    "%B %d, %Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%d/%m/%Y %H:%M",
)


@settings(deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2089, 12, 31)))
def test_a_date_written_in_a_style_comes_back(day: date) -> None:
    for style in STYLES:
        assert parse_dates([day.strftime(style)]).dates == [day], style


@settings(deadline=None)
@given(days=st.lists(st.dates(date(2000, 1, 1), date(2089, 12, 31))))
def test_a_month_first_file_comes_back(days: list[date]) -> None:
    days = [*days, date(2013, 8, 13)]
    assert parse_dates([day.strftime("%m/%d/%Y") for day in days]).dates == days


@settings(deadline=None)
@given(serial=st.integers(20000, 60000))
def test_a_serial_comes_back(serial: int) -> None:
    # 1 January 2000 is day 36,526 of the 1900 system.
    expected = date(2000, 1, 1) + timedelta(days=serial - 36526)
    found = parse_dates([str(serial)]).dates[0]
    assert found == (expected if expected.year >= 1990 else None)


@settings(deadline=None)
@given(
    st.lists(st.text() | st.text(alphabet="0123456789/.- :,'JunMayst", max_size=16)),
    st.none() | st.just(AUGUST_2013),
)
def test_no_text_raises_and_every_cell_is_answered(texts: list[str], period: Period | None) -> None:
    found = parse_dates(texts, period)
    assert len(found.dates) == len(found.precisions) == len(texts)
    for index, day in enumerate(found.dates):
        looks_like_date(texts[index])
        assert (day is None) == (found.precisions[index] is None)
        assert day is not None or found.flags[index] in {("date_blank",), ("date_unreadable",)}
        assert set(found.flags.get(index, ())) <= set(CODES)
        assert day is None or 1990 <= day.year <= 2100


@pytest.mark.parametrize("text", ["01/06/2010", "1-Jun-10", "2010-06-01 00:00:00", "May 2010", "8/13/2013", "20100601"])
def test_a_date_looks_like_one(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "40522",
        "40522.0",
        "201006",
        "3000066712",
        "49858.62",
        "(24,000.00)",
        "12.05",
        "May",
        "10-Jun",
        "31/02/2011",
        "20101301",
    ],
)
def test_what_may_be_an_amount_or_a_number_does_not_look_like_a_date(text: str) -> None:
    assert not looks_like_date(text)


def test_a_month_without_its_year_is_the_one_of_the_period() -> None:
    found = parse_dates(["June", "jun", "July"], JUNE_2010)
    assert found.dates == [date(2010, 6, 1), date(2010, 6, 1), None]
    assert found.precisions == ["month", "month", None]
    assert found.flags == {
        0: ("date_month_only", "date_mended"),
        1: ("date_month_only", "date_mended"),
        2: ("date_unreadable",),
    }
    assert parse_dates(["March"], Period.of_financial_year(2010)).dates == [date(2011, 3, 1)]
    assert parse_dates(["June"], Period.of_months(2010, 1, 24)).dates == [None]
    assert parse_dates(["June"]).dates == [None]
    assert not looks_like_date("June")
