"""A waterfall from one published figure to the next: data revision, method change, coverage, performance, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STAGES = ("data_revision", "method_change", "coverage", "performance")
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: its stage, what it is of (a measure or pillar; empty for a whole stage) and its height in points."""

    stage: str
    item: str
    amount: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From `start` to `end` in `steps`, which add up."""

    start: float
    end: float
    steps: tuple[Step, ...]

    def by_stage(self) -> dict[str, float]:
        """The sum of each stage, in order, stages without steps at 0."""
        return {stage: sum(step.amount for step in self.steps if step.stage == stage) for stage in STAGES}


def waterfall(
    *,
    published: float,
    revised: float,
    restated: float,
    end: float,
    coverage: Mapping[str, float],
    performance: Mapping[str, float],
    revision: Mapping[str, float] | None = None,
) -> Waterfall:
    """`published`: the old figure as it was. `revised`: the old period and method on today's data. `restated`: the old
    period on today's data and method. `end`: the new period. Each stage holds the later ones fixed.

    `coverage` and `performance` are the contributions from `restated` to `end` by item, `revision`
    those from `published` to `revised` where they are known by item; zeros are left out. ArithmeticError
    where the steps do not add up to within 1e-9. Source: METHOD, Why did it change.
    """
    restatements = {"": revised - published} if revision is None else revision
    steps = [Step("data_revision", item, amount) for item, amount in restatements.items() if amount != 0 or not item]
    steps.append(Step("method_change", "", restated - revised))
    steps += [Step("coverage", item, amount) for item, amount in coverage.items() if amount != 0]
    steps += [Step("performance", item, amount) for item, amount in performance.items() if amount != 0]
    residual = end - published - sum(step.amount for step in steps)
    if not abs(residual) < TOLERANCE:
        raise ArithmeticError(
            f"the waterfall leaves {residual:.3g} points unexplained: a contribution is missing or doubled"
        )
    return Waterfall(published, end, tuple(steps))
