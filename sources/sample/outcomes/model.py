"""What the outcome generators share: tables to write, facts that stand in them, and how good each invented body is.

Does not belong here: any one dataset.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from sources.sample.world import Body, bodies

YEARS = ("2022-23", "2023-24", "2024-25")
"""Financial years of the spending files."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that a file holds: of which body, for which period, under which name of ours."""

    dataset: str
    entity: str
    period: str
    metric: str
    value: Decimal


@dataclass(slots=True)
class Table:
    """One CSV file of a dataset, with the facts in it. Cells are written as text; None is an empty cell."""

    dataset: str
    file_name: str
    columns: Sequence[str]
    published: date = date(2025, 6, 30)
    rows: list[list[object]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"outcomes/{self.dataset}/SAMPLE-DATA-{self.file_name}"

    def note(self, entity: str, period: str, values: Mapping[str, Decimal | int]) -> None:
        """Remember what was written, by the names of the metrics."""
        self.facts += [Fact(self.dataset, entity, period, name, Decimal(value)) for name, value in values.items()]


@cache
def _absences() -> dict[str, frozenset[str]]:
    loaded = yaml.safe_load(Path(__file__).with_name("absences.yaml").read_text(encoding="utf-8"))
    return {dataset: frozenset(absent) for dataset, absent in loaded.items()}


def present(dataset: str, *kinds: str) -> Iterator[Body]:
    """Bodies that have data in a dataset, of the given kinds (all where none is given), in order of id."""
    absent = _absences().get(dataset, frozenset())
    return (body for body in bodies() if body.id not in absent and (not kinds or body.kind in kinds))


def dice(seed: int, dataset: str, entity: str = "") -> random.Random:
    """Numbers of one body in one dataset, independent of every other's."""
    return random.Random(f"{seed}/{dataset}/{entity}")  # noqa: S311 - a sample has to come out the same, not to be secret


def merit(seed: int, body: Body) -> float:
    """How well run a body is, about -1.5 to 1.5: what makes its measures go together, as they do in life."""
    return dice(seed, "merit", body.id).uniform(-1.5, 1.5)


def fixed(value: float, places: int = 0) -> Decimal:
    """The value rounded to so many decimals, exactly as it is written."""
    return Decimal(f"{value:.{places}f}")


def share(value: float) -> float:
    """The value kept between 0 and 1."""
    return min(1.0, max(0.0, value))
