"""Seconds and memory of the scoring engine's heavy part, on made-up bodies: `python benchmarks/scoring.py [bodies ...]`.

Per number of bodies: sampling draws, ranks, comparisons, method range and sensitivity, 32 measures and 4,096 draws; first the
library alone, then the pipeline's own way from rows of values to the tables of a warehouse, whose scored measures are 29.
The limits are 20 s for 60 bodies and 120 s for 500, on two cores, under 2 GiB. Processor time stands beside the clock's.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

import duckdb
import numpy as np

from pipelines.scoring.bodies import Body
from pipelines.scoring.build import families_of
from pipelines.scoring.catalogue import measures
from pipelines.scoring.composite.assemble import assemble
from pipelines.scoring.composite.normalise import anchors_score
from pipelines.scoring.composite.structure import build_structure
from pipelines.scoring.draw_tables import draw_rows
from pipelines.scoring.measure_tables import value_rows
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.score_tables import comparison_rows, score_rows, sensitivity_rows
from pipelines.scoring.tables import write
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


def run_tables(bodies: int) -> None:
    """Values of two years of every measure -> scores, ranks, sensitivity, as rows of the warehouse's tables."""
    generator = np.random.default_rng(1)
    chosen = measures()
    family = {f"body-{at}": Body(f"body-{at}", f"Body {at}", "made-up", "") for at in range(bodies)}
    years = [date(2024, 3, 31), date(2025, 3, 31)]
    rows: dict[str, list[ValueRow]] = {one.id: [] for one in chosen}
    for one in chosen:
        if one.anchors is None or one.applies_to:
            continue
        low, high = one.anchors[0], one.anchors[-1]
        for body in family:
            rows[one.id] += [
                ValueRow(body, year, low + float(generator.uniform()) * (high - low), se=0.05 * abs(high - low))
                for year in years
                if generator.random() > 0.1
            ]
    begun, used = time.perf_counter(), time.process_time()
    found = families_of(rows, family, chosen, is_sample=True)
    scored = time.perf_counter()
    with duckdb.connect() as con:
        values = value_rows(chosen, rows, family, found, date(2025, 6, 30), is_sample=True)
        write(con, "mart_measure_values", values)
        write(con, "mart_scores", score_rows(found, chosen, family))
        write(con, "mart_score_draws", draw_rows(found, family))
        write(con, "mart_comparisons", comparison_rows(found))
        write(con, "mart_sensitivity", sensitivity_rows(found))
        (ranked,) = con.execute("SELECT count(rank) FROM mart_scores").fetchall()[0]
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{bodies} bodies through the pipeline's tables: {ended - begun:.1f} s (scores {scored - begun:.1f}, tables "
        f"{ended - scored:.1f}; processor {time.process_time() - used:.1f}), {ranked} ranked, {peak:.0f} MiB"
    )


if __name__ == "__main__":
    for count in [int(argument) for argument in sys.argv[1:]] or [60, 500]:
        run(count)
        run_tables(count)
