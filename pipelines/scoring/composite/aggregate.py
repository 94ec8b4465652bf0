"""Many scores to one: arithmetic, geometric and Copeland. Missing values drop out and the weights are renormalised.

Scores have shape (..., criteria), weights broadcast against it; the result loses the last axis. NaN where no criterion
with a positive weight is known.
"""

from __future__ import annotations

import numpy as np

from pipelines.scoring.arrays import FloatArray

SLOPE = 0.99


def positive(score: FloatArray) -> FloatArray:
    """A score z of 0-100 moved to p = 1 + 0.99 z, 1-100: the one map wherever a geometric mean is taken (METHOD, Index 1)."""
    return np.asarray(1.0 + SLOPE * score, dtype=np.float64)


def arithmetic(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean of what is known. ValueError for a negative weight; weights need not add up to 1."""
    if np.any(weights < 0):
        raise ValueError("a weight is negative")
    known = ~np.isnan(scores)
    held = np.where(known, weights, 0.0)
    total = held.sum(axis=-1)
    summed = (held * np.where(known, scores, 0.0)).sum(axis=-1)
    return np.asarray(np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan), dtype=np.float64)


def geometric(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted geometric mean of p = 1 + 0.99 z, from 1 to 100. ValueError for scores outside 0-100."""
    if np.any((scores < -1e-9) | (scores > 100 + 1e-9)):
        raise ValueError("a geometric mean takes scores between 0 and 100 only")
    return np.asarray(np.exp(arithmetic(np.log(positive(scores)), weights)), dtype=np.float64)


def outranking(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of weight on which unit a is above unit b, ties counted half: (..., units, criteria) to (..., units, units).

    Only criteria that both units have count; 0.5 where they share none. Source: COINr, `outrankMatrix`.
    """
    known = ~np.isnan(scores)
    held = np.where(known, weights, 0.0)
    filled = np.nan_to_num(scores)
    won = np.zeros((*scores.shape[:-1], scores.shape[-2]))
    both = np.zeros_like(won)
    for column in range(scores.shape[-1]):  # one criterion at a time keeps memory at units x units
        x, k, w = filled[..., column], known[..., column], held[..., column]
        pair = k[..., :, None] & k[..., None, :]
        shared = np.where(pair, np.minimum(w[..., :, None], w[..., None, :]), 0.0)
        above = np.where(pair, np.sign(x[..., :, None] - x[..., None, :]), 0.0)
        won += shared * (above + 1.0) / 2.0
        both += shared
    return np.asarray(np.where(both > 0, won / np.where(both > 0, both, 1.0), 0.5), dtype=np.float64)


def copeland(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Units beaten less units lost to, by weighted majority: (..., units, criteria) to (..., units), from -(n-1) to n-1.

    A pair within 1e-12 of half the weight is a tie. Units that have no criterion get NaN. Source: Copeland (1951); COINr,
    `a_copeland`.
    """
    majority = outranking(scores, weights) - 0.5
    empty = np.all(np.isnan(scores), axis=-1)
    itself = np.eye(scores.shape[-2], dtype=np.bool_)
    verdict = np.where((np.abs(majority) < 1e-12) | itself | empty[..., None, :], 0.0, np.sign(majority))
    return np.asarray(np.where(empty, np.nan, verdict.sum(axis=-1)), dtype=np.float64)


def copeland_score(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Copeland's count on 0-100: 50 (1 + c/(n - 1)); 50 where there is one unit only."""
    counted = copeland(scores, weights)
    rivals = (~np.isnan(counted)).sum(axis=-1, keepdims=True) - 1
    return np.asarray(50.0 * (1.0 + counted / np.maximum(rivals, 1)), dtype=np.float64)
