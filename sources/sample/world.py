"""What the sample's publishers truly paid: every line of every month, before anybody writes it into a file.

Seeded by publisher and month, so that one month's lines do not depend on another's. Does not belong here: how files
look (drafts.py, quirks).
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MONTHS = tuple(date(2022 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(36))
"""April 2022 to March 2025."""
SITE = "https://sample.invalid"
"""A name that the domain name system keeps free for ever, so that no address of the sample leads anywhere."""


@dataclass(frozen=True, slots=True)
class Body:
    """An invented publisher."""

    id: str
    name: str
    abbreviation: str
    kind: str
    family: str
    threshold: int

    @property
    def entity(self) -> str:
        """What stands in the column of entities, so that each line of a plain file says what it is."""
        return f"{self.abbreviation} (SAMPLE DATA)"


@dataclass(slots=True)
class Line:
    """One payment line, as meant. `pence` and `day` are None where the file will not hold a readable one."""

    day: date | None
    expense_type: str
    expense_area: str
    supplier: str
    number: str
    pence: int | None
    description: str
    precision: str | None = "day"
    extra: dict[str, str] = field(default_factory=dict)


@cache
def words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = _yaml("words.yaml")
    return found


@cache
def bodies() -> tuple[Body, ...]:
    """Twelve departments, twelve councils, twelve trusts, in order of id."""
    spec = _yaml("bodies.yaml")
    kinds = {
        "departments": ("ministerial_department", "ministerial_department", 25_000),
        "councils": ("council", "district_council", 500),
        "trusts": ("nhs_trust", "acute_trust", 25_000),
    }
    found = [
        Body(f"sample-{name}", f"{title} (sample)", abbreviation, kind, family, threshold)
        for group, (kind, family, threshold) in kinds.items()
        for name, title, abbreviation in spec[group]
    ]
    return tuple(sorted(found, key=lambda body: body.id))


def _yaml(name: str) -> Any:
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def suppliers() -> tuple[str, ...]:
    """Some 400 invented suppliers. A tenth occur in a second spelling, as they do in life."""
    vocabulary = words()
    rng = random.Random("suppliers")  # noqa: S311 - a sample has to come out the same, not to be secret
    companies = [
        f"{first} {second} {rng.choice(vocabulary['forms'])}"
        for first in vocabulary["first"]
        for second in vocabulary["second"]
    ]
    respelt = [name.upper().replace("LIMITED", "LTD") for name in rng.sample(companies, len(companies) // 10)]
    named = [name for kind in ("charities", "people", "totals", "public_bodies") for name in vocabulary[kind]]
    return tuple(companies + respelt + named)


def lines_of(body: Body, month: date, seed: int) -> list[Line]:
    """The lines of one publisher and month in order of day; two thirds below the threshold, since payments are split."""
    rng = random.Random(f"{seed}/{body.id}/{month}")  # noqa: S311 - see above
    vocabulary = words()
    known = rng.sample(suppliers(), 90)
    last_day = calendar.monthrange(month.year, month.month)[1]
    season = 1.0 + 0.5 * (month.month == 3) + 0.1 * (month.month % 3 == 0)
    lines: list[Line] = []
    number = 5_000_000 + 20_000 * (month.year - 2020) + 1_500 * month.month
    for _ in range(int(rng.randint(18, 34) * season)):
        number += rng.randint(1, 9)
        day = date(month.year, month.month, rng.randint(1, last_day))
        supplier = known[min(int(rng.paretovariate(0.7)) - 1, len(known) - 1)]
        whole = int(body.threshold * 100 * rng.paretovariate(1.1))
        parts = rng.choice((1, 1, 2, 3, 4))
        cuts = sorted(rng.randint(1, whole - 1) for _ in range(parts - 1))
        for low, high in zip([0, *cuts], [*cuts, whole], strict=True):
            lines.append(
                Line(
                    day,
                    rng.choice(vocabulary["expense_types"]),
                    rng.choice(vocabulary["expense_areas"]),
                    supplier,
                    str(number),
                    high - low,
                    rng.choice(vocabulary["descriptions"]),
                )
            )
    if rng.random() < 0.5:
        refund = rng.choice(lines)
        number += 1
        lines.append(
            Line(
                refund.day,
                refund.expense_type,
                refund.expense_area,
                refund.supplier,
                str(number),
                -(refund.pence or 0),
                "Refund",
            )
        )
    if body.kind == "ministerial_department":
        lines.append(
            Line(
                date(month.year, month.month, 1),
                "Grant-in-aid",
                "Finance",
                "Make-Believe NHS Trust",
                str(number + 1),
                rng.randint(2, 9) * 10_000_000_00,
                "Monthly funding",
            )
        )
    lines.sort(key=lambda line: (line.day or month, line.number))
    return lines
