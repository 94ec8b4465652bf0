"""Funnel limits: which units of a family differ from it by more than chance and the family's own variety explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import FloatArray

LIMIT_95 = 1.96
LIMIT_998 = 3.0902
WINSORISED = 0.1


@dataclass(frozen=True, slots=True)
class Funnel:
    """The family's share, the additive variance `tau2`, and each unit's distance `z` from the share in its own deviations."""

    centre: float
    tau2: float
    z: FloatArray

    def outside(self, limit: float = LIMIT_998) -> int:
        return int((np.abs(self.z) > limit).sum())


def limits(share: float, n: FloatArray | float, limit: float, tau2: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """The share -/+ limit sqrt(p (1 - p)/n + tau^2), kept within [0, 1]; for drawing, over any sizes n.

    ValueError for a share outside [0, 1], a size that is not above 0, or a negative tau^2.
    """
    if not 0 <= share <= 1 or not np.all(np.asarray(n) > 0) or not tau2 >= 0:
        raise ValueError("a funnel has a share between 0 and 1, sizes above 0 and a variance that is not negative")
    spread = np.sqrt(share * (1.0 - share) / np.asarray(n, dtype=np.float64) + tau2)
    return np.asarray(np.clip(share - limit * spread, 0.0, 1.0)), np.asarray(np.clip(share + limit * spread, 0.0, 1.0))


def funnel(events: FloatArray, n: FloatArray, *, overdispersed: bool = True) -> Funnel:
    """Shares of (units,) events in n against their total's. tau^2 is additive, by the method of moments on z winsorised
    at the 10% and 90% quantiles, so that the outliers looked for do not widen the funnel themselves.

    phi = mean(z^2); tau^2 = max(0, (I phi - (I - 1))/(sum w - sum w^2/sum w)), w = 1/s^2. Source: Spiegelhalter (2005),
    Handling over-dispersion of performance indicators; METHOD, Index 4 (with it 3 of 122 trusts, without it 107).
    ValueError for sizes that are not above 0 or events outside 0 to n.
    """
    if not len(n) or not np.all(n > 0) or not np.all((events >= 0) & (events <= n)):
        raise ValueError(
            "a funnel has a unit at least, each with a size above 0 and between none and all of it as events"
        )
    centre = float(events.sum() / n.sum())
    within = centre * (1.0 - centre) / n
    if centre in (0.0, 1.0):
        return Funnel(centre, 0.0, np.zeros(len(n)))
    z = (events / n - centre) / np.sqrt(within)
    if not overdispersed or len(n) < 2:
        return Funnel(centre, 0.0, np.asarray(z))
    inner = np.clip(z, *np.quantile(z, [WINSORISED, 1.0 - WINSORISED]))
    count, w = len(n), 1.0 / within
    surplus = float((inner**2).sum()) - (count - 1)
    tau2 = max(0.0, surplus / float(w.sum() - (w**2).sum() / w.sum()))
    return Funnel(centre, tau2, np.asarray((events / n - centre) / np.sqrt(within + tau2)))
