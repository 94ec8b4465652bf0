"""The lake of results: every held outcome file read into figures. Its own asset, since it is of no publisher's partition.

The ingest run takes the files' bytes and reads them on its way; here what stands is looked through and recorded.
"""

import dagster as dg

from pipelines.assets.columns import table_spec
from pipelines.assets.work import POOL
from pipelines.ingest import held_outcomes
from pipelines.outcome_lake import update_outcomes
from pipelines.work import Work
from sources.outcome_sets import declared_sets


@dg.multi_asset(
    name="read_outcomes",
    specs=[table_spec("lake_outcomes", group="ingest", kinds={"parquet"}, deps=["snapshots"])],
    required_resource_keys={"work"},
    pool=POOL,
)
def read_outcomes(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    work: Work = context.resources.work
    if work.outcomes is None:
        work.outcomes = update_outcomes(work.home, held_outcomes(work.home, work.channel), declared_sets())
    return dg.MaterializeResult(
        asset_key="lake_outcomes",
        metadata={
            "files": len(work.outcomes.files),
            "read anew": work.outcomes.read_files,
            "problems": len(work.outcomes.problems),
        },
    )
