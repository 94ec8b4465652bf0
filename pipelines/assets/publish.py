"""Stage publish: warehouse -> release."""

import dagster as dg

from pipelines.assets.columns import OWNERS
from pipelines.assets.transform import TABLES
from pipelines.assets.work import POOL
from pipelines.charts import draw_charts
from pipelines.operation.tell import tell
from pipelines.run import finish, publish
from pipelines.scoring.build import TABLES as SCORES
from pipelines.summary import loaded
from pipelines.work import Work


@dg.asset(
    group_name="publish",
    owners=OWNERS,
    kinds={"csv", "parquet", "sqlite"},
    deps=[*TABLES, *SCORES],
    required_resource_keys={"work"},
    pool=POOL,
    description="A version of the open datasets, or the version before where nothing changed: CSV, Parquet, SQLite, "
    "data package and checksums.",
)
def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    work: Work = context.resources.work
    result = publish(work)
    if work.is_alone and (built := loaded(work.built_path)) is not None:
        for problem in tell(work.home, finish(work, built)):
            context.log.warning(problem)
        if result.changed:
            draw_charts(work, result.path)
    return dg.MaterializeResult(
        metadata={
            "version": result.version,
            "path": dg.MetadataValue.path(str(result.path)),
            "new": result.changed,
            **{f"seconds: {step}": seconds for step, seconds in result.seconds.items()},
        }
    )
