"""The interval of what an absent month would have held, and how often it holds."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from math import exp, sin
from pathlib import Path

import duckdb
import pytest

from quality_checks.calendar import HERE
from quality_checks.money_missing import Interval, intervals

MONTHS = [date(year, month, 1) for year in range(2015, 2025) for month in range(1, 13)]


def test_fewer_than_six_months_allow_no_interval() -> None:
    assert intervals(dict.fromkeys(MONTHS[:5], 100.0), [MONTHS[5]]) == [None]
    assert intervals({}, [MONTHS[5]]) == [None]


def test_months_without_money_above_zero_do_not_count_as_months() -> None:
    totals = {**dict.fromkeys(MONTHS[:5], 100.0), MONTHS[6]: 0.0, MONTHS[7]: -5.0}
    assert intervals(totals, [MONTHS[8]]) == [None]


def test_equal_months_foretell_the_same() -> None:
    assert intervals(dict.fromkeys(MONTHS[:8], 123456.0), [MONTHS[8]]) == [
        Interval(Decimal("123000.00"), Decimal("123000.00"))
    ]


def test_a_month_far_from_all_others_has_none() -> None:
    totals = dict.fromkeys(MONTHS[:8], 100.0)
    assert intervals(totals, [MONTHS[8], MONTHS[60]])[1] is None


def test_one_absurd_month_does_not_move_the_level() -> None:
    usual = {month: 1000.0 + place for place, month in enumerate(MONTHS[:40])}
    absurd = {**usual, MONTHS[10]: 1e12}
    (found,) = intervals(absurd, [MONTHS[40]])
    assert found is not None
    assert found.high_gbp < 2000


def test_a_month_of_the_year_that_is_always_high_is_foretold_high() -> None:
    totals = {month: (9000.0 if month.month == 3 else 1000.0) for month in MONTHS[:60]}
    (found,) = intervals(totals, [date(2020, 3, 1)])
    assert found is not None
    assert found.low_gbp > 5000


def test_absurd_totals_beyond_the_money_type_give_none() -> None:
    assert intervals(dict.fromkeys(MONTHS[:8], 1e17), [MONTHS[8]]) == [None]


def test_the_order_of_the_months_makes_no_difference() -> None:
    totals = {month: 1000.0 + 37 * (place % 7) for place, month in enumerate(MONTHS[:30])}
    turned = dict(reversed(totals.items()))
    assert intervals(totals, MONTHS[30:34]) == intervals(turned, MONTHS[30:34])


@pytest.mark.parametrize("gap", [0, 2, 5])
def test_four_fifths_of_months_held_back_lie_inside(gap: int) -> None:
    """Twelve invented bodies of 14 to 120 months: a drifting level, a season, noise with heavy tails."""
    chance = random.Random(7)  # noqa: S311 - invented totals have to come out the same
    inside = []
    for body in range(12):
        level, totals = 14.0, {}
        for place, month in enumerate(MONTHS[: (14, 40, 120)[body % 3]]):
            level += chance.gauss(0, 0.04)
            noise = chance.gauss(0, 0.3) * (3 if chance.random() < 0.05 else 1)
            totals[month] = exp(level + 0.3 * sin(place * 0.5236) + noise)
        inside += held_back(totals, gap)
    assert len(inside) > 300
    assert 0.74 <= sum(inside) / len(inside) <= 0.90


@pytest.mark.real
@pytest.mark.slow
def test_it_holds_on_real_months_held_back(real_spending: Path) -> None:
    """The share is written in docs/calendar.md: 84% of 262 months alone, 86% of 160 in the middle of eleven."""
    own: dict[tuple[str, str], dict[date, float]] = {}
    with duckdb.connect(real_spending / "warehouse.duckdb", read_only=True) as con:
        held = con.execute(
            "SELECT publisher_id, series, due_month FROM core_publication_calendar WHERE publication_id IS NOT NULL"
        ).fetchall()
        totals = con.execute((HERE / "month_totals.sql").read_text()).fetchall()
    for publisher_id, series, month, total in totals:
        if (publisher_id, series, month) in set(held):
            own.setdefault((publisher_id, series), {})[month] = total
    for gap in (0, 5):
        inside = [one for months in own.values() for one in held_back(months, gap)]
        assert len(inside) > 100
        assert 0.75 <= sum(inside) / len(inside) <= 0.92


def held_back(totals: dict[date, float], gap: int) -> list[bool]:
    """For each month: whether its total lies inside the interval made without it and the `gap` months on either side."""
    found = []
    for month, total in totals.items():
        at = month.year * 12 + month.month
        rest = {one: value for one, value in totals.items() if abs(one.year * 12 + one.month - at) > gap}
        (interval,) = intervals(rest, [month])
        if interval is not None:
            found.append(float(interval.low_gbp) <= total <= float(interval.high_gbp))
    return found
