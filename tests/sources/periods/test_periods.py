"""Periods: what names and titles say, and which period a file is for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.periods import Period, financial_year, periods_in_text, publication_period

NAMES = [
    ("body-over-25k-1105.csv", (2011, 5, 1)),
    ("Body-Over-25k-1206.csv", (2012, 6, 1)),
    ("body-over-25-1111.csv", (2011, 11, 1)),
    ("body-over 25K-1107.csv", (2011, 7, 1)),
    ("abc_dat_transactions201008.csv", (2010, 8, 1)),
    ("spend-2010-08.csv", (2010, 8, 1)),
    ("spend_08-2010.csv", (2010, 8, 1)),
    ("122015_December_2015_-_25k.csv", (2015, 12, 1)),
    ("April-2023.csv", (2023, 4, 1)),
    ("transparency_aug11.csv", (2011, 8, 1)),
    ("Pub_Data_Spend_Over__25k_Aug_12___12-12-12.csv", (2012, 8, 1)),
    ("body_monthly_spend_December_2012.xls", (2012, 12, 1)),
    ("expenditure-over-500-apr-jun-2015.csv", (2015, 4, 3)),
    ("expenditure-over-500-oct-dec-2017.csv", (2017, 10, 3)),
    ("nov-feb-2012.csv", (2011, 11, 4)),
    ("apr - sep 2010 transparency data.csv", (2010, 4, 6)),
    ("Nov 2019 to June 2020.xlsx", (2019, 11, 8)),
    ("Spend Apr-May 2010-11.csv", (2010, 4, 2)),
    ("Spend_20over_2025k_20Apr-May_202010-11.csv", (2010, 4, 2)),
    ("Spend_20over_2025k_202009-10.csv", (2009, 4, 12)),
    ("Feb 2010-11.csv", (2011, 2, 1)),
    ("payments_2012-13.csv", (2012, 4, 12)),
    ("payments 2012/13.csv", (2012, 4, 12)),
    ("payments_2012-2013.csv", (2012, 4, 12)),
    ("payments-201213.csv", (2012, 4, 12)),
    ("Q2 2012-13.csv", (2012, 7, 3)),
    ("2012-13 Quarter 4.csv", (2013, 1, 3)),
    ("September_2012.csv", (2012, 9, 1)),
    ("transparency_sept11.csv", (2011, 9, 1)),
    ("transparency_may1_12.csv", (2012, 5, 1)),
    ("Spend-over-250-Dec-25.csv", (2025, 12, 1)),
    ("Spend-over-250.00-July-25.csv", (2025, 7, 1)),
    ("January-26-CSV.csv", (2026, 1, 1)),
    ("co-spend-data-oct2010.csv", (2010, 10, 1)),
    ("Spend-CO-1-11_May_2010.csv", (2010, 5, 1)),
    ("Spend-CO-05-May-2010-after-12th.csv", (2010, 5, 1)),
    ("spendtransactionswithdescriptionsmarch2011.csv", (2011, 3, 1)),
    ("spending-over-25000-april-2024.csv", (2024, 4, 1)),
    ("spending_of_over__25_000_data_for_January_2016.csv", (2016, 1, 1)),
    ("1216-departmental-spend-over-500-dec-2010.csv", (2010, 12, 1)),
    ("3267-spend-over-500-in-september-2011.csv", (2011, 9, 1)),
    ("_C2_A325k-October-12-TO-PUBLISH-V2.csv", (2012, 10, 1)),
    ("over_£25K_may-2015.csv", (2015, 5, 1)),
    ("Body+Over+25K+-+October++2011.csv", (2011, 10, 1)),
    ("1700664724_May-2023-csv.csv", (2023, 5, 1)),
    ("aramis-jan-12.csv.csv", (2012, 1, 1)),
    ("Spend over £25,000 for Febuary 2014", (2014, 2, 1)),
    ("1 April 2012 to 30 June 2012", (2012, 4, 3)),
    ("Payments 01/04/2012 - 30/06/2012", (2012, 4, 3)),
    ("Report for 2013 March", (2013, 3, 1)),
]

NO_PERIODS = [
    *(
        "WHIT 01 - April.csv",
        "LNWU 07 - October.csv",
        "October - December.xlsx",
        "data_over_25k_2011_121.csv",
        "spend over 25k",
    ),
    *(
        "spend over 25000.csv",
        "over-500.csv",
        "over-1000.csv",
        "con137830.csv",
        "18-10-2011.csv",
        "12-12-12",
        "report 2011.csv",
        "",
    ),
    *("1063-spend.csv", "Decline 2012", "Marches12", "2012-99", "phone 02079460123"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_says_its_period_first(name: str, expected: tuple[int, int, int]) -> None:
    assert periods_in_text(name)[:1] == [Period.of_months(*expected)]


@pytest.mark.parametrize("name", NO_PERIODS)
def test_months_without_years_amounts_and_serial_numbers_are_no_periods(name: str) -> None:
    assert periods_in_text(name) == []


def test_numbers_that_can_be_a_month_or_a_financial_year_are_both() -> None:
    november, year = Period.of_months(2010, 11), Period.of_financial_year(2010)
    assert periods_in_text("1011-spend.csv") == [november, year]
    assert periods_in_text("spend-2010-11.csv") == [year, november]


@settings(deadline=None)
@given(st.text() | st.text(alphabet="0123456789-_/ .£kmayjunQ", max_size=30))
def test_no_name_raises(text: str) -> None:
    for period in periods_in_text(text):
        assert period.start <= period.end
    publication_period(text, [text], [date(2012, 5, 4)])


@settings(deadline=None)
@given(
    st.integers(2000, 2049),
    st.integers(1, 12),
    st.sampled_from(["%B-%Y", "%b_%Y", "%b %y", "%Y %B", "spend %B%Y.csv", "x%Y%m"]),
)
def test_a_month_written_in_a_style_comes_back(year: int, month: int, style: str) -> None:
    assert periods_in_text(date(year, month, 1).strftime(style))[:1] == [Period.of_months(year, month)]


def days(year: int, month: int, count: int = 1) -> list[date | None]:
    return [date(year, month, day + 1) for day in range(count)]


MAY_2012 = Period.of_months(2012, 5)


def test_name_and_most_dates_agree() -> None:
    dates = [*days(2012, 5, 6), *days(2012, 4, 4), None]
    assert publication_period("over-25k-1205.csv", [], dates) == (MAY_2012, "name_and_dates")


def test_the_name_keeps_its_word_where_the_dates_lie_elsewhere() -> None:
    assert publication_period("over-25k-1105.csv", ["May 2012"], days(2012, 5, 9)) == (
        Period.of_months(2011, 5),
        "file_name",
    )


def test_the_name_stands_alone_where_there_are_no_dates() -> None:
    assert publication_period("over-25k-1205.csv", [], [None]) == (MAY_2012, "file_name")


def test_the_dates_choose_between_the_periods_of_a_name() -> None:
    name = "February_2014_Returns_-_January_2014_Data.csv"
    assert publication_period(name, [], days(2014, 1, 9)) == (Period.of_months(2014, 1), "name_and_dates")
    assert publication_period("spend-2010-11.csv", [], days(2010, 11, 9)) == (
        Period.of_months(2010, 11),
        "name_and_dates",
    )


def test_a_month_without_a_year_takes_it_from_dates_of_that_month() -> None:
    dates = [*days(2020, 4, 7), *days(2020, 3, 2)]
    assert publication_period("WHIT 01 - April.csv", [], dates) == (Period.of_months(2020, 4), "name_and_dates")
    dates = [*days(2020, 12, 3), *days(2021, 1, 3), *days(2021, 2, 3)]
    assert publication_period("December - February.csv", [], dates) == (Period.of_months(2020, 12, 3), "name_and_dates")


def test_a_month_without_a_year_is_nothing_where_the_dates_are_of_others() -> None:
    assert publication_period("WHIT 01 - April.csv", [], days(2020, 7, 5)) == (Period.of_months(2020, 7), "dates")


def test_a_title_speaks_where_the_name_is_silent() -> None:
    assert publication_period("data.csv", ["Spend over £25,000", "May 2012"], days(2012, 6, 3)) == (MAY_2012, "title")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([*days(2012, 5, 9), *days(2012, 6, 1)], MAY_2012),
        ([*days(2012, 4, 5), *days(2012, 5, 5)], Period.of_months(2012, 4, 3)),
        ([*days(2013, 2, 5), *days(2013, 3, 5)], Period.of_months(2013, 1, 3)),
        ([*days(2012, 4, 5), *days(2013, 3, 5)], Period.of_financial_year(2012)),
    ],
)
def test_dates_alone_give_the_shortest_period_that_holds_nine_in_ten(
    dates: list[date | None], expected: Period
) -> None:
    assert publication_period("data.csv", [], dates) == (expected, "dates")


def test_dates_of_several_years_give_no_period() -> None:
    assert publication_period("data.csv", [], [*days(2012, 4, 5), *days(2015, 4, 5)]) == (None, "none")


def test_a_day_of_upload_comes_last() -> None:
    assert publication_period("spend 18-10-2011.csv", [], days(2011, 9, 3)) == (Period.of_months(2011, 9), "dates")
    assert publication_period("spend 18-10-2011.csv", [], []) == (Period.of_months(2011, 10), "file_name")


def test_what_the_source_declares_comes_first() -> None:
    assert publication_period("over-25k-1105.csv", [], [], MAY_2012) == (MAY_2012, "declared")


def test_nothing_known_is_no_period() -> None:
    assert publication_period("data.csv", [], []) == (None, "none")


def test_a_period_is_whole_months() -> None:
    period = Period(date(2011, 12, 1), date(2012, 2, 29))
    assert period.months == (date(2011, 12, 1), date(2012, 1, 1), date(2012, 2, 1))
    assert period.contains(date(2012, 2, 29))
    assert not period.contains(date(2012, 3, 1))
    assert period == Period.of_months(2011, 12, 3)


@pytest.mark.parametrize(
    ("start", "end"), [((2012, 1, 2), (2012, 1, 31)), ((2012, 1, 1), (2012, 1, 30)), ((2012, 2, 1), (2012, 1, 31))]
)
def test_anything_but_whole_months_in_order_is_refused(start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="first day of a month"):
        Period(date(*start), date(*end))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 4, 1), "2024-25"),
        (date(2025, 3, 31), "2024-25"),
        (date(2000, 3, 31), "1999-00"),
        (date(2010, 1, 1), "2009-10"),
    ],
)
def test_a_financial_year_runs_from_april(day: date, expected: str) -> None:
    assert financial_year(day) == expected


def test_a_month_without_year_is_of_the_year_that_holds_most_dates_where_hardly_any_lie_later() -> None:
    dates = [date(2020, 4, 3)] * 3 + [date(2020, 3, 9)] * 5 + [date(2019, 11, 4)] * 2
    assert publication_period("Trust 01 - April.csv", [], dates) == (Period.of_months(2020, 4), "file_name")


def test_a_month_without_year_is_not_guessed_where_dates_lie_after_it() -> None:
    dates = [date(2020, 4, 3)] * 3 + [date(2020, 7, 9)] * 7
    assert publication_period("Trust 01 - April.csv", [], dates)[0] != Period.of_months(2020, 4)


MAY, JUNE = date(2014, 5, 12), date(2014, 6, 12)


@pytest.mark.parametrize(
    ("name", "inside", "title", "page_title", "days", "period", "evidence"),
    [
        # Many attachments are called data.csv; what the page calls them says the month.
        ("data.csv", [], "Spend over £25,000: May 2014", "", [], Period(date(2014, 5, 1), date(2014, 5, 31)), "declared"),
        ("data.csv", [], "", "Spend over £25,000: May 2014", [], Period(date(2014, 5, 1), date(2014, 5, 31)), "declared"),
        # A name that says one keeps its word, and what the page calls the file comes before what stands in it.
        ("june-2014.csv", [], "May 2014", "", [], Period(date(2014, 6, 1), date(2014, 6, 30)), "file_name"),
        ("data.csv", ["June 2014"], "May 2014", "", [MAY], Period(date(2014, 5, 1), date(2014, 5, 31)), "declared"),
        # A page can be one of a whole year: what the file itself says comes before its title.
        ("data.csv", ["June 2014"], "", "Spend 2014 to 2015", [JUNE], Period(date(2014, 6, 1), date(2014, 6, 30)), "title"),
        ("data.csv", [], "", "Spend 2014-15", [JUNE] * 9, Period(date(2014, 6, 1), date(2014, 6, 30)), "dates"),
        ("data.csv", [], "", "Spend 2014-15", [], Period(date(2014, 4, 1), date(2015, 3, 31)), "declared"),
        # A month's page keeps its word where the dates lie elsewhere, as a name does.
        ("data.csv", [], "", "Spend: May 2014", [JUNE] * 9, Period(date(2014, 5, 1), date(2014, 5, 31)), "declared"),
    ],
)  # fmt: skip
def test_what_a_page_calls_a_file_tells_its_period(  # noqa: PLR0917 - a table
    name: str, inside: list[str], title: str, page_title: str, days: list[date], period: Period, evidence: str
) -> None:
    assert publication_period(name, inside, days, title=title, page_title=page_title) == (period, evidence)
