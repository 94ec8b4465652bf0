"""What a reader of results hands on, and how a cell becomes a number.

Belongs here: the figure, and text -> number or the status that says why there is none. Does not belong here: any one
dataset.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from sources.grid import Note
from sources.outcome_readers.periods import Period

MISSING_MARKS = frozenset(
    {
        "",
        "-",
        "\N{EN DASH}",
        "\N{EM DASH}",
        "na",
        "n/a",
        "..",
        ":",
        "\N{HORIZONTAL ELLIPSIS}",
        "...",
        "[not provided]",
        "not provided",
        "null",
        "none",
    }
)
"""How published tables mark a figure that nobody gave. Compared in lower case without spaces around."""
WITHHELD_MARKS = frozenset({"*", "[c]", "c", "suppressed", "withheld"})
NOT_APPLICABLE_MARKS = frozenset({"[z]", "z", "not applicable"})
NUMBER = re.compile(r"[-+]?(?:\d[\d,]*)?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", re.ASCII)
LARGEST = Decimal("1e18")


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom a figure is about. `code` or `name` has to be there."""

    kind: str
    code: str = ""
    name: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A number with the text it was read from, or the status that says why there is none."""

    number: float | None
    raw: str = ""
    status: str = "reported"


@dataclass(slots=True)
class Figure:
    """One figure at its place. Without `metric` it only names an entity; without `entity` it only labels a metric.

    `undated` is the label of a period whose days are not known; `period` is None then.
    """

    entity: Entity | None
    metric: str
    period: Period | None
    value: Value
    sheet: str
    line: int
    column: str
    breakdown: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    sample_size: int | None = None
    flags: tuple[str, ...] = ()
    undated: str = ""


@dataclass(slots=True)
class Figures:
    """What one file gave. `reason` is a code of file_reasons where it gave nothing, with `detail` in words."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reason: str | None = None
    detail: str = ""


@lru_cache(maxsize=65536)
def read_value(text: str, scale: Decimal = Decimal(1)) -> Value:
    """Number in a cell, times `scale`: thousands separators, pounds and per cent signs, and parentheses for below zero.

    Never raises; a cell without a number has a status other than reported. No value is made up.
    """
    stripped = text.strip()
    lowered = stripped.lower()
    for marks, status in (
        (MISSING_MARKS, "missing"),
        (WITHHELD_MARKS, "withheld"),
        (NOT_APPLICABLE_MARKS, "not_applicable"),
    ):
        if lowered in marks:
            return Value(None, text[:200], status)
    bare = stripped.removeprefix("£").removesuffix("%").strip()
    is_negative = bare.startswith("(") and bare.endswith(")")
    if is_negative:
        bare = bare[1:-1].strip().removeprefix("£")
    if not bare or not NUMBER.fullmatch(bare) or not any(sign.isdigit() for sign in bare):
        return Value(None, text[:200], "unreadable")
    try:
        number = Decimal(bare.replace(",", "")) * scale
    except InvalidOperation:
        return Value(None, text[:200], "unreadable")
    if abs(number) > LARGEST:
        return Value(None, text[:200], "unreadable")
    return Value(float(-number if is_negative else number), text[:200])


def whole(text: str) -> int | None:
    """A count, or None where the cell holds no whole number that is not negative."""
    number = read_value(text).number
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def derived(number: float | None) -> Value:
    """A value of ours: without published text."""
    return Value(number, "", "reported" if number is not None else "missing")
