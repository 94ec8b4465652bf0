"""Why a run failed, in the words of what broke it: Dagster's own say which step, and wrap the rest."""

import re

import dagster as dg
from dagster._core.execution.plan.objects import StepFailureData

OURS = re.compile(r"^(?:sources|published|quality_checks|pipelines)(?:\.\w+)+: ")
"""An error of our own has words for people; of others the kind is named too."""


def why(context: dg.RunFailureSensorContext) -> str:
    """What each failed step raised first; Dagster's words where no step failed."""
    found = []
    for event in context.get_step_failure_events():
        data = event.event_specific_data
        error = data.error if isinstance(data, StepFailureData) else None
        while error is not None and error.cause is not None:
            error = error.cause
        if error is not None:
            found.append(OURS.sub("", error.message.strip()))
    return "; ".join(dict.fromkeys(found)) or context.failure_event.message or "no reason was recorded"
