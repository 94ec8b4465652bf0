"""What poor spending data leave open: bounds of shares and concentration by formula, not by chance. Never narrower for more missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipelines.scoring.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval; scalars or arrays of one shape."""

    low: FloatArray
    high: FloatArray


def unattributable_share(
    attributed: Decimal, unattributable: Decimal, missing_low: Decimal, missing_high: Decimal
) -> Interval:
    """u, the share of all money that cannot be put to a supplier, as an interval; amounts in pounds, none negative.

    `unattributable` is what is unreadable, redacted or set aside; `missing_low` to `missing_high` the money of the months
    that are not there. 1 where no money is attributed and some is not. ValueError for negative amounts or crossed ends.
    """
    if min(attributed, unattributable, missing_low) < 0 or missing_high < missing_low:
        raise ValueError("amounts must not be negative, and the missing months' interval not crossed")

    def share(missing: Decimal) -> float:
        total = attributed + unattributable + missing
        return float((unattributable + missing) / total) if total > 0 else 0.0

    return Interval(np.asarray(share(missing_low)), np.asarray(share(missing_high)))


def share_bounds(share: FloatArray, u: FloatArray | float) -> Interval:
    """[(1-u) s, (1-u) s + u]: nothing of the unattributable money, or all of it, belongs to the share s in [0, 1].

    Where u is itself an interval its upper end holds all the others. ValueError for shares outside [0, 1]. Source: METHOD,
    Uncertainty.
    """
    _check(u)
    if np.any((np.asarray(share) < 0) | (np.asarray(share) > 1)):
        raise ValueError("a share lies between 0 and 1")
    low = (1.0 - np.asarray(u)) * share
    return Interval(np.asarray(low), np.asarray(np.minimum(low + u, 1.0)))


def hhi_bounds(shares: FloatArray, u: FloatArray | float) -> Interval:
    """Bounds of HHI on 0-10,000: 10^4 (1-u)^2 H, and 10^4 [(1-u)^2 (H - s1^2) + ((1-u) s1 + u)^2].

    `shares` (..., suppliers) of the attributed money, adding up to 1, s1 the largest; H their sum of squares. Below, the
    rest went to suppliers too small and many to count; above, all of it to the largest. Source: METHOD, Uncertainty.
    """
    _check(u)
    if not (np.all(shares >= 0) and np.all(np.abs(shares.sum(axis=-1) - 1.0) <= 1e-9)):
        raise ValueError("shares must not be negative and must add up to 1")
    h = (shares**2).sum(axis=-1)
    largest = shares.max(axis=-1)
    known = 1.0 - np.asarray(u)
    low = known**2 * h
    high = known**2 * (h - largest**2) + (known * largest + u) ** 2
    return Interval(np.asarray(1e4 * low), np.asarray(np.minimum(1e4 * high, 1e4)))


def _check(u: FloatArray | float) -> None:
    if not np.all((np.asarray(u) >= 0) & (np.asarray(u) <= 1)):
        raise ValueError("u is a share of money between 0 and 1")
