"""Stage transform: lake -> warehouse, all tables in one step, since they are built over one connection."""

import time
from collections.abc import Iterator

import dagster as dg

from pipelines.assets.columns import table_spec
from pipelines.assets.work import POOL
from pipelines.run import build, table_rows
from pipelines.warehouse import MODELS
from pipelines.work import Work
from sources.schema.model import table_names

FILLED = [
    "core_findings",
    "core_outcome_findings",
    "core_publication_calendar",
    "core_revisions",
    "core_rule_results",
    "core_rules",
    "mart_quality_by_publication",
]
"""Tables that quality_checks fills from the others, over the same connection."""
TABLES = sorted(
    [name for name in (path.stem.split("_", 1)[1] for path in MODELS.glob("*.sql")) if name in table_names()] + FILLED
)
"""Beside those, the tables that a model makes: 110_core_transactions.sql makes core_transactions."""


@dg.multi_asset(
    name="warehouse",
    specs=[
        table_spec(name, group="transform", kinds={"duckdb"}, deps=["lake_rows", "lake_files", "lake_outcomes"])
        for name in TABLES
    ],
    required_resource_keys={"work"},
    pool=POOL,
)
def warehouse(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    work: Work = context.resources.work
    begun = time.perf_counter()
    build(work)
    seconds = round(time.perf_counter() - begun, 3)
    for name, rows in table_rows(work, TABLES).items():
        yield dg.MaterializeResult(
            asset_key=name, metadata={"dagster/row_count": rows, "seconds for all tables": seconds}
        )
