"""Whether an index may be shown, and if not, why: METHOD's rules, each with a reason code that a page can explain."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.assemble import MIN_PILLARS, LevelWeights
from pipelines.scoring.composite.structure import Structure

MAX_YEARS_APART = 3.0
MIN_FAMILY = 10

TOO_FEW_PILLARS = "too_few_pillars"
REQUIRED_PILLAR_MISSING = "required_pillar_missing"
PERIODS_TOO_FAR_APART = "periods_too_far_apart"
FAMILY_TOO_SMALL = "family_too_small"


def period_spread(periods: FloatArray, used: BoolArray) -> FloatArray:
    """Years between the newest and the oldest measure used: (units, measures) of decimal years to (units,)."""
    newest = np.where(used, periods, -np.inf).max(axis=-1)
    oldest = np.where(used, periods, np.inf).min(axis=-1)
    return np.asarray(np.where(used.any(axis=-1), newest - oldest, 0.0), dtype=np.float64)


def withheld_reasons(weights: LevelWeights, structure: Structure, periods: FloatArray) -> list[str | None]:
    """Per unit the first rule that withholds its index, or None where it may be shown (if its family is large enough).

    `periods` (units, measures) holds the end of each value's period as a decimal year; only measures with a weight count.
    """
    required = np.array([pillar in structure.required for pillar in structure.pillars])
    pillars = weights.pillar_known
    lacking = ~np.all(pillars | ~required, axis=-1)
    few = pillars.sum(axis=-1) < MIN_PILLARS
    in_index = weights.pillars[..., structure.pillar_of[structure.area_of]] > 0
    far = period_spread(periods, (weights.measures > 0) & in_index) > MAX_YEARS_APART
    reasons: list[str | None] = []
    for is_lacking, is_few, is_far in zip(lacking, few, far, strict=True):
        if is_lacking:
            reasons.append(REQUIRED_PILLAR_MISSING)
        elif is_few:
            reasons.append(TOO_FEW_PILLARS)
        else:
            reasons.append(PERIODS_TOO_FAR_APART if is_far else None)
    return reasons


def family_reasons(reasons: list[str | None], families: list[str], *, minimum: int = MIN_FAMILY) -> list[str | None]:
    """The same list with every remaining index of a family withheld until `minimum` of its bodies qualify."""
    qualify: dict[str, int] = {}
    for reason, family in zip(reasons, families, strict=True):
        qualify[family] = qualify.get(family, 0) + (reason is None)
    return [
        reason or (None if qualify[family] >= minimum else FAMILY_TOO_SMALL)
        for reason, family in zip(reasons, families, strict=True)
    ]
