"""Budgets and outturn (I1, I4), prompt payment (I3), councils' reserves (I2) and an invented GDP deflator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sources.sample.outcomes.model import YEARS, Table, dice, fixed, merit, present, share

BUDGETS = "departmental-budgets"
PAYMENT = "prompt-payment"
RESERVES = "local-authority-reserves"
DEFLATOR = "gdp-deflator"
RESERVE_YEARS = ("2019-20", "2020-21", "2021-22", *YEARS)
DEFLATORS = {
    "2018-19": "82.1",
    "2019-20": "84.0",
    "2020-21": "88.2",
    "2021-22": "88.0",
    "2022-23": "94.1",
    "2023-24": "97.6",
    "2024-25": "100.0",
    "2025-26": "102.1",
}
"""Index, 2024-25 = 100. Invented."""


def tables(seed: int) -> Iterator[Table]:
    yield _budgets(seed)
    yield from _prompt_payment(seed)
    yield from _reserves(seed)
    yield _deflator()


def _budgets(seed: int) -> Table:
    """GBP million. The forecast is the one made six months before the year's end."""
    columns = (
        "year",
        "organisation_id",
        "organisation",
        "control_total",
        "original_plan_gbp_m",
        "final_plan_gbp_m",
        "forecast_gbp_m",
        "outturn_gbp_m",
    )
    table = Table(BUDGETS, "plans-and-outturn.csv", columns)
    for body in present(BUDGETS):
        rng = dice(seed, BUDGETS, body.id)
        loose = 0.035 * (1 - 0.3 * merit(seed, body))
        for control, size in (("resource", rng.uniform(80, 900)), ("capital", rng.uniform(10, 120))):
            for at, year in enumerate(YEARS):
                plan = fixed(size * 1.03**at, 1)
                outturn = fixed(float(plan) * (1 + rng.gauss(0.005, loose)), 1)
                final = fixed((float(plan) + float(outturn)) / 2, 1)
                forecast = fixed(float(outturn) * (1 + rng.gauss(0.003, loose / 2)), 1)
                table.rows.append([year, body.id, body.name, control, plan, final, forecast, outturn])
                table.note(
                    body.id,
                    year,
                    {f"{control}/original_plan": plan, f"{control}/outturn": outturn, f"{control}/forecast": forecast},
                )
    return table


def _prompt_payment(seed: int) -> Iterator[Table]:
    """One file a financial year, four quarters each, with counts of undisputed invoices."""
    columns = (
        "Organisation ID",
        "Organisation",
        "Quarter",
        "Undisputed invoices",
        "Paid within 5 days",
        "Paid within 30 days",
        "% within 5 days",
        "% within 30 days",
    )
    for year in YEARS:
        table = Table(PAYMENT, f"prompt-payment-{year}.csv", columns, date(int(year[:4]) + 1, 5, 31))
        for body in present(PAYMENT):
            rng = dice(seed, f"{PAYMENT}/{year}", body.id)
            for quarter in range(1, 5):
                invoices = rng.randint(900, 6_000)
                fast = int(invoices * share(0.86 + 0.06 * merit(seed, body) + rng.gauss(0, 0.02)))
                timely = fast + int((invoices - fast) * rng.uniform(0.6, 0.9))
                percent = [f"{100 * count / invoices:.1f}%" for count in (fast, timely)]
                table.rows.append([body.id, body.name, f"{year} Q{quarter}", invoices, fast, timely, *percent])
                table.note(
                    body.id,
                    f"{year} Q{quarter}",
                    {"undisputed": invoices, "within_5_days": fast, "within_30_days": timely},
                )
        yield table


def _reserves(seed: int) -> Iterator[Table]:
    """GBP thousand, one file a year as councils' outturn is published. A year opens with what the last one closed with."""
    columns = (
        "E-code",
        "Local authority",
        "Class",
        "Schools reserves at 1 April",
        "Schools reserves at 31 March",
        "Public health reserves at 1 April",
        "Public health reserves at 31 March",
        "Other earmarked reserves at 1 April",
        "Other earmarked reserves at 31 March",
        "Unallocated reserves at 1 April",
        "Unallocated reserves at 31 March",
    )
    councils = list(present(RESERVES, "council"))
    held = {council.id: _opening(seed, council.id) for council in councils}
    for year in RESERVE_YEARS:
        table = Table(RESERVES, f"reserves-{year}.csv", columns, date(int(year[:4]) + 1, 11, 20))
        for place, council in enumerate(councils):
            rng = dice(seed, f"{RESERVES}/{year}", council.id)
            drift = 0.04 * merit(seed, council) - 0.03
            opening = held[council.id]
            closing = [int(amount * (1 + drift + rng.gauss(0, 0.03))) for amount in opening]
            held[council.id] = closing
            pairs = [amount for pair in zip(opening, closing, strict=True) for amount in pair]
            table.rows.append([f"S{place + 1:04}", council.name, "SD", *pairs])
            table.note(
                council.id,
                year,
                {
                    "earmarked_opening": opening[2],
                    "earmarked_closing": closing[2],
                    "unallocated_opening": opening[3],
                    "unallocated_closing": closing[3],
                },
            )
        yield table


def _opening(seed: int, council: str) -> list[int]:
    rng = dice(seed, RESERVES, council)
    return [rng.randint(500, 4_000), rng.randint(200, 1_500), rng.randint(8_000, 60_000), rng.randint(2_000, 15_000)]


def _deflator() -> Table:
    table = Table(DEFLATOR, "gdp-deflator.csv", ("financial_year", "index", "vintage"))
    for year, index in DEFLATORS.items():
        table.rows.append([year, index, "sample"])
        table.note("sampleland", year, {"index": Decimal(index)})
    return table
