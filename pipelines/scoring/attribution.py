"""Money to outcomes that several departments share: spread by attribution, conserved to the penny."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pipelines.scoring.arrays import FloatArray

BASES = ("published_mapping", "cofog_2", "equal_split")
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Attribution:
    """One row of the register: the share `alpha` of a programme's year that goes to an outcome, and on what basis."""

    department: str
    programme: str
    outcome: str
    year: str
    alpha: float
    basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Pence from a department's programme to an outcome in a year: one ribbon of a Sankey."""

    department: str
    programme: str
    outcome: str
    year: str
    pence: int


def equal_split(department: str, programme: str, year: str, outcomes: Sequence[str]) -> list[Attribution]:
    """The last resort, of low confidence: every outcome the same share. ValueError without outcomes."""
    if not outcomes:
        raise ValueError("there is no outcome to split between")
    share = 1.0 / len(outcomes)
    return [Attribution(department, programme, o, year, share, "equal_split", "low") for o in sorted(outcomes)]


def spread(pence: int, shares: Sequence[float]) -> list[int]:
    """Whole pence by shares that add up to 1, none lost: the largest remainders get the pence that rounding leaves.

    Negative totals (refunds) are spread as their opposite. ValueError where shares do not add up to 1 or one is negative.
    """
    if not (all(share >= 0 for share in shares) and abs(sum(shares) - 1.0) <= TOLERANCE):
        raise ValueError(f"shares {list(shares)} must not be negative and must add up to 1")
    exact_total = sum(map(Fraction, shares), Fraction(0))
    exact = [abs(pence) * Fraction(share) / exact_total for share in shares]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], i))
    for place in by_remainder[: abs(pence) - sum(whole)]:
        whole[place] += 1
    return [amount if pence >= 0 else -amount for amount in whole]


def outcome_flows(spending: dict[tuple[str, str, str], int], register: Sequence[Attribution]) -> list[Flow]:
    """Spending in pence by (department, programme, year) as flows to outcomes, in total order of their names.

    ValueError where spending has no attribution or its alphas do not add up to 1; ArithmeticError if total out is not
    total in. Source: METHOD, Joined-up outcomes.
    """
    rows: dict[tuple[str, str, str], list[Attribution]] = defaultdict(list)
    for row in register:
        rows[(row.department, row.programme, row.year)].append(row)
    flows: list[Flow] = []
    for key, pence in sorted(spending.items()):
        shared = sorted(rows.get(key, []), key=lambda row: row.outcome)
        if not shared:
            raise ValueError(f"{' / '.join(key)} has no attribution: add it to the register or split it equally")
        try:
            amounts = spread(pence, [row.alpha for row in shared])
        except ValueError as wrong:
            raise ValueError(f"{' / '.join(key)}: {wrong}") from wrong
        flows += [
            Flow(key[0], key[1], row.outcome, key[2], amount) for row, amount in zip(shared, amounts, strict=True)
        ]
    if sum(flow.pence for flow in flows) != sum(spending.values()):
        raise ArithmeticError("attribution lost or made money")
    return flows


def outcome_spend(flows: Sequence[Flow]) -> dict[tuple[str, str], int]:
    """Pence by (outcome, year) over all departments."""
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for flow in flows:
        totals[(flow.outcome, flow.year)] += flow.pence
    return dict(sorted(totals.items()))


def fragmentation(shares: FloatArray) -> float:
    """S7 = 1 - sum(share^2) of one outcome's spending over departments: 0 for one department, near 1 for many."""
    _check(shares)
    return float(1.0 - (shares**2).sum())


def non_lead_share(shares: FloatArray) -> float:
    """1 - the largest department's share."""
    _check(shares)
    return float(1.0 - shares.max())


def mismatch(cost_shares: FloatArray, benefit_shares: FloatArray) -> float:
    """I12 = 0.5 sum |cost share - benefit share| over bodies, 0 where who pays is who gains, 1 where they are others.

    ValueError for shares that do not add up to 1, or lists of different bodies.
    """
    _check(cost_shares)
    _check(benefit_shares)
    if cost_shares.shape != benefit_shares.shape:
        raise ValueError("cost and benefit shares must be of the same bodies")
    return float(0.5 * np.abs(cost_shares - benefit_shares).sum())


CONCENTRATION = {"high": 200.0, "medium": 50.0, "low": 10.0}
"""Of the Dirichlet draws by the confidence of a share: with an equal split in two, 95% of the draws of low confidence lie between
0.21 and 0.79, of high between 0.43 and 0.57. The project's choice."""


def alpha_draws(alphas: FloatArray, concentration: float, draws: int, generator: np.random.Generator) -> FloatArray:
    """Attributions that could have been, from Dirichlet(concentration x alpha): (draws, outcomes), each adding up to 1.

    Low confidence is a low concentration. An alpha of 0 stays 0.
    """
    _check(alphas)
    drawn = np.zeros((draws, len(alphas)))
    drawn[:, alphas > 0] = generator.dirichlet(concentration * alphas[alphas > 0], size=draws)
    return drawn


def _check(shares: FloatArray) -> None:
    if not (np.all(shares >= 0) and abs(float(shares.sum()) - 1.0) <= TOLERANCE):
        raise ValueError(f"shares {shares.tolist()} must not be negative and must add up to 1")
