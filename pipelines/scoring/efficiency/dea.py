"""Data envelopment: each unit against the best practice that the others show. Solved by scipy's HiGHS, one programme a unit.

Says nothing of why; one odd unit can define the frontier, and with few units nearly all are on it: see is_large_enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from pipelines.scoring.arrays import FloatArray

CRS = "crs"
VRS = "vrs"
INFEASIBLE = 2
"""How scipy calls a programme without an answer."""
MOST_AT_ONCE = 4096
"""Units times frontier up to which units are solved together as one programme."""


def is_large_enough(units: int, inputs: int, outputs: int) -> bool:
    """Whether n >= max(3 (m + s), m s), below which a frontier is mostly noise. Source: measures, I9; Cooper et al. (2007)."""
    return units >= max(3 * (inputs + outputs), inputs * outputs)


def input_efficiency(
    inputs: FloatArray,
    outputs: FloatArray,
    returns: str = VRS,
    *,
    frontier: tuple[FloatArray, FloatArray] | None = None,
) -> FloatArray:
    """Theta of each unit: the least share of its inputs with which the frontier makes its outputs; (units,), 1 is on it.

    min theta s.t. X lambda <= theta x0, Y lambda >= y0, lambda >= 0 (VRS: sum lambda = 1). `inputs` (units, m) and
    `outputs` (units, s), not negative, each unit with an input and an output above 0. `frontier` gives other units'
    inputs and outputs to be measured against (theta may then exceed 1; NaN where there is no answer: with VRS for outputs
    that no mixture of the others makes, with either for a unit without an input that all others need); by default the units
    themselves. A theta of 1 can still hide slack in one input. Source: METHOD, Efficiency; Charnes, Cooper, Rhodes (1978);
    Banker, Charnes, Cooper (1984).
    """
    x, y, fx, fy = _prepared(inputs, outputs, returns, frontier)
    at_a_time = MOST_AT_ONCE // len(fx)
    if at_a_time > 1:
        parts = [
            _all_units(x[at : at + at_a_time], y[at : at + at_a_time], fx, fy, returns)
            for at in range(0, len(x), at_a_time)
        ]
        solved = [part for part in parts if part is not None]
        if len(solved) == len(parts):
            return np.concatenate(solved)
    cost = np.concatenate([[1.0], np.zeros(len(fx))])
    below = np.vstack([np.column_stack([np.zeros(x.shape[1]), fx.T]), np.column_stack([np.zeros(y.shape[1]), -fy.T])])
    theta = np.empty(len(x))
    for unit in range(len(x)):
        below[: x.shape[1], 0] = -x[unit]
        theta[unit] = _solve(cost, below, np.concatenate([np.zeros(x.shape[1]), -y[unit]]), returns)
    return theta


def _all_units(x: FloatArray, y: FloatArray, fx: FloatArray, fy: FloatArray, returns: str) -> FloatArray | None:
    """Theta of every unit as one programme of independent blocks, whose least sum is the sum of their least; (units,).

    A call of the solver costs more than a small programme, so this is several times as fast. None where a unit
    has no answer: then they are asked one by one.
    """
    n, m, s, k = len(x), x.shape[1], y.shape[1], len(fx)
    table = np.empty((n, k + 1, m + s))  # of each unit: its column of theta, then one for each of the frontier's
    table[:, 0, :m], table[:, 0, m:] = -x, 0.0
    table[:, 1:] = np.hstack([fx, -fy])
    unit, _, row = filled = np.nonzero(table)
    ends = np.concatenate([[0], np.count_nonzero(table, axis=2).cumsum()])
    blocks: Any = sparse.csc_array((table[filled], unit * (m + s) + row, ends), shape=(n * (m + s), n * (k + 1)))
    limit = np.column_stack([np.zeros((n, m)), -y]).ravel()
    cost = np.tile(np.concatenate([[1.0], np.zeros(k)]), n)
    convex: Any = None  # scipy takes sparse tables here, and its annotations do not say so
    if returns == VRS:
        counts = np.tile(np.concatenate([[0], np.ones(k, dtype=np.int64)]), n)
        ends = np.concatenate([[0], counts.cumsum()])
        convex = sparse.csc_array((np.ones(n * k), np.repeat(np.arange(n), k), ends), shape=(n, n * (k + 1)))
    solved = linprog(
        cost,
        A_ub=blocks,
        b_ub=limit,
        A_eq=convex,
        b_eq=None if convex is None else np.ones(n),
        bounds=(0, None),
        method="highs",
    )
    if solved.status != 0 or solved.x is None:
        return None
    return np.asarray(solved.x[:: k + 1], dtype=np.float64)


def output_expansion(
    inputs: FloatArray,
    outputs: FloatArray,
    returns: str = VRS,
    *,
    frontier: tuple[FloatArray, FloatArray] | None = None,
) -> FloatArray:
    """Phi of each unit: how many times its outputs the frontier makes from its inputs; (units,), 1 is on it, more is slack.

    max phi s.t. X lambda <= x0, Y lambda >= phi y0. With constant returns it is 1/theta. Arguments as input_efficiency.
    """
    x, y, fx, fy = _prepared(inputs, outputs, returns, frontier)
    cost = np.concatenate([[-1.0], np.zeros(len(fx))])
    below = np.vstack([np.column_stack([np.zeros(x.shape[1]), fx.T]), np.column_stack([np.zeros(y.shape[1]), -fy.T])])
    phi = np.empty(len(x))
    for unit in range(len(x)):
        below[x.shape[1] :, 0] = y[unit]
        phi[unit] = -_solve(cost, below, np.concatenate([x[unit], np.zeros(y.shape[1])]), returns)
    return phi


def _prepared(
    inputs: FloatArray, outputs: FloatArray, returns: str, frontier: tuple[FloatArray, FloatArray] | None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    if returns not in (CRS, VRS):
        raise ValueError(f"returns is {returns!r}: crs or vrs")
    fx, fy = (inputs, outputs) if frontier is None else frontier
    for name, table in (("inputs", inputs), ("outputs", outputs), ("frontier inputs", fx), ("frontier outputs", fy)):
        if table.ndim != 2 or not len(table):
            raise ValueError(f"{name}: a table of units by quantities is needed, one unit at least")
        wrong = np.flatnonzero(~np.all(np.isfinite(table) & (table >= 0), axis=1) | ~(table.sum(axis=1) > 0))
        if len(wrong):
            raise ValueError(
                f"{name}: unit {wrong[0] + 1} has a quantity that is missing or negative, or nothing but zeros; leave it out"
            )
    if len(inputs) != len(outputs) or len(fx) != len(fy):
        raise ValueError("inputs and outputs must list the same units")
    # Scaled to a mean of 1, so that neither units of measurement nor the solver's tolerances matter.
    by_x, by_y = _scale(fx), _scale(fy)
    return inputs / by_x, outputs / by_y, fx / by_x, fy / by_y


def _scale(table: FloatArray) -> FloatArray:
    mean = table.mean(axis=0)
    return np.asarray(np.where(mean > 0, mean, 1.0), dtype=np.float64)


def _solve(cost: FloatArray, below: FloatArray, limit: FloatArray, returns: str) -> float:
    convex = np.concatenate([[0.0], np.ones(len(cost) - 1)])[None, :] if returns == VRS else None
    solved = linprog(
        cost,
        A_ub=below,
        b_ub=limit,
        A_eq=convex,
        b_eq=None if convex is None else [1.0],
        bounds=(0, None),
        method="highs",
    )
    if solved.status == INFEASIBLE:
        return float("nan")
    if solved.status != 0 or solved.fun is None:
        raise ArithmeticError(f"the programme of a frontier was not solved: {solved.message}")
    return float(solved.fun)
