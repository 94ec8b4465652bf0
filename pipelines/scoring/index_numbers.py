"""Price and quantity indices of a basket. Chained volumes of public services are in efficiency.productivity.

Prices and quantities have shape (items, periods), all above 0, in the items' own units; results are (periods,), 1 in the
first. A quantity index is the price index with prices and quantities exchanged. Source throughout: Producer Price Index
Manual (2004), chapters 15 to 19; Balk (2008).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.scoring.arrays import FloatArray

Bilateral = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], float]
"""(p0, p1, q0, q1), each (items,), to the index of period 1 on period 0."""


def laspeyres(p0: FloatArray, p1: FloatArray, q0: FloatArray, _q1: FloatArray) -> float:
    """sum(p1 q0)/sum(p0 q0): the old basket at new prices."""
    return float((p1 * q0).sum() / (p0 * q0).sum())


def paasche(p0: FloatArray, p1: FloatArray, _q0: FloatArray, q1: FloatArray) -> float:
    """sum(p1 q1)/sum(p0 q1): the new basket at new prices."""
    return float((p1 * q1).sum() / (p0 * q1).sum())


def fisher(p0: FloatArray, p1: FloatArray, q0: FloatArray, q1: FloatArray) -> float:
    """The geometric mean of Laspeyres and Paasche."""
    return float(np.sqrt(laspeyres(p0, p1, q0, q1) * paasche(p0, p1, q0, q1)))


def tornqvist(p0: FloatArray, p1: FloatArray, q0: FloatArray, q1: FloatArray) -> float:
    """exp(sum of mean expenditure shares x ln(p1/p0))."""
    s0, s1 = p0 * q0 / (p0 * q0).sum(), p1 * q1 / (p1 * q1).sum()
    return float(np.exp(((s0 + s1) / 2.0 * np.log(p1 / p0)).sum()))


def walsh(p0: FloatArray, p1: FloatArray, q0: FloatArray, q1: FloatArray) -> float:
    """sum(p1 sqrt(q0 q1))/sum(p0 sqrt(q0 q1)): the basket midway."""
    q = np.sqrt(q0 * q1)
    return float((p1 * q).sum() / (p0 * q).sum())


def fixed_base(formula: Bilateral, prices: FloatArray, quantities: FloatArray) -> FloatArray:
    """Each period against the first. ValueError for shapes that differ or values that are not above 0."""
    p, q = _checked(prices, quantities)
    return np.array([formula(p[:, 0], p[:, t], q[:, 0], q[:, t]) for t in range(p.shape[1])])


def chained(formula: Bilateral, prices: FloatArray, quantities: FloatArray) -> FloatArray:
    """Each period against the one before, multiplied up."""
    p, q = _checked(prices, quantities)
    links = [formula(p[:, t - 1], p[:, t], q[:, t - 1], q[:, t]) for t in range(1, p.shape[1])]
    return np.concatenate([[1.0], np.cumprod(links)])


def geks(formula: Bilateral, prices: FloatArray, quantities: FloatArray) -> FloatArray:
    """Gini, Elteto, Koves and Szulc: the geometric mean over all periods taken as the bridge. Transitive, so free of drift.

    `formula` must give the reciprocal when its periods are exchanged: fisher, tornqvist or walsh.
    """
    p, q = _checked(prices, quantities)
    periods = range(p.shape[1])
    logs = np.array([[np.log(formula(p[:, s], p[:, t], q[:, s], q[:, t])) for t in periods] for s in periods])
    # ln P(0, t) is the mean over bridges k of ln P(0, k) + ln P(k, t).
    return np.asarray(np.exp(logs[0].mean() + logs.mean(axis=0)), dtype=np.float64)


def value_index(prices: FloatArray, quantities: FloatArray) -> FloatArray:
    """sum(p_t q_t)/sum(p_0 q_0): what any price index times its matching quantity index has to give."""
    p, q = _checked(prices, quantities)
    value = (p * q).sum(axis=0)
    return np.asarray(value / value[0], dtype=np.float64)


def _checked(prices: FloatArray, quantities: FloatArray) -> tuple[FloatArray, FloatArray]:
    if prices.shape != quantities.shape or prices.ndim != 2:
        raise ValueError("prices and quantities must be tables of one shape, items by periods")
    if not (np.all(prices > 0) and np.all(quantities > 0)):
        raise ValueError("prices and quantities must be above 0 and known: leave out an item that is not")
    return prices, quantities
