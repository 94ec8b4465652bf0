"""Seconds and memory of the scoring engine's heavy part, on made-up bodies: `python benchmarks/scoring.py [bodies ...]`.

Per number of bodies: sampling draws, ranks, comparisons, method range and sensitivity, 32 measures and 4,096 draws.
The limits are 20 s for 60 bodies and 120 s for 500, on two cores, under 2 GiB.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from pipelines.scoring.composite.assemble import assemble
from pipelines.scoring.composite.normalise import anchors_score
from pipelines.scoring.composite.structure import build_structure
from pipelines.scoring.uncertainty.draws import DRAWS
from pipelines.scoring.uncertainty.method_range import alternatives, method_range, rank_sensitivity
from pipelines.scoring.uncertainty.ranks import p_beats, p_top_quartile, pairs_that_differ, rank_interval, ranks
from pipelines.scoring.uncertainty.sampling import sampling_draws

MEASURES = 32
AREAS = 12


def run(bodies: int) -> None:
    generator = np.random.default_rng(1)
    tree = build_structure([(f"m{i}", f"a{i % AREAS}", f"P{i % AREAS % 4 + 1}") for i in range(MEASURES)])
    anchors = np.tile([0.0, 25, 50, 75, 100], (MEASURES, 1))
    values = generator.uniform(0, 100, (bodies, MEASURES))
    values[generator.random(values.shape) < 0.1] = np.nan
    marks = [time.perf_counter()]
    drawn = sampling_draws(values, np.full(values.shape, 5.0), anchors, tree, [f"body {i}" for i in range(bodies)])
    marks.append(time.perf_counter())
    ranked = ranks(drawn.index)
    rank_interval(ranked)
    p_top_quartile(ranked)
    p_beats(drawn.index)
    pairs_that_differ(assemble(anchors_score(values, anchors), tree).index, drawn.index)
    marks.append(time.perf_counter())
    choices = alternatives(values, anchors, tree)
    method_range(choices)
    marks.append(time.perf_counter())
    rank_sensitivity(choices)
    marks.append(time.perf_counter())
    parts = dict(zip(("draws", "comparisons", "method range", "sensitivity"), np.diff(marks), strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = ", ".join(f"{name} {seconds:.1f}" for name, seconds in parts.items())
    print(
        f"{bodies} bodies x {MEASURES} measures x {DRAWS} draws: {marks[-1] - marks[0]:.1f} s ({shown}), {peak:.0f} MiB"
    )


if __name__ == "__main__":
    for count in [int(argument) for argument in sys.argv[1:]] or [60, 500]:
        run(count)
