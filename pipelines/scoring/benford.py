"""First digits of amounts against Benford's law: a diagnostic of data, never a score and never an accusation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipelines.scoring.arrays import FloatArray, IntArray

ABOVE = Decimal(100000)
MIN_PAYMENTS = 1000
NIGRINI = ((0.006, "close"), (0.012, "acceptable"), (0.015, "marginal"))


@dataclass(frozen=True, slots=True)
class FirstDigits:
    """Counts of the digits 1-9, mean absolute deviation from Benford's shares, and Nigrini's word; None where too few."""

    counts: IntArray
    deviation: float | None
    verdict: str | None


def expected_shares() -> FloatArray:
    """log10(1 + 1/d) for d = 1 ... 9. Source: Benford (1938)."""
    return np.asarray(np.log10(1.0 + 1.0 / np.arange(1, 10)), dtype=np.float64)


def conformity(deviation: float) -> str:
    """Nigrini's (2012) words for first digits: close to 0.006, acceptable to 0.012, marginal to 0.015, else nonconforming."""
    return next((word for limit, word in NIGRINI if deviation <= limit), "nonconforming")


def first_digits(payments: Sequence[Decimal], *, above: Decimal = ABOVE, minimum: int = MIN_PAYMENTS) -> FirstDigits:
    """Of payments (transactions, not lines) above £100,000, from 1,000 of them on (METHOD).

    Above the publication threshold by a good way, because a threshold cuts the digits that Benford's law counts.
    """
    digits = [int(str(payment.copy_abs().normalize().as_tuple().digits[0])) for payment in payments if payment > above]
    counts = np.bincount(np.array(digits, dtype=np.int64), minlength=10)[1:].astype(np.int64)
    if len(digits) < minimum:
        return FirstDigits(counts, None, None)
    deviation = float(np.abs(counts / len(digits) - expected_shares()).mean())
    return FirstDigits(counts, deviation, conformity(deviation))
