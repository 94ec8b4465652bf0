"""Stage quality: what each rule found, as a check of the findings. A publisher's data stops no release: severity WARN.

Belongs here: results as checks. Does not belong here: our own invariants, which do stop it (validate.py), or running the
rules, which is part of the warehouse's step, so that the invariants are proved over the findings too.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.run import rule_results
from pipelines.work import Work
from quality_checks.rule import all_rules

ON = "core_findings"


@dg.multi_asset_check(
    name="rules",
    specs=[dg.AssetCheckSpec(rule.id, asset=ON, description=rule.title) for rule in all_rules()],
    required_resource_keys={"work"},
)
def rules(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    work: Work = context.resources.work
    for rule_id, asked, failing in rule_results(work):
        yield dg.AssetCheckResult(
            asset_key=ON,
            check_name=rule_id,
            passed=failing == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"publications asked": asked, "publications failing": failing},
        )
