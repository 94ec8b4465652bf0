"""Variance-based sensitivity: how much of the spread of a result each of its uncertain inputs makes, alone and in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from pipelines.scoring.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """First-order `first` and total-order `total` shares, (inputs, ...); `variance` (...) of the output. NaN where it is 0."""

    first: FloatArray
    total: FloatArray
    variance: FloatArray


def design(points: int, inputs: int) -> tuple[FloatArray, FloatArray]:
    """The base samples A and B, each (points, inputs) in [0, 1): two halves of one Sobol sequence in 2 d dimensions.

    `points` must be a power of two, for which the sequence is balanced. Without scrambling there is no chance in it.
    """
    if points < 2 or points & (points - 1):
        raise ValueError(f"{points} points: a Sobol design needs a power of two")
    sample = qmc.Sobol(2 * inputs, scramble=False).random_base2(points.bit_length() - 1)
    return np.asarray(sample[:, :inputs]), np.asarray(sample[:, inputs:])


def sensitivity(model: Callable[[FloatArray], FloatArray], inputs: int, points: int) -> Sensitivity:
    """S_i and ST_i of `model`, which takes (rows, inputs) in [0, 1) to (rows, ...), by the N (d + 2) design.

    S_i = mean(y_B (y_ABi - y_A))/V and ST_i = sum((y_A - y_ABi)^2)/(2 N V); ABi is A with column i from B, V the sample
    variance of y_A and y_B together. The model is called d + 2 times with `points` rows. y is not centred, as in COINr; on
    small designs S_i may leave [0, 1]. Source: METHOD, Uncertainty; Saltelli et al. (2010), Jansen (1999).
    """
    a, b = design(points, inputs)
    y_a, y_b = model(a), model(b)
    variance = np.concatenate([y_a, y_b]).var(axis=0, ddof=1)
    divisor = np.where(variance > 0, variance, np.nan)
    first, total = [], []
    for column in range(inputs):
        mixed = a.copy()
        mixed[:, column] = b[:, column]
        y_mixed = model(mixed)
        first.append((y_b * (y_mixed - y_a)).mean(axis=0) / divisor)
        total.append(((y_a - y_mixed) ** 2).sum(axis=0) / (2.0 * points * divisor))
    return Sensitivity(np.stack(first), np.stack(total), np.asarray(variance))
