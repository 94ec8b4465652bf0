"""Real outcome files: figures that a person read off the published tables."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from sources.outcome_readers.figures import Figure, Figures
from sources.outcome_readers.read import read_outcome_file
from sources.outcome_sets import outcome_sets

MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
METHOD = os.environ.get("PUBLICVALUE_METHOD")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not MIRROR, reason="PUBLICVALUE_REAL_MIRROR does not name the folder of real files"),
]
SURVEY, SERVICES, RESERVES = "civil-service-people-survey", "govuk-service-performance", "local-authority-reserves"


@cache
def read(dataset: str, pattern: str) -> tuple[str, Figures]:
    (path,) = (Path(str(MIRROR)) / "outcomes" / dataset).glob(pattern)
    content, found = read_outcome_file(path.read_bytes(), path.name, outcome_sets()[dataset])
    return content.container, found


def value(figures: list[Figure], metric: str, who: str, label: str) -> tuple[float | None, str]:
    (found,) = [
        one for one in figures
        if one.metric == metric and one.entity and who in {one.entity.code, one.entity.name} and one.period and one.period.label == label
    ]  # fmt: skip
    return found.value.number, found.value.status


def test_england_s_four_hour_share_is_as_the_commentaries_say() -> None:
    for month, label, share in (("June", "2021-06", 81.3), ("August", "2021-08", 77.0)):
        figures = read("nhs-accident-and-emergency", f"{month}-2021-*.csv")[1].figures
        number, _ = value(figures, "four_hour_pct", "England", label)
        assert number is not None
        assert round(number, 1) == share


def test_king_s_college_hospital_in_june_2021_adds_up_by_hand() -> None:
    figures = read("nhs-accident-and-emergency", "June-2021-*.csv")[1].figures
    assert value(figures, "attendances", "RJZ", "2021-06")[0] == 25551.0
    assert value(figures, "over_four_hours", "RJZ", "2021-06")[0] == 7465.0
    assert value(figures, "four_hour_pct", "RJZ", "2021-06")[0] == pytest.approx(70.784, abs=0.001)


def test_fourteen_trusts_do_not_report_from_april_2021_to_may_2023_and_none_after() -> None:
    names = {"2021": ("April", "December"), "2022": ("March", "December"), "2023": ("May", "June", "December")}
    silent: dict[str, set[str]] = {}
    for year, months in names.items():
        for month in months:
            figures = read("nhs-accident-and-emergency", f"{month}-{year}-*.csv")[1].figures
            silent[f"{month} {year}"] = {
                one.entity.code for one in figures if one.value.status == "not_reported" and one.entity
            }
    assert {when: len(codes) for when, codes in silent.items()} == {
        "April 2021": 14, "December 2021": 14, "March 2022": 14, "December 2022": 14, "May 2023": 14, "June 2023": 0, "December 2023": 0,
    }  # fmt: skip
    assert "RGT" in silent["April 2021"]  # Cambridge: 9,768 type 1 attendances in June 2021 and no wait over four hours


def test_every_month_s_total_row_is_found_whatever_its_spelling() -> None:
    folder = Path(str(MIRROR)) / "outcomes" / "nhs-accident-and-emergency"
    for path in sorted(folder.glob("*.csv"))[::6]:
        found = read("nhs-accident-and-emergency", path.name)[1]
        assert [note.code for note in found.notes] == []
        assert not any(one.entity and one.entity.code.lower().strip() == "total" for one in found.figures)


@pytest.mark.parametrize(
    ("council", "opening", "closing"),
    [
        ("Bristol UA", (13603, 4880, 87311, 20000), (5459, 4180, 47479, 20000)),
        ("Northamptonshire", (37900, 4988, 17075, 12010), (23988, 342, 8481, 11721)),
        ("Manchester", (28782, 308, 175506, 27477), (28782, 308, 199719, 26226)),
    ],
)
def test_reserves_are_those_of_the_sheet(council: str, opening: tuple[int, ...], closing: tuple[int, ...]) -> None:
    figures = read(RESERVES, "RS_2016-17*.xlsx")[1].figures
    for end, levels in (("opening", opening), ("closing", closing)):
        kinds = ("schools", "public_health", "earmarked", "unallocated")
        read_off = tuple(value(figures, f"{kind}_reserves_{end}", council, "2016-17")[0] for kind in kinds)
        assert read_off == levels
        assert value(figures, f"usable_reserves_{end}", council, "2016-17")[0] == levels[2] + levels[3]


def test_sixteen_of_151_councils_would_use_their_reserves_within_three_years() -> None:
    left: dict[str, dict[str, float]] = {}
    for one in read(RESERVES, "RS_2016-17*.xlsx")[1].figures:
        if (
            one.entity
            and one.entity.group in {"L", "MD", "SC", "UA"}
            and one.value.number is not None
            and one.entity.code
        ):
            left.setdefault(one.entity.name, {})[one.metric] = one.value.number
    draws = {
        name: (own["usable_reserves_closing"], own["usable_reserves_opening"] - own["usable_reserves_closing"])
        for name, own in left.items()
    }
    assert len(draws) == 151
    assert sum(draw > 0 and reserves / draw < 3 for reserves, draw in draws.values()) == 16


@pytest.mark.parametrize(
    ("slug", "volume", "cost", "digital"),
    [
        ("dft-tax-a-vehicle", 43377516, 1.03, 23536288),
        ("dwp-carers-allowance-new-claims", 241000, 62.0, 68778),
        ("hmrc-vat", 20327971, 1.21, 17265434),
    ],
)
def test_services_of_the_year_to_december_2013_are_those_of_the_row(
    slug: str, volume: int, cost: float, digital: int
) -> None:
    figures = read(SERVICES, "services.csv")[1].figures
    label = "year to 2013-12"
    assert value(figures, "volume", slug, label)[0] == volume
    assert value(figures, "cost_per_transaction", slug, label)[0] == cost
    assert value(figures, "digital_volume", slug, label)[0] == digital


def test_a_dash_in_the_services_is_missing() -> None:
    figures = read(SERVICES, "services.csv")[1].figures
    assert value(figures, "volume", "dcms-memorial-grant-scheme-claims", "year to 2017-09") == (None, "missing")


def test_both_files_of_services_give_the_same_volumes_for_the_same_twelve_months() -> None:
    """The headings of one are quarters of publication; that is why they are read as the twelve months before."""
    by_quarter = {
        (one.entity.name, one.entity.group, one.period): one.value.number
        for one in read(SERVICES, "services.csv")[1].figures
        if one.metric == "volume" and one.entity and one.value.number is not None
    }
    same, other = 0, 0
    for one in read(SERVICES, "transaction-volumes.csv")[1].figures:
        if one.metric == "volume" and one.entity and one.value.number is not None:
            published = by_quarter.get((one.entity.name, one.entity.group, one.period))
            same += published == one.value.number
            other += published is not None and published != one.value.number
    assert same > 10_000
    assert other == 0


def test_the_ods_saved_as_csv_is_read_by_its_content() -> None:
    container, found = read(SURVEY, "csps2020_org_scores.csv")
    assert container == "ods"
    assert value(found.figures, "ees", "AGO", "2020")[0] == 69.0
    assert value(found.figures, "lm_ts", "DWP", "2020")[0] == 70.0


def test_the_swapped_labels_are_found_and_the_codes_agree_with_the_scores_under_the_labels() -> None:
    labels = read(SURVEY, "csps2020_orgscores_measures.csv")[1]
    assert sorted(one.metric for one in labels.figures if one.flags) == ["hse_index", "lm_ts", "mt_ts", "perma_index"]
    by_label = {
        (one.entity.code, one.metric): one.value.number
        for one in read(SURVEY, "csps2020_org_scores.ods")[1].figures
        if one.entity
    }
    by_code = {
        (one.entity.code, one.metric): one.value.number
        for one in read(SURVEY, "csps2020_orgscores_long.csv")[1].figures
        if one.entity
    }
    assert len(by_label) == 111 * 13
    assert {key: by_code[key] for key in by_label} == by_label


def test_budgets_say_which_figures_are_plans() -> None:
    figures = read("public-expenditure", "pesa.xlsx")[1].figures
    assert value(figures, "resource_del", "Education", "2023-24")[0] == 89913.0
    assert value(figures, "total_managed_expenditure", "HM Treasury", "2022-23")[0] == 135887.0
    assert value(figures, "capital_ame", "Home Office", "2020-21") == (None, "missing")
    planned = {one.period.label for one in figures if "planned" in one.flags and one.period}
    assert planned == {"2025-26", "2026-27", "2027-28", "2028-29", "2029-30"}


def test_the_deflator_s_years_are_those_in_which_they_begin() -> None:
    figures = read("gdp-deflator", "deflator.csv")[1].figures
    assert value(figures, "deflator_level", "United Kingdom", "2024-25")[0] == 1.54713493530499


@pytest.mark.skipif(not METHOD, reason="PUBLICVALUE_METHOD does not name the folder of the method")
def test_the_citizen_survey_keeps_the_sample_sizes_that_are_published() -> None:
    data = (Path(str(METHOD)) / "citizen_survey.csv").read_bytes()
    figures = read_outcome_file(data, "citizen_survey.csv", outcome_sets()["citizen-survey"])[1].figures
    question = "digital public services are advanced"
    read_off = {
        one.entity.name: (one.value.number, one.sample_size)
        for one in figures
        if one.entity and one.breakdown == {"question": question}
    }
    assert read_off == {"UK": (64.0, 1000), "France": (66.0, None), "Norway": (75.0, None), "Germany": (42.0, None)}
