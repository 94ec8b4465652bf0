"""Stage ingest: source -> snapshots -> lake, one partition a publisher.

Thin: the work is pipelines.run.ingest. One run does all publishers, so that one pool of processes serves them; each that
came out well is recorded by itself, and one that did not leaves the others recorded.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.assets.columns import OWNERS, table_spec
from pipelines.assets.work import POOL
from pipelines.ingest import safe_name
from pipelines.lake import PublisherLake
from pipelines.operation.tell import tell
from pipelines.run import finish, ingest, still_stands
from pipelines.work import Work, look
from sources.errors import UnreachableError

PUBLISHERS = dg.DynamicPartitionsDefinition(name="publisher")
GROUP = "ingest"
STANDS = "publicvalue/stands"
"""Tag of a run that found nothing to build: the release that holds all of it."""
RETRIES, RETRY_SECONDS = 3, 300


class IngestConfig(dg.Config):
    """`publishers` limits a run to these; empty means all, or the partitions that the run was started for. `since`, yyyy-mm, is
    the first month whose files are fetched, where the input is live; what was fetched before stays.
    """

    publishers: list[str] = Field(default_factory=list)
    since: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")


SPECS = [
    dg.AssetSpec(
        "snapshots",
        description="Bytes of every file as fetched, stored under their SHA-256 and never overwritten.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"file"},
        tags={"layer": "lake"},
        skippable=True,
    ),
    table_spec("lake_rows", group=GROUP, kinds={"parquet"}, deps=["snapshots"], skippable=True),
    table_spec("lake_files", group=GROUP, kinds={"parquet"}, deps=["snapshots"], skippable=True),
]


@dg.multi_asset(
    name="read_publishers",
    specs=SPECS,
    partitions_def=PUBLISHERS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    required_resource_keys={"work"},
    pool=POOL,
)
def read_publishers(context: dg.AssetExecutionContext, config: IngestConfig) -> Iterator[dg.MaterializeResult[None]]:
    """Yields nothing: partitions are recorded one by one as they come, since a result would stand for all of them."""
    work: Work = context.resources.work
    if work.seen is None:
        if config.since:
            work.options = replace(work.options, since=date.fromisoformat(f"{config.since}-01"))
        _look_or_try_later(work)
    started_for = (
        context.partition_keys if context.has_partition_key or context.has_partition_key_range else config.publishers
    )
    ids = {
        partition_key(one.publisher_id): one.publisher_id for one in work.source.distributions() if one.kind == "spend"
    }
    context.instance.add_dynamic_partitions(str(PUBLISHERS.name), sorted(ids))
    if started_for:
        work.only = tuple(ids[key] for key in (partition_key(name) for name in started_for) if key in ids)
    recorded = context.instance.get_materialized_partitions(dg.AssetKey("lake_files"))
    begun = time.perf_counter()
    for part in ingest(work):
        if part.is_new or partition_key(part.publisher_id) not in recorded:
            for event in _events(part, time.perf_counter() - begun):
                context.log_event(event)
    if work.is_alone:
        _sum_up_unchanged(context, work)
    yield from ()


def _look_or_try_later(work: Work) -> None:
    """A network that is down may be up again soon, so the step is tried again; what is wrong with a file never comes here."""
    try:
        look(work)
    except UnreachableError as error:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=RETRY_SECONDS) from error


def _sum_up_unchanged(context: dg.AssetExecutionContext, work: Work) -> None:
    """Where the release that stands holds all of this already, the work ends here: say so to the sensor, and to people."""
    built = still_stands(work)
    if built is None:
        return
    context.instance.add_run_tags(context.run.run_id, {STANDS: built["release"]})
    for problem in tell(work.home, finish(work, built)):
        context.log.warning(problem)


def partition_key(publisher_id: str) -> str:
    """Folder names of unregistered publishers can hold what Dagster refuses in a key."""
    return safe_name(publisher_id)


def _events(part: PublisherLake, seconds: float) -> list[dg.AssetMaterialization]:
    rows, files = part.row_count(), part.file_count()
    facts: dict[str, dict[str, Any]] = {
        "snapshots": {"files": files},
        "lake_rows": {"dagster/row_count": rows, "path": dg.MetadataValue.path(str(part.rows))},
        "lake_files": {"dagster/row_count": files, "path": dg.MetadataValue.path(str(part.files))},
    }
    return [
        dg.AssetMaterialization(
            asset,
            partition=partition_key(part.publisher_id),
            metadata={
                "publisher": part.publisher_id,
                "files read anew": part.read_files,
                "seconds since the start": round(seconds, 3),
                **metadata,
            },
        )
        for asset, metadata in facts.items()
    ]
