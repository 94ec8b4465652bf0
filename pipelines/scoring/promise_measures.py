"""Measures G2 to G4 of the bodies: means over their promises as these stand.

Does not belong here: how one promise stands (promise_standings).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from pipelines.scoring.promise_standings import Standing
from pipelines.scoring.rows import ValueRow

NEARLY_VALUE = 0.2
"""What a promise nearly kept (90% delivered) counts in G4: the anchor of amber-red, which METHOD gives it."""


def likelihood_value(one: Standing) -> float | None:
    """G4 of one promise: 1 met, 0.2 nearly, 0 missed, else the probability."""
    decided = {"met": 1.0, "nearly": NEARLY_VALUE, "missed": 0.0}
    if one.verdict in decided and one.target.target_date is not None:
        return decided[one.verdict]
    return one.p_hit


def body_values(found: Mapping[date, Sequence[Standing]]) -> dict[str, list[ValueRow]]:
    """G2, G3 and G4 by body and financial year: means over its promises whose date lies in the year or after it."""
    reasons = {
        "G2": "no promise with a way still to go and two peers",
        "G3": "no promise with a planned change, or its band",
        "G4": "too early to judge: fewer than four values",
    }
    rows: dict[str, list[ValueRow]] = {name: [] for name in reasons}
    for end, standing in sorted(found.items()):
        bodies: dict[str, list[Standing]] = defaultdict(list)
        for one in standing:
            due = one.target.target_date
            if (
                one.known_until is not None
                and (due is None or due > end.replace(year=end.year - 1))
                and (one.known_until > end.replace(year=end.year - 1))
            ):
                bodies[one.target.body_id].append(one)
        for body, own in sorted(bodies.items()):
            for name, values in (
                ("G2", [one.ambition for one in own]),
                ("G3", [one.position for one in own]),
                ("G4", [likelihood_value(one) for one in own]),
            ):
                known = [value for value in values if value is not None]
                mean = float(np.mean(known)) if known else None
                rows[name].append(ValueRow(body, end, mean, n=len(known), reason=None if known else reasons[name]))
    return rows
