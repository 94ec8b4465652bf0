"""How much of the money goes to how few suppliers (S1, S2). Who counts as an external supplier is decided before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from pipelines.scoring.arrays import BoolArray, FloatArray

MIN_MONTHS = 9
EXPOSED_SHARE = 0.10


def supplier_shares(amounts: Sequence[Decimal] | FloatArray) -> FloatArray:
    """Shares in [0, 1] of each supplier's total, adding up to 1; suppliers with a total of zero or below have none.

    A supplier that paid back more than it was paid is no part of the concentration. Empty where nothing is left. ValueError for
    an amount that is not known.
    """
    total = np.array([float(amount) for amount in amounts])
    if not np.all(np.isfinite(total)):
        raise ValueError("an amount is missing or not finite")
    positive = np.maximum(total, 0.0)
    whole = positive.sum()
    return np.asarray(positive / whole if whole > 0 else positive[:0], dtype=np.float64)


def hhi(shares: FloatArray, *, months: int | None = None) -> float:
    """10^4 sum s^2, from near 0 to 10,000; NaN without shares or with fewer than nine months of the year (METHOD).

    ValueError for shares that are not between 0 and 1 (per cent have to be divided by 100) or add up to more than 1. Less than 1
    is allowed: the index is then of the suppliers that are named.
    """
    if not np.all((shares >= 0) & (shares <= 1)) or shares.sum() > 1.0 + 1e-9:
        raise ValueError("shares lie between 0 and 1 and add up to 1 at most: divide per cent by 100")
    if not len(shares) or (months is not None and months < MIN_MONTHS):
        return float("nan")
    return float(1e4 * (shares**2).sum())


def effective_number(index: float) -> float:
    """10^4/HHI: as many equal suppliers would be as concentrated; NaN for an index that is not above 0."""
    return 1e4 / index if index > 0 else float("nan")


def hhi_after_merger(shares: FloatArray, first: int, second: int) -> float:
    """HHI if two suppliers, by position, were one: it rises by 2 x 10^4 s1 s2."""
    if first == second:
        raise ValueError("a supplier cannot merge with itself")
    return hhi(shares) + float(2e4 * shares[first] * shares[second])


def largest_share(shares: FloatArray) -> float:
    """S2: the largest supplier's share; NaN without shares."""
    return float(shares.max()) if len(shares) else float("nan")


def exposed(shares: FloatArray) -> BoolArray:
    """Which buyers depend on which supplier: (buyers, suppliers) shares of each buyer's external spending above 10%."""
    return np.asarray(shares > EXPOSED_SHARE, dtype=np.bool_)
