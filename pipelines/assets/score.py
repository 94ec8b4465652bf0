"""Stage score: measures, scores, trajectories and forecasts, in one step over one connection."""

import time
from collections.abc import Iterator

import dagster as dg

from pipelines.assets.columns import table_spec
from pipelines.assets.transform import TABLES
from pipelines.assets.work import POOL
from pipelines.run import score
from pipelines.scoring.build import TABLES as SCORES
from pipelines.work import Work


@dg.multi_asset(
    name="scores",
    specs=[table_spec(name, group="score", kinds={"duckdb", "numpy"}, deps=TABLES) for name in SCORES],
    required_resource_keys={"work"},
    pool=POOL,
)
def scores(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    work: Work = context.resources.work
    begun = time.perf_counter()
    made = score(work)
    seconds = round(time.perf_counter() - begun, 3)
    for name, rows in made.items():
        yield dg.MaterializeResult(
            asset_key=name, metadata={"dagster/row_count": rows, "seconds for all tables": seconds}
        )
