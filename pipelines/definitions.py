"""Dagster's view of the work: assets by stage, the invariants as checks, and two jobs.

Two jobs, because what follows a partitioned step is skipped where the step records its partitions one by one.
"""

from __future__ import annotations

import warnings

import dagster as dg

for _category in (dg.BetaWarning, dg.PreviewWarning):
    # `backfill_policy` and partitioned checks are marked so; they are held to what we need of them by tests.
    warnings.filterwarnings("ignore", category=_category)

from pipelines.assets.ingest import read_publishers  # noqa: E402 - after the filter
from pipelines.assets.publish import release  # noqa: E402
from pipelines.assets.quality import rules  # noqa: E402
from pipelines.assets.score import scores  # noqa: E402
from pipelines.assets.transform import TABLES, warehouse  # noqa: E402
from pipelines.assets.validate import prove_invariants  # noqa: E402
from pipelines.assets.work import work_resource  # noqa: E402
from pipelines.scoring.build import TABLES as SCORES  # noqa: E402

INGEST, BUILD = "ingest", "build"

defs = dg.Definitions(
    assets=[read_publishers, warehouse, scores, release],
    asset_checks=[prove_invariants, rules],
    jobs=[
        dg.define_asset_job(
            INGEST,
            selection=dg.AssetSelection.assets("snapshots", "lake_rows", "lake_files"),
            description="Keep the bytes of the input's files and read what is new.",
        ),
        dg.define_asset_job(
            BUILD,
            selection=dg.AssetSelection.assets(*TABLES, *SCORES, "release"),
            description="Build the warehouse from the lake, score, prove the invariants, release.",
        ),
    ],
    executor=dg.in_process_executor,
    resources={"work": work_resource},
)
