"""When a month's list has to be published: the rule declared in codelists/publication_timetable.yaml.

Belongs here: month -> due date. Does not belong here: whether a body has a duty at all, and since when (publisher), or
what became of it (quality_checks.calendar).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from sources.errors import RegistryError
from sources.places import WebAddress
from sources.publisher import HERE, Kind, Model, Series, Text
from sources.written_yaml import read_model

PATH = HERE / "codelists" / "publication_timetable.yaml"


class Timing(Model):
    """One entry. `period_months` is the length of the period that is published together, from January on."""

    kind: Kind | Literal["any"]
    series: Series
    start: date = Field(alias="from")
    period_months: Literal[1, 3, 12]
    months_after: Annotated[int, Field(ge=0, le=24)]
    not_before: date | None = None
    clause: Text
    source: WebAddress
    is_verified: bool

    def due_date(self, month: date) -> date:
        """Last day on which the list that holds `month` (its first day) is on time."""
        months = month.year * 12 + month.month - 1
        last_of_period = months - months % self.period_months + self.period_months - 1
        due = last_of_month(_month(last_of_period + self.months_after))
        return max(due, self.not_before) if self.not_before else due


@cache
def timetable() -> tuple[Timing, ...]:
    """Every entry, in the order in which they are tried. Raises RegistryError where the file is wrong."""
    problems: list[str] = []
    loaded = read_model(PATH, problems, TypeAdapter(tuple[Timing, ...]).validate_python)
    if loaded is None:
        raise RegistryError("\n".join(problems))
    return loaded


def timing(kind: str, series: str, month: date) -> Timing | None:
    """The entry for a kind's series in a month; None where none is declared."""
    for one in timetable():
        if one.kind in {kind, "any"} and one.series == series and one.start <= month:
            return one
    return None


def last_of_month(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from that of `first` to that of `last`."""
    begin, end = (one.year * 12 + one.month - 1 for one in (first, last))
    return [_month(number) for number in range(begin, end + 1)]


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
