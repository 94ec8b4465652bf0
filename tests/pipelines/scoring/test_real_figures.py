"""The figures that the method quotes of real data, by the functions that the pipeline uses."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from pipelines.scoring.forecast import Bounds, regression
from pipelines.scoring.forecast_choice import calibration_factor, clustered_coverage, rolling_origin
from pipelines.scoring.funnel import funnel
from pipelines.scoring.reserves import NAO_YEARS, years_left

REAL = os.environ.get("PUBLICVALUE_REAL_MIRROR")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL, reason="PUBLICVALUE_REAL_MIRROR does not name the real publications"),
]

Counts = tuple[float, float, float]  # attendances, of these over four hours, type-1 attendances


@cache
def trusts() -> dict[str, dict[str, Counts]]:
    """By month and organisation, booked attendances included; those that report none over four hours are not reported."""
    months: dict[str, dict[str, Counts]] = {}
    for path in sorted(Path(REAL or "", "outcomes/nhs-accident-and-emergency").glob("*.csv")):
        month = datetime.strptime("-".join(path.name.split("-")[:2]), "%B-%Y").strftime("%Y-%m")  # noqa: DTZ007 - a month
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if "TOTAL" in row["Org Code"].upper() or "TOTAL" in row["Period"].upper():
                    continue
                seen, late, type1 = (
                    sum(float(v or 0) for k, v in row.items() if k.startswith(start))
                    for start in ("A&E attendances", "Attendances over 4hrs", "A&E attendances Type 1")
                )
                if late > 0 or type1 <= 1000:
                    months.setdefault(month, {})[row["Org Code"]] = (seen, late, type1)
    return months


def test_three_trusts_of_122_lie_outside_the_funnel_and_107_without_its_allowance() -> None:
    counts = np.array([c for c in trusts()["2023-12"].values() if c[2] > 0])
    assert len(counts) == 122
    assert funnel(counts[:, 1], counts[:, 0]).outside(3.09) == 3
    assert funnel(counts[:, 1], counts[:, 0], overdispersed=False).outside(3.09) == 107


@cache
def performance() -> np.ndarray:
    """Four-hour performance in per cent of the trusts with a value in every month: (trusts, months)."""
    months = sorted(trusts())
    every = sorted(o for o in trusts()[months[0]] if all(trusts()[m].get(o, (0, 0, 0))[2] > 0 for m in months))
    return np.array([[100 * (1 - trusts()[m][o][1] / trusts()[m][o][0]) for m in months] for o in every])


def test_seasonal_drift_covers_what_the_method_says_over_108_trusts() -> None:
    assert performance().shape == (108, 33)
    shares = [rolling_origin(performance(), h, "seasonal_drift").inside().mean() for h in (1, 3, 6, 12)]
    assert [round(100 * share) for share in shares] == [80, 88, 89, 83]


@pytest.mark.parametrize("method", ["drift", "seasonal_drift"])
@pytest.mark.parametrize("horizon", [1, 3, 6, 12])
def test_intervals_calibrated_on_half_of_the_trusts_keep_their_word_on_the_others(method: str, horizon: int) -> None:
    share = Bounds(0.0, 100.0)
    factor = calibration_factor(rolling_origin(performance()[::2], horizon, method, bounds=share))
    others = rolling_origin(performance()[1::2], horizon, method, bounds=share)
    assert 0.74 <= clustered_coverage(others.inside(factor=factor)).share <= 0.86


def test_sixteen_councils_of_151_had_reserves_for_less_than_three_years() -> None:
    book = CalamineWorkbook.from_path(Path(REAL or "", "outcomes/local-authority-reserves/RS_2016-17_data_by_LA.xlsx"))
    rows = book.get_sheet_by_name("RS LA Data 2016-17").to_python(skip_empty_area=False)
    at = next(i for i, row in enumerate(rows) if str(row[0]).strip() == "E-code")
    names = [str(cell) for cell in rows[at]]
    opening, closing = (
        [i for i, name in enumerate(names) if name.startswith(("Other earmarked", "Unallocated")) and end in name]
        for end in ("level at 1 April", "level at 31 March")
    )
    assert (len(opening), len(closing)) == (2, 2)
    councils = [row for row in rows[at + 1 :] if row[0] and str(row[4]) in {"L", "MD", "SC", "UA"}]

    def amount(cell: object) -> float:
        return np.nan if cell == "…" else float(str(cell) or 0)  # an ellipsis: not returned

    reserves = np.array([[sum(amount(row[i]) for i in end) for end in (opening, closing)] for row in councils])
    left = years_left(reserves)
    assert (~np.isnan(left)).sum() == 151
    assert (left < NAO_YEARS).sum() == 16


def england() -> np.ndarray:
    """Four-hour performance of England by month, all attendances, without those not reported."""
    months = [np.array(list(trusts()[month].values())).sum(axis=0) for month in sorted(trusts())]
    return np.array([100 * (1 - late / seen) for seen, late, _ in months])


def test_england_without_the_trusts_that_do_not_report() -> None:
    assert dict(zip(sorted(trusts()), england().round(1), strict=True))["2021-06"] == 81.3
    assert dict(zip(sorted(trusts()), england().round(1), strict=True))["2021-08"] == 77.0


def test_a_regression_on_eight_points_fails_england_as_the_method_says() -> None:
    series, shares = england(), []
    for horizon in (1, 3, 6, 12):
        origins = range(8, len(series) - horizon + 1)
        made = [regression(series[o - 8 : o], horizon).interval(0.8) for o in origins]
        shares.append(
            np.mean([low <= series[o + horizon - 1] <= high for o, (low, high) in zip(origins, made, strict=True)])
        )
    assert [round(100 * share) for share in shares] == [72, 52, 25, 0]
