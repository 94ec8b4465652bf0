"""The Delivery Unit's four criteria in one index. It is an index of conditions, not a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COMPONENTS = ("likelihood", "ease", "planning", "capacity")


@dataclass(frozen=True, slots=True)
class DeliveryIndex:
    """`value` on 0-100 or NaN, the components that made it on 0-1, their weights, and the names of those missing."""

    value: float
    components: dict[str, float]
    weights: dict[str, float]
    missing: tuple[str, ...]


def delivery_index(*, p_hit: float, elapsed: float, g1: float, g2: float, s4: float, s5: float) -> DeliveryIndex:
    """100 [w P + (1-w)/3 (ease + planning + capacity)], w = 0.2 + 0.6 x elapsed share of the time.

    `g1`, `g2`, `s4`, `s5` are scores on 0-100: ease = 1 - G2/100, planning = G1/100, capacity = mean of S4 and S5 over
    100 (of the one that is there, if one is). Missing is NaN: that component leaves and the other weights are made to add
    up to 1. ValueError for a probability, a share or a score out of its range. Source: METHOD, Trajectories 5.
    """
    for name, value, top in (("p_hit", p_hit, 1), ("elapsed", elapsed, 1), ("G1", g1, 100), ("G2", g2, 100)):
        _check(name, value, top)
    for name, value in (("S4", s4), ("S5", s5)):
        _check(name, value, 100)
    w = 0.2 + 0.6 * elapsed
    people = [score for score in (s4, s5) if not np.isnan(score)]
    found = {
        "likelihood": p_hit,
        "ease": 1.0 - g2 / 100.0,
        "planning": g1 / 100.0,
        "capacity": sum(people) / len(people) / 100.0 if people else float("nan"),
    }
    declared = {name: w if name == "likelihood" else (1.0 - w) / 3.0 for name in COMPONENTS}
    held = {name: value for name, value in found.items() if not np.isnan(value)}
    total = sum(declared[name] for name in held)
    weights = {name: declared[name] / total for name in held}
    value = 100.0 * sum(weights[name] * held[name] for name in held) if held else float("nan")
    missing = [name for name in COMPONENTS if name not in held]
    missing += [name for name, score in (("S4", s4), ("S5", s5)) if np.isnan(score) and "capacity" in held]
    return DeliveryIndex(value, held, weights, tuple(missing))


def _check(name: str, value: float, top: float) -> None:
    if not np.isnan(value) and not 0 <= value <= top:
        raise ValueError(f"{name} is {value}: it lies between 0 and {top}")
