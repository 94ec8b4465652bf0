"""One body's index from one release to the next, as a waterfall: the four stages put together from assembled scores."""

from __future__ import annotations

from collections import defaultdict

from pipelines.scoring.arrays import BoolArray, FloatArray
from pipelines.scoring.composite.structure import Structure
from pipelines.scoring.explain.lmdi import index_change
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
    coverage: dict[str, float] = defaultdict(float)
    for item, amount in (
        *zip(structure.measures, change.coverage.tolist(), strict=True),
        *zip(structure.pillars, change.pillar_coverage.tolist(), strict=True),
    ):
        coverage[item] += amount
    return waterfall(
        published=published,
        revised=revised,
        restated=change.start,
        end=change.end,
        coverage=coverage,
        performance=dict(zip(structure.measures, change.performance.tolist(), strict=True)),
    )
