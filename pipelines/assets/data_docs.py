"""Stage quality, second opinion: the rules once more by Great Expectations, as pages. Started by itself or asked for."""

import dagster as dg

from pipelines.assets.columns import OWNERS
from pipelines.assets.work import POOL
from pipelines.data_docs import make_data_docs
from pipelines.work import Work


@dg.asset(
    group_name="quality",
    owners=OWNERS,
    kinds={"html"},
    deps=["release"],
    required_resource_keys={"work"},
    pool=POOL,
    description="Data Docs of the latest run only: every rule and the form of our own tables, as Great Expectations finds them.",
)
def data_docs(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    work: Work = context.resources.work
    made = make_data_docs(work)
    return dg.MaterializeResult(
        metadata={
            "pages": dg.MetadataValue.path(made["path"]),
            "rules that find something": made["failing"],
            "broken": ", ".join(made["broken"]) or "nothing",
        }
    )


DATA_DOCS = "write_data_docs"
"""Another name than its step has: Dagster refuses to load two things of one name."""
data_docs_job = dg.define_asset_job(
    DATA_DOCS,
    selection=dg.AssetSelection.assets("data_docs"),
    description="Write Data Docs of the warehouse that stands.",
)
