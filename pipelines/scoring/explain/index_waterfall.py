"""One body's index from one release to the next, as a waterfall: the four stages put together from assembled scores."""

from __future__ import annotations

from collections import defaultdict

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.structure import Structure
from pipelines.scoring.explain.lmdi import IndexChange, index_change
from pipelines.scoring.explain.waterfall import Waterfall, waterfall


def index_waterfall(
    *,
    published: float,
    revised: float,
    restated: FloatArray,
    new: FloatArray,
    structure: Structure,
    applicable: BoolArray | None = None,
) -> Waterfall:
    """`published` and `revised` are the old period's index as it was and on today's data by the method of then; `restated`
    and `new` (measures,) are both periods' scores on today's data by today's method, whose tree is `structure`; `applicable`
    (measures,) says which can be asked of the body, all of them where it is not given.

    Items are measure ids, and pillar ids for pillars that came or went. ValueError where either index is withheld,
    ArithmeticError where the steps do not add up to within 1e-9. Source: METHOD, Why did it change.
    """
    change = index_change(restated, new, structure, old_applicable=applicable, new_applicable=applicable)
    return waterfall(
        published=published,
        revised=revised,
        restated=change.start,
        end=change.end,
        coverage=_coverage(change, structure),
        performance=dict(zip(structure.measures, change.performance.tolist(), strict=True)),
    )


Side = tuple[FloatArray, BoolArray, Structure]
"""Scores (measures,), which can be asked of the body (measures,), and the tree they stand in."""


def release_waterfall(published: float, then: Side, restated: Side, new: Side) -> Waterfall:
    """From the index that a release `published` to the new one, restated figures by measure.

    `then` is the published year on the data of then, `restated` the same year on today's, `new` the new year, all by today's
    method. What `published` differs from the index of `then` by is the method's: the old code is not run again, so that this is
    measured on the data of then. ValueError where an index is withheld, ArithmeticError where the steps do not add up to within
    1e-9. Source: METHOD, Why did it change.
    """
    revision = index_change(then[0], restated[0], new[2], old_applicable=then[1], new_applicable=restated[1])
    change = index_change(restated[0], new[0], new[2], old_applicable=restated[1], new_applicable=new[1])
    measures = new[2].measures
    by_item = _coverage(revision, new[2])
    for item, amount in zip(measures, revision.performance.tolist(), strict=True):
        by_item[item] += amount
    return waterfall(
        published=published,
        revised=published + (revision.end - revision.start),
        restated=change.start,
        end=change.end,
        revision=by_item,
        coverage=_coverage(change, new[2]),
        performance=dict(zip(measures, change.performance.tolist(), strict=True)),
    )


def _coverage(change: IndexChange, structure: Structure) -> dict[str, float]:
    """What measures and pillars that came or went did, by item."""
    found: dict[str, float] = defaultdict(float)
    for item, amount in (
        *zip(structure.measures, change.coverage.tolist(), strict=True),
        *zip(structure.pillars, change.pillar_coverage.tolist(), strict=True),
    ):
        found[item] += amount
    return found
