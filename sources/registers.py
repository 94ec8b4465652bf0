"""Registers kept by hand: targets, judgements, programmes, attribution and reasons, one promise, judgement or reform a file.

Belongs here: the models and their loaders. Does not belong here: figures (outcome_sets), or what is made of them (scoring).
Every entry cites its source and says whether it was compared with it; what could not be checked is marked, not left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from sources.errors import RegistryError
from sources.outcome_set import LongText, MetricId
from sources.places import Slug, WebAddress
from sources.publisher import HERE, Model, Text, code_of
from sources.written_yaml import read_model

E = TypeVar("E", bound="Entry")
FinancialYear = Annotated[str, Field(pattern=r"^(19|20)\d\d-\d\d$")]


class Source(Model):
    """A document, and whether the entry was compared with it. `how` says what was compared, or why it could not be."""

    citation: LongText
    url: WebAddress | None = None
    is_verified: bool
    how: LongText


class Entry(Model):
    """What every register's entries share."""

    id: Slug


class Point(Model):
    """One point of a plan."""

    day: date = Field(alias="date")
    value: float


class Target(Entry):
    """One promise with a number. Without `baseline_value` the published figure of the period that ends on `baseline_date` is taken."""

    title: Text
    outcome: Text
    dataset: Slug
    metric: MetricId
    entity: Slug
    is_for_each_entity: bool = False
    direction: Annotated[str, Field(pattern="^(higher|lower)$")]
    baseline_date: date | None = None
    baseline_value: float | None = None
    target_value: float
    target_date: date | None = None
    announced: date | None = None
    owner: Text | None = None
    owner_publisher: Slug | None = None
    plan: Annotated[str, code_of("plan_shapes")]
    points: tuple[Point, ...] = ()
    tolerance: float | None = Field(default=None, gt=0)
    superseded_by: Slug | None = None
    source: Source

    @model_validator(mode="after")
    def _plan_fits(self) -> Self:
        if (self.plan == "points") != bool(self.points):
            raise ValueError("points belong to a plan by points, and such a plan needs them")
        if self.baseline_value is not None and self.baseline_date is None:
            raise ValueError("a baseline has a date")
        if self.baseline_date and self.target_date and self.target_date <= self.baseline_date:
            raise ValueError(f"target_date {self.target_date} is not after baseline_date {self.baseline_date}")
        days = [point.day for point in self.points]
        if days != sorted(set(days)):
            raise ValueError("points are not in order of date")
        return self


class Judgement(Entry):
    """What an assessor judged of one area of one body."""

    publisher: Slug
    area: Annotated[str, Field(pattern=r"^[1-4]\.[1-9]$")]
    assessor: Text
    day: date = Field(alias="date")
    rating: Annotated[str, code_of("ratings")]
    evidence: LongText
    source: Source


class Fact(Model):
    """One fact of a programme: a promise, a change of it, or evidence."""

    kind: Annotated[str, code_of("fact_kinds")]
    day: date | None = Field(default=None, alias="date")
    text: LongText
    source: Source


class Programme(Entry):
    """A large reform. `state` is judged on the facts and as of `state_date`; it is shown, not scored."""

    title: Text
    owner_publisher: Slug | None = None
    promise: LongText
    promised_by: date | None = None
    shown_by: Text
    state: Annotated[str, code_of("programme_states")]
    state_date: date
    state_reason: LongText
    facts: tuple[Fact, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _state_rests_on_facts(self) -> Self:
        kinds = {fact.kind for fact in self.facts}
        if "promise" not in kinds:
            raise ValueError("facts hold no promise")
        if self.state in {"met", "failed", "abandoned"} and "evidence" not in kinds:
            raise ValueError(f"state {self.state} needs a fact of kind evidence")
        if self.state in {"too_early", "on_track"} and self.promised_by and self.promised_by < self.state_date:
            raise ValueError(f"state {self.state}, but the promised day had passed by {self.state_date}")
        return self

    @property
    def is_verified(self) -> bool:
        """Whether every fact was."""
        return all(fact.source.is_verified for fact in self.facts)


class Share(Model):
    """Part of a programme's spending in a year that is meant for one outcome."""

    outcome: Text
    year: FinancialYear
    alpha: Decimal = Field(ge=0, le=1, decimal_places=6)
    basis: Annotated[str, code_of("attribution_bases")]
    confidence: Annotated[str, code_of("confidences")]


class Attribution(Entry):
    """One programme of one body, divided among outcomes. The shares of a year add up to exactly 1."""

    department: Slug
    programme: Text
    shares: tuple[Share, ...] = Field(min_length=1)
    source: Source

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for year in sorted({share.year for share in self.shares}):
            of_year = [share for share in self.shares if share.year == year]
            if (total := sum(share.alpha for share in of_year)) != 1:
                raise ValueError(f"alpha of {year} adds up to {total}, not to 1")
            if len({share.outcome for share in of_year}) != len(of_year):
                raise ValueError(f"an outcome of {year} is named twice")
            if any(share.basis == "equal split" and share.confidence != "low" for share in of_year):
                raise ValueError(f"{year}: an equal split has low confidence")
        return self


class Reason(Entry):
    """Why figures may have changed: what happened, when, and which figures it touches."""

    kind: Annotated[str, code_of("change_reason_kinds")]
    title: Text
    text: LongText
    dataset: Slug | None = None
    metric: MetricId | None = None
    entity: Slug | None = None
    start: date
    end: date | None = None
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"end {self.end} is before start {self.start}")
        return self


REGISTERS: dict[str, type[Entry]] = {
    "targets": Target,
    "judgements": Judgement,
    "programmes": Programme,
    "attribution": Attribution,
    "reasons": Reason,
}


def load_register(name: str, model: type[E], folder: Path | None = None) -> list[E]:
    """Entries of sources/<name>, or of `folder`, in order of id. Raises RegistryError with all problems, one a line."""
    problems: list[str] = []
    found: list[E] = []
    for path in sorted((folder or HERE / name).glob("*.yaml")):
        one = read_model(path, problems, model.model_validate)
        if one is None:
            continue
        if one.id != path.stem:
            problems.append(f"{path}: id: {one.id!r} differs from the file's name; they have to be equal")
        found.append(one)
    problems.extend(_superseding(found))
    if problems:
        raise RegistryError(
            "\n".join([*problems, "Correct the entries named above; sources/registers.py explains every key."])
        )
    return found


def _superseding(found: list[E]) -> Iterator[str]:
    ids = {one.id for one in found}
    for one in found:
        if isinstance(one, Target) and one.superseded_by is not None and one.superseded_by not in ids:
            yield f"{one.id}: superseded_by: no entry {one.superseded_by!r}"
