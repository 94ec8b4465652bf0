"""Public service productivity as the Office for National Statistics measures it. ONS: it is not value for money."""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray


def chained_volume(unit_costs: FloatArray, quantities: FloatArray, *, start: float = 100.0) -> FloatArray:
    """O_t = O_{t-1} sum(c_{t-1} a_t)/sum(c_{t-1} a_{t-1}): a chained Laspeyres volume, (periods, activities) to (periods,).

    Costs in money a unit, quantities in the activities' own units; outputs or inputs alike. An activity that begins has
    no cost in the year before and enters the year after. ValueError where a year's total is not above 0. Source: METHOD,
    Efficiency; Atkinson (2005).
    """
    weighed = unit_costs[:-1]
    base = (weighed * quantities[:-1]).sum(axis=1)
    if not np.all(base > 0):
        raise ValueError("a year's quantities at its unit costs add up to nothing: the chain cannot go on from it")
    growth = (weighed * quantities[1:]).sum(axis=1) / base
    return np.asarray(start * np.concatenate([[1.0], np.cumprod(growth)]), dtype=np.float64)


def quality_adjusted(output: FloatArray, quality: FloatArray) -> FloatArray:
    """Output times an index of quality that is 1 in the base period: (periods,)."""
    return np.asarray(output * quality, dtype=np.float64)


def productivity(output: FloatArray, inputs: FloatArray) -> FloatArray:
    """100 x output/inputs, both index numbers with the same base. ValueError for inputs that are not above 0."""
    if not np.all(inputs > 0):
        raise ValueError("inputs must be above 0: nothing is made of nothing")
    return np.asarray(100.0 * output / inputs, dtype=np.float64)


def annual_growth_pct(index: FloatArray, years: int = 3) -> float:
    """Annualised growth over the last `years` periods in per cent a year, compound; NaN where there are too few periods.

    ValueError for an index that is not above 0 at either end, or for no years at all.
    """
    if years < 1:
        raise ValueError(f"{years} years: growth is over one year or more")
    if len(index) <= years:
        return float("nan")
    if not (index[-1] > 0 and index[-1 - years] > 0):
        raise ValueError("an index has to be above 0 to have a rate of growth")
    return float(100.0 * ((index[-1] / index[-1 - years]) ** (1.0 / years) - 1.0))
