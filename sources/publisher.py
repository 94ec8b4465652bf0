"""What the register says about one publisher, and what its kind of organisation has to publish.

Belongs here: the models. Does not belong here: the register as a whole (registry), or reading YAML (written_yaml).
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from sources.errors import RegistryError
from sources.places import Places, Slug, WebAddress
from sources.schema.model import codes
from sources.written_yaml import read_model

HERE = Path(__file__).parent
ID_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def code_of(list_name: str) -> AfterValidator:
    """Refuses what is not in a code list of sources/schema."""

    def check(value: str) -> str:
        if value not in codes(list_name):
            raise ValueError(f"{value!r} is not in the code list {list_name}: {', '.join(codes(list_name))}")
        return value

    return AfterValidator(check)


Kind = Annotated[str, code_of("organisation_kinds")]
Family = Annotated[str, code_of("organisation_families")]
Series = Annotated[str, code_of("series")]
AmountBasis = Annotated[str, code_of("amount_bases")]
DateOrder = Annotated[str, code_of("date_orders")]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class EarlierName(Model):
    """`until` is the first day on which the name was no longer used."""

    name: Text
    until: date


class Threshold(Model):
    """Value in GBP from which a transaction is published. Holds on `from` and later, before `until`."""

    series: Series
    start: date = Field(alias="from")
    until: date | None = None
    amount_gbp: Money
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Threshold:
        if self.until is not None and self.until <= self.start:
            raise ValueError(f"until {self.until} is not after from {self.start}")
        return self

    def holds(self, series: str, on: date) -> bool:
        return self.series == series and self.start <= on and (self.until is None or on < self.until)


class Change(Model):
    """A machinery-of-government change: the other body, the day, and what passed."""

    id: Text
    date: date
    what: Text


class Quirks(Model):
    """What a body's files mean where they do not say so themselves. Declared, never guessed."""

    amount_basis: AmountBasis | None = None
    date_order: DateOrder | None = None


class Citation(Model):
    fact: Text
    source: Text


class Checked(Model):
    """When somebody last compared the entry with its sources, and how."""

    date: date
    how: Text


class Duty(Model):
    """What a kind of organisation has to publish, unless an entry says otherwise. `start` is None where nothing is required."""

    start: date | None = None
    thresholds: tuple[Threshold, ...] = ()
    source: Text


class Publisher(Model):
    """One organisation of the register."""

    is_registered: ClassVar[bool] = True

    id: str = Field(min_length=1, max_length=200)
    name: Text
    earlier_names: tuple[EarlierName, ...] = ()
    abbreviations: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    kind: Kind
    family: Family
    parent_id: str | None = None
    govuk_slug: Slug | None = None
    website: WebAddress | None = None
    duty_start: date | None = None
    duty_end: date | None = None
    thresholds: tuple[Threshold, ...] = ()
    predecessors: tuple[Change, ...] = ()
    sources: Places = Places()
    quirks: Quirks = Quirks()
    citations: tuple[Citation, ...] = ()
    checked: Checked | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Publisher:
        if self.duty_start and self.duty_end and self.duty_end <= self.duty_start:
            raise ValueError(f"duty_end {self.duty_end} is not after duty_start {self.duty_start}")
        untils = [earlier.until for earlier in self.earlier_names]
        if untils != sorted(set(untils)):
            raise ValueError("earlier_names are not in order of until, oldest first")
        for one, other in zip(self.thresholds, self.thresholds[1:], strict=False):
            if one.series == other.series and (one.until is None or one.until > other.start):
                raise ValueError(
                    f"thresholds of {one.series} from {one.start} and from {other.start} overlap or are out of order"
                )
        return self

    @property
    def _duty(self) -> Duty:
        return duties().get(self.kind, Duty(source="none known"))

    @property
    def due_from(self) -> date | None:
        """First day for which spending has to be published; None where no duty is known."""
        return self.duty_start or self._duty.start

    def threshold(self, series: str, on: date) -> Decimal | None:
        """Threshold in GBP of a series on a day: the body's own, else its kind's. None where none is known."""
        for threshold in (*self.thresholds, *self._duty.thresholds):
            if threshold.holds(series, on):
                return threshold.amount_gbp
        return None

    def fingerprint(self) -> str:
        """SHA-256 of the entry's facts: citations, the day it was checked, order and comments of the YAML make no difference."""
        facts = self.model_dump_json(exclude={"citations", "checked"})
        return hashlib.sha256(facts.encode()).hexdigest()


class UnregisteredPublisher(Publisher):
    """Stands in for a publisher without an entry, so that its files can be read with defaults."""

    is_registered: ClassVar[bool] = False


@cache
def duties() -> dict[str, Duty]:
    """Duty by kind of organisation, for publishers that declare nothing of their own."""
    problems: list[str] = []
    path = HERE / "codelists" / "publication_duties.yaml"
    loaded = read_model(path, problems, TypeAdapter(dict[Kind, Duty]).validate_python)
    if loaded is None:
        raise RegistryError("\n".join(problems))
    return loaded
