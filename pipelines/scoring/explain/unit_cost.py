"""Why a unit costs more: spending, prices and volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.explain.logmean import log_mean


@dataclass(frozen=True, slots=True)
class UnitCostChange:
    """Real unit cost before and after, and the parts of its change in the same unit (pounds a unit of output, base prices)."""

    start: float
    end: float
    spending: float
    prices: float
    volume: float

    @property
    def residual(self) -> float:
        return self.end - self.start - self.spending - self.prices - self.volume


def unit_cost(spending: float, deflator: float, volume: float) -> float:
    """E/D/Q, D the deflator over its base (1 in the base year). ValueError unless all are above 0."""
    if not (spending > 0 and deflator > 0 and volume > 0):
        raise ValueError("spending, deflator and volume must be above 0 for a unit cost")
    return spending / deflator / volume


def unit_cost_logs(old: tuple[float, float, float], new: tuple[float, float, float]) -> tuple[float, float, float]:
    """The terms of d ln c = d ln E - d ln D - d ln Q for (E, D, Q) before and after: they add up to d ln c."""
    e, d, q = np.log(np.array(new) / np.array(old))
    return float(e), float(-d), float(-q)


def unit_cost_change(old: tuple[float, float, float], new: tuple[float, float, float]) -> UnitCostChange:
    """The same in money: each term times the logarithmic mean of the two unit costs. Source: METHOD, Why did it change."""
    start, end = unit_cost(*old), unit_cost(*new)
    scale = float(log_mean(start, end))
    spending, prices, volume = (scale * term for term in unit_cost_logs(old, new))
    return UnitCostChange(start, end, spending, prices, volume)
