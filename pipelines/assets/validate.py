"""Stage validate: the invariants as checks that stop a release."""

from collections.abc import Iterator

import dagster as dg

from pipelines.run import invariants
from pipelines.work import Work
from quality_checks.invariants import INVARIANTS

ON = "core_transactions"


@dg.multi_asset_check(
    name="prove_invariants",
    specs=[
        dg.AssetCheckSpec(invariant.id, asset=ON, description=invariant.title, blocking=True)
        for invariant in INVARIANTS
    ],
    required_resource_keys={"work"},
)
def prove_invariants(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    work: Work = context.resources.work
    for result in invariants(work):
        yield dg.AssetCheckResult(
            asset_key=ON,
            check_name=result.id,
            passed=result.passed,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"detail": result.detail},
        )
