"""Money of one year in the prices of another. The deflator's vintage is kept with every figure by whoever calls this."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipelines.scoring.arrays import FloatArray


def real_terms(nominal: FloatArray | float, deflator: FloatArray | float, base: float) -> FloatArray:
    """Nominal x D_base/D_t. Source: METHOD, Real terms; HM Treasury GDP deflators. ValueError for a deflator not above 0."""
    if not np.all(np.asarray(deflator) > 0) or not base > 0:
        raise ValueError("a deflator is above 0: check the vintage that was read")
    return np.asarray(np.asarray(nominal) * base / np.asarray(deflator), dtype=np.float64)


def in_prices_of(nominal: float, year: str, base_year: str, deflators: Mapping[str, float]) -> float:
    """The same by the names of the years. KeyError, naming the year, where the deflator does not reach it."""
    for wanted in (year, base_year):
        if wanted not in deflators:
            raise KeyError(f"no deflator for {wanted}: it reaches from {min(deflators)} to {max(deflators)}")
    return float(real_terms(nominal, deflators[year], deflators[base_year]))


def growth(old: float, new: float) -> float:
    """new/old - 1, of cash or of real terms as given. ValueError where there was nothing to grow from."""
    if old == 0:
        raise ValueError("growth from 0 has no rate")
    return new / old - 1.0
