"""What the uncertainty of attributed shares does to money by outcome, and to measures I12 and S7.

Belongs here: Dirichlet draws of the register's and of assumed shares, put through the formulas. Does not belong here: the
formulas of the values themselves (SQL) or the draws (attribution.alpha_draws).
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.attribution import CONCENTRATION, Attribution, alpha_draws
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertainty.draws import SEED, generator

if TYPE_CHECKING:
    import duckdb

DRAWS = 1024
ENDS = (0.05, 0.95)
Key = tuple[str, str, str]


def _by_programme(register: Sequence[Attribution]) -> dict[Key, list[Attribution]]:
    shared: dict[Key, list[Attribution]] = defaultdict(list)
    for row in sorted(register, key=lambda row: (row.department, row.programme, row.year, row.outcome)):
        shared[row.department, row.programme, row.year].append(row)
    return shared


def drawn_shares(key: Key, shares: Sequence[Attribution]) -> FloatArray:
    """Draws (draws, outcomes) of one programme's shares, as wide as its least confident share asks."""
    least = min(CONCENTRATION[row.confidence] for row in shares)
    alphas = np.array([row.alpha for row in shares])
    return alpha_draws(alphas / alphas.sum(), least, DRAWS, generator(SEED, "alpha", *key))


def amounts_between(
    spending: Mapping[Key, int], register: Sequence[Attribution]
) -> dict[tuple[str, str, str, str], tuple[Decimal, Decimal]]:
    """5% and 95% point in pounds of each programme's money to each outcome, by (department, programme, year, outcome)."""
    found: dict[tuple[str, str, str, str], tuple[Decimal, Decimal]] = {}
    for key, shares in _by_programme(register).items():
        ends = np.quantile(drawn_shares(key, shares) * spending[key], ENDS, axis=0)
        for at, row in enumerate(shares):
            low, high = sorted(Decimal(round(end)).scaleb(-2) for end in ends[:, at])
            found[*key, row.outcome] = (low, high)
    return found


def with_fragmentation_errors(con: duckdb.DuckDBPyConnection, rows: Sequence[ValueRow]) -> list[ValueRow]:
    """S7's rows with the standard deviation of their values over draws of the attribution."""
    found = con.execute(
        "SELECT entity_id, programme, outcome, period_end, alpha, confidence, spend FROM in_attributions ORDER BY ALL"
    ).fetchall()
    money: dict[tuple[date, str], dict[str, FloatArray]] = defaultdict(dict)
    register = [Attribution(row[0], row[1], row[2], row[3].isoformat(), row[4], "", row[5]) for row in found]
    spent = {(row[0], row[1], row[3].isoformat()): row[6] for row in found}
    for key, shares in _by_programme(register).items():
        drawn = drawn_shares(key, shares) * spent[key]
        for at, row in enumerate(shares):
            own = money[date.fromisoformat(row.year), row.outcome]
            own[row.department] = own.get(row.department, 0.0) + drawn[:, at]
    weighed: dict[tuple[str, date], list[FloatArray]] = {}
    for (year, _), own in sorted(money.items()):
        total = np.asarray(sum(own.values()))
        split = 1.0 - sum((part / np.where(total > 0, total, 1.0)) ** 2 for part in own.values())
        for body, part in own.items():
            above, below = weighed.setdefault((body, year), [np.zeros(DRAWS), np.zeros(DRAWS)])
            above += part * split
            below += part
    errors = {
        key: float(np.std(above / np.where(below > 0, below, 1.0), ddof=1)) for key, (above, below) in weighed.items()
    }
    return [dataclasses.replace(row, se=errors.get((row.entity_id, row.period_end))) for row in rows]


def with_mismatch_errors(con: duckdb.DuckDBPyConnection, rows: Sequence[ValueRow]) -> list[ValueRow]:
    """I12's rows with the standard deviation of their values over draws of the benefit shares, which are assumptions: low confidence."""
    found = con.execute(
        "SELECT entity_id, policy, period_end, list(cost_share ORDER BY party), list(benefit_share ORDER BY party) FROM in_burdens "
        "WHERE cost_share IS NOT NULL AND benefit_share >= 0 "
        "GROUP BY ALL HAVING abs(sum(cost_share) - 1) < 1e-6 AND abs(sum(benefit_share) - 1) < 1e-6 ORDER BY ALL"
    ).fetchall()
    by_row: dict[tuple[str, int], list[FloatArray]] = defaultdict(list)
    for entity, policy, end, costs, benefits in found:
        shares = np.array(benefits) / sum(benefits)
        dice = generator(SEED, "benefits", entity, policy, end.isoformat())
        drawn = alpha_draws(shares, CONCENTRATION["low"], DRAWS, dice)
        year = end.year if end.month <= 3 else end.year + 1
        by_row[entity, year].append(0.5 * np.abs(np.array(costs) - drawn).sum(axis=1))
    errors = {key: float(np.std(np.mean(made, axis=0), ddof=1)) for key, made in by_row.items()}
    return [dataclasses.replace(row, se=errors.get((row.entity_id, row.period_end.year))) for row in rows]
