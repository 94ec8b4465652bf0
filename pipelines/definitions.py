"""Dagster's view of the work: assets by stage, their checks, two jobs, and when these start by themselves."""

from __future__ import annotations

import warnings

import dagster as dg

for _category in (dg.BetaWarning, dg.PreviewWarning):
    # `backfill_policy` and partitioned checks are marked so; they are held to what we need of them by tests.
    warnings.filterwarnings("ignore", category=_category)

from pipelines.assets.data_docs import DATA_DOCS, data_docs, data_docs_job  # noqa: E402 - after the filter
from pipelines.assets.ingest import read_publishers  # noqa: E402 - after the filter
from pipelines.assets.jobs import BUILD, INGEST, build_job, ingest_job  # noqa: E402
from pipelines.assets.outcomes import read_outcomes  # noqa: E402
from pipelines.assets.publish import release  # noqa: E402
from pipelines.assets.quality import rules  # noqa: E402
from pipelines.assets.score import scores  # noqa: E402
from pipelines.assets.silence import no_publisher_is_silent  # noqa: E402
from pipelines.assets.timing import SENSORS, TIMING  # noqa: E402
from pipelines.assets.transform import warehouse  # noqa: E402
from pipelines.assets.validate import prove_invariants  # noqa: E402
from pipelines.assets.work import work_resource  # noqa: E402

__all__ = ["BUILD", "DATA_DOCS", "INGEST", "defs"]

defs = dg.Definitions(
    assets=[read_publishers, read_outcomes, warehouse, scores, release, data_docs],
    asset_checks=[prove_invariants, rules, no_publisher_is_silent],
    jobs=[ingest_job, build_job, data_docs_job],
    schedules=TIMING,
    sensors=SENSORS,
    executor=dg.in_process_executor,
    resources={"work": work_resource},
)
