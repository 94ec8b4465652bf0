"""Freshness: a publisher of which nothing new has come for too long, as a check of the snapshots that stops nothing."""

import dagster as dg

from pipelines.operation.silence import silent_publishers
from pipelines.settings import load_settings
from pipelines.work import Work

SHOWN = 20


@dg.asset_check(
    asset="raw_snapshots",
    name="no_publisher_is_silent",
    description="Something new or changed has come from each publisher within the days that the settings allow.",
    required_resource_keys={"work"},
)
def no_publisher_is_silent(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    work: Work = context.resources.work
    days = load_settings(work.home.root).alert_days_silent
    silent = silent_publishers(work.home, work.channel, as_of=work.as_of, days=days)
    return dg.AssetCheckResult(
        passed=not silent,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "silent publishers": len(silent),
            "which": ", ".join(f"{one.publisher_id} since {one.last_new}" for one in silent[:SHOWN]) or "none",
        },
    )
