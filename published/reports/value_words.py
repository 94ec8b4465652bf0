"""A measure's value in words: with its unit, and with what is known of its error.

Belongs here: how a number reads. Does not belong here: where it is shown (scorecards, the command `score`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

THOUSAND = 1000
UNITS = {
    "%": "{}%", "% a year": "{}% a year", "pp": "{} percentage points", "GBP": "£{}", "GBP/unit": "£{} a unit",
    "0-1": "{} of 1", "0-100": "{} of 100", "0-10000": "{} of 10,000",
    "share": "{} of the whole", "probability": "a chance of {}", "share of the planned change": "{} of the planned change",
}  # fmt: skip
"""How a value reads beside its unit, where the unit's own name would read as a code."""
Z90 = 1.6448536269514722
"""Standard errors to either side of a value that a normal interval of 90% reaches."""
POSSIBLE = {"%": (0.0, 100.0), "0-100": (0.0, 100.0), "0-1": (0.0, 1.0), "share": (0.0, 1.0), "probability": (0.0, 1.0)}
"""What the values of a unit can be."""


def shown(row: Mapping[str, Any]) -> str:
    """A value of a measure, as mart_measure_values holds it, with its unit in words."""
    return "without end" if row["is_unbounded"] else _in_words(row["value"], row["measure_unit"])


def between(row: Mapping[str, Any]) -> str:
    """The 90% interval of a value with a known error, within what its unit can be; else its bounds by what is missing; else nothing."""
    if row["is_unbounded"]:
        return ""
    value, unit = row["value"], row["measure_unit"]
    if row["value_se"]:
        low, high = POSSIBLE.get(unit, (float("-inf"), float("inf")))
        ends = (max(value - Z90 * row["value_se"], low), min(value + Z90 * row["value_se"], high))
        return f"90% interval {_number(ends[0])} to {_number(ends[1])}"
    if row["value_low"] is not None and row["value_high"] is not None and row["value_low"] < row["value_high"]:
        return f"{_number(row['value_low'])} to {_number(row['value_high'])}, by what is missing"
    return ""


def _in_words(value: float, unit: str) -> str:
    return ("-" if value < 0 else "") + UNITS.get(unit, f"{{}} {unit}").format(_number(abs(value)))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.4g}"
