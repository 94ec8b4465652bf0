"""Runs the two jobs in this process, so that `publicvalue run` and the web interface show the same runs.

Belongs here: Dagster's instance and how a run is started. Does not belong here: the command's words.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.assets.abandoned import end_abandoned
from pipelines.assets.instance import set_environment
from pipelines.charts import draw_charts
from pipelines.choose import RunOptions
from pipelines.operation.outcome import noting_failure
from pipelines.operation.tell import tell
from pipelines.progress import Progress
from pipelines.run import finish, still_stands
from pipelines.summary import RunSummary, loaded
from pipelines.work import Work, look, opened
from sources.errors import PublicValueError

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's events go to its store; the command has words of its own for the terminal."""


def launch(options: RunOptions, progress: Progress) -> RunSummary:
    """The same as pipelines.run.run, recorded by Dagster. Raises PublicValueError with a message for people."""
    with opened(options, progress) as work, noting_failure(work.home, options.channel):
        look(work)
        from pipelines.definitions import BUILD, DATA_DOCS, INGEST, defs  # noqa: PLC0415 - definitions import the assets beside us

        set_environment(work.home)
        with warnings.catch_warnings(), dg.DagsterInstance.get() as instance:
            warnings.simplefilter("ignore", category=ResourceWarning)
            end_abandoned(instance, work.home)
            _execute(defs, INGEST, instance, work, _config(work))
            if (built := still_stands(work)) is None:
                _execute(defs, BUILD, instance, work, {})
                built = loaded(work.built_path)
            if options.data_docs and built is not None:
                _execute(defs, DATA_DOCS, instance, work, {})
        if options.charts and built is not None:
            draw_charts(work, Path(built["release_path"]))
        if built is None:
            raise PublicValueError(f"{work.built_path}: the run left no account of itself; run again")
        summary = finish(work, built)
        summary.problems += tell(work.home, summary)
        return summary


def _config(work: Work) -> dict[str, Any]:
    return {"ops": {"read_publishers": {"config": {"publishers": list(work.only)}}}}


def _execute(defs: dg.Definitions, job: str, instance: dg.DagsterInstance, work: Work, config: dict[str, Any]) -> None:
    tags = {"channel": work.channel, "as_of": work.as_of.isoformat()}
    try:
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance, run_config={**QUIET, **config}, resources={"work": work}, tags=tags
        )
    except dg.DagsterExecutionInterruptedError:  # Ctrl-C or SIGTERM, which Dagster has noted as the run's end
        raise KeyboardInterrupt from None
    except Exception as error:
        raise (_ours(error) or error) from error
    if failed := [check for check in result.get_asset_check_evaluations() if check.blocking and not check.passed]:
        words = "; ".join(f"{check.check_name}: {check.metadata['detail'].value}" for check in failed)
        raise PublicValueError(f"{work.home.warehouse}: an invariant does not hold, so nothing was released: {words}")


def _ours(error: BaseException | None) -> PublicValueError | None:
    """Dagster wraps what a step raises; our own errors are for people."""
    while error is not None:
        if isinstance(error, PublicValueError):
            return error
        error = getattr(error, "user_exception", None) or error.__cause__
    return None
