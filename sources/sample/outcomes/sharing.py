"""Outcomes that several bodies share (S7), who bears costs and who benefits (I12), and what extra spending bought (I11)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from sources.sample.outcomes.model import YEARS, Table, dice, fixed, merit, present
from sources.sample.world import SITE, bodies

ATTRIBUTION = "outcome-attribution"
SHARES = "cost-and-benefit-shares"
EFFECTS = "programme-cost-effectiveness"
SHARED_OUTCOMES = ("fewer lost umbrellas", "warmer evenings", "safer crossings", "quieter nights")
BASES = (("published mapping", "high"), ("COFOG level 2", "medium"), ("equal split", "low"))


def tables(seed: int) -> Iterator[Table]:
    yield _attribution(seed)
    yield _cost_and_benefit(seed)
    yield _cost_effectiveness(seed)


def _split(rng: Random, parts: int) -> list[Decimal]:
    """Shares of four decimals that add up to exactly 1."""
    weights = [rng.expovariate(1) + 0.05 for _ in range(parts)]
    found = [fixed(weight / sum(weights), 4) for weight in weights[1:]]
    return [1 - sum(found, Decimal(0)), *found]


def _attribution(seed: int) -> Table:
    """Alpha adds up to 1 for each programme and year; spending in GBP million, so that what goes in comes out."""
    columns = (
        "department",
        "programme",
        "outcome",
        "year",
        "alpha",
        "basis",
        "confidence",
        "programme_spend_gbp_m",
        "source_url",
    )
    table = Table(ATTRIBUTION, "attribution.csv", columns)
    for body in bodies():
        rng = dice(seed, ATTRIBUTION, body.id)
        for number in (1, 2):
            basis, confidence = BASES[rng.randrange(3)]
            for year in YEARS:
                spend = fixed(rng.uniform(5, 80), 1)
                chosen = sorted(rng.sample(range(len(SHARED_OUTCOMES)), 2))
                alphas = [Decimal("0.5"), Decimal("0.5")] if basis == "equal split" else _split(rng, 2)
                for outcome, alpha in zip(chosen, alphas, strict=True):
                    programme = f"Programme {number} (sample)"
                    table.rows.append(
                        [
                            body.id,
                            programme,
                            SHARED_OUTCOMES[outcome],
                            year,
                            alpha,
                            basis,
                            confidence,
                            spend,
                            f"{SITE}/attribution/{body.id}",
                        ]
                    )
                    table.note(
                        body.id,
                        year,
                        {
                            f"{number}/{SHARED_OUTCOMES[outcome]}/alpha": alpha,
                            f"{number}/{SHARED_OUTCOMES[outcome]}/spend": spend,
                        },
                    )
    return table


def _cost_and_benefit(seed: int) -> Table:
    """For each policy of a body: the shares of its costs and of its benefits that fall on each of three parties."""
    parties = ("the body itself", "other public bodies", "households and firms")
    table = Table(
        SHARES,
        "cost-and-benefit-shares.csv",
        ("organisation_id", "organisation", "policy", "year", "party", "cost_share", "benefit_share", "basis"),
    )
    for body in present(SHARES):
        rng = dice(seed, SHARES, body.id)
        for number in (1, 2, 3):
            for year in YEARS:
                rows = zip(parties, _split(rng, 3), _split(rng, 3), strict=True)
                for party, cost, benefit in rows:
                    table.rows.append(
                        [body.id, body.name, f"Policy {number} (sample)", year, party, cost, benefit, "assumed"]
                    )
                    table.note(body.id, year, {f"{number}/{party}/cost": cost, f"{number}/{party}/benefit": benefit})
    return table


def _cost_effectiveness(seed: int) -> Table:
    """A programme before and after it was enlarged. All four signs of extra cost and extra effect occur."""
    columns = (
        "organisation_id",
        "organisation",
        "programme",
        "period",
        "cost_gbp_m",
        "effect",
        "effect_unit",
        "value_of_a_unit_gbp",
    )
    table = Table(EFFECTS, "before-and-after.csv", columns)
    for body in present(EFFECTS):
        rng = dice(seed, EFFECTS, body.id)
        for number in (1, 2):
            cost, effect = rng.uniform(2, 40), rng.uniform(300, 5_000)
            for year, bigger in ((YEARS[0], 0.0), (YEARS[-1], 1.0)):
                spent = fixed(cost * (1 + bigger * rng.uniform(-0.12, 0.2)), 2)
                done = int(effect * (1 + bigger * (0.03 * merit(seed, body) + rng.uniform(-0.1, 0.2))))
                # For half of the programmes nobody has published what a unit of effect is worth.
                table.rows.append(
                    [
                        body.id,
                        body.name,
                        f"Programme {number} (sample)",
                        year,
                        spent,
                        done,
                        "people helped",
                        15_000 if number == 1 else None,
                    ]
                )
                table.note(body.id, year, {f"{number}/cost": spent, f"{number}/effect": done})
    return table
