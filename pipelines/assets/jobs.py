"""The two jobs. Two, because what follows a partitioned step is skipped where the step records its partitions one by one."""

import dagster as dg

from pipelines.assets.transform import TABLES
from pipelines.scoring.build import TABLES as SCORES

INGEST, BUILD = "ingest", "build"

ingest_job = dg.define_asset_job(
    INGEST,
    selection=dg.AssetSelection.assets("snapshots", "lake_rows", "lake_files"),
    description="Fetch where the input is live, keep the bytes of the input's files and read what is new.",
)
build_job = dg.define_asset_job(
    BUILD,
    selection=dg.AssetSelection.assets("lake_outcomes", *TABLES, *SCORES, "release"),
    description="Build the warehouse from the lake, score, prove the invariants, release.",
)
