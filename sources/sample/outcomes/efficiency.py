"""Unit costs by provider (I6, I7), productivity by year (I8), and inputs and outputs of two periods (I9, I10)."""

from __future__ import annotations

from collections.abc import Iterator

from sources.sample.outcomes.model import YEARS, Table, dice, fixed, merit, present

COSTS = "unit-costs"
PRODUCTIVITY = "public-service-productivity"
FRONTIER = "inputs-and-outputs"
ACTIVITIES = ("routine case", "complex case", "emergency case")
LONG_YEARS = ("2019-20", "2020-21", "2021-22", *YEARS)


def tables(seed: int) -> Iterator[Table]:
    yield _unit_costs(seed)
    yield _productivity(seed)
    yield _frontier(seed)


def _unit_costs(seed: int) -> Table:
    """GBP a case at six units of each body, with their volumes; two units of each body are small."""
    table = Table(
        COSTS,
        "unit-costs.csv",
        ("year", "organisation_id", "organisation", "unit", "activity", "volume", "unit_cost_gbp", "quality_index"),
    )
    for body in present(COSTS):
        rng = dice(seed, COSTS, body.id)
        for year in YEARS:
            for number in range(1, 7):
                for activity, cost in zip(ACTIVITIES, (90, 260, 410), strict=True):
                    volume = rng.randint(8, 40) if number > 4 else rng.randint(200, 4_000)
                    each = fixed(cost * (1 - 0.08 * merit(seed, body)) * rng.lognormvariate(0, 0.14), 2)
                    quality = fixed(100 + 3 * merit(seed, body) + rng.gauss(0, 2), 1)
                    table.rows.append([year, body.id, body.name, f"unit {number}", activity, volume, each, quality])
                    table.note(
                        body.id, year, {f"{activity}/{number}/volume": volume, f"{activity}/{number}/unit_cost": each}
                    )
    return table


def _productivity(seed: int) -> Table:
    """Activities with their unit costs as weights, a quality index (first year 100) and the volume of inputs (first year 100)."""
    columns = (
        "year",
        "organisation_id",
        "organisation",
        "activity",
        "quantity",
        "unit_cost_gbp",
        "quality_index",
        "input_volume_index",
    )
    table = Table(PRODUCTIVITY, "outputs-and-inputs.csv", columns)
    for body in present(PRODUCTIVITY):
        rng = dice(seed, PRODUCTIVITY, body.id)
        quantities = [rng.randint(2_000, 20_000) for _ in ACTIVITIES]
        growth = 0.006 + 0.006 * merit(seed, body)
        inputs, quality = 100.0, 100.0
        for year in LONG_YEARS:
            for activity, cost, quantity in zip(ACTIVITIES, (90, 260, 410), quantities, strict=True):
                row = (fixed(cost, 2), fixed(quality, 2), fixed(inputs, 2))
                table.rows.append([year, body.id, body.name, activity, quantity, *row])
                table.note(
                    body.id,
                    year,
                    {f"{activity}/quantity": quantity, "quality_index": row[1], "input_volume_index": row[2]},
                )
            inputs *= 1.012 + rng.gauss(0, 0.006)
            quality *= 1.002 + rng.gauss(0, 0.002)
            quantities = [int(quantity * (1.012 + growth + rng.gauss(0, 0.01))) for quantity in quantities]
    return table


def _frontier(seed: int) -> Table:
    """Two inputs and two outputs in two years for every body: twelve of a kind are just enough for a frontier of four."""
    columns = (
        "year",
        "organisation_id",
        "organisation",
        "family",
        "staff_fte",
        "running_cost_gbp_m",
        "cases_closed",
        "people_helped",
    )
    table = Table(FRONTIER, "inputs-and-outputs.csv", columns)
    for body in present(FRONTIER):
        rng = dice(seed, FRONTIER, body.id)
        size = rng.uniform(0.5, 3.0)
        waste = 1.25 - 0.12 * merit(seed, body) + rng.uniform(0, 0.1)
        for at, year in enumerate(YEARS[-2:]):
            staff = fixed(400 * size * waste * rng.uniform(0.97, 1.03), 1)
            cost = fixed(30 * size * waste * rng.uniform(0.97, 1.03), 2)
            cases = int(9_000 * size * 1.015**at * rng.uniform(0.98, 1.02))
            people = int(5_000 * size**0.95 * 1.01**at * rng.uniform(0.98, 1.02))
            table.rows.append([year, body.id, body.name, body.family, staff, cost, cases, people])
            table.note(
                body.id,
                year,
                {"staff_fte": staff, "running_cost": cost, "cases_closed": cases, "people_helped": people},
            )
    return table
