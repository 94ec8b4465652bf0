"""Runs the two jobs in this process, so that `publicvalue run` and the web interface show the same runs.

Belongs here: Dagster's instance and how a run is started. Does not belong here: the command's words.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import dagster as dg

from pipelines.choose import ROOT, RunOptions
from pipelines.home import Home
from pipelines.progress import Progress
from pipelines.run import Work, finish, opened, still_stands
from pipelines.summary import RunSummary, loaded
from sources.errors import PublicValueError

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's events go to its store; the command has words of its own for the terminal."""


def launch(options: RunOptions, progress: Progress) -> RunSummary:
    """The same as pipelines.run.run, recorded by Dagster. Raises PublicValueError with a message for people."""
    with opened(options, progress) as work:
        from pipelines.definitions import BUILD, INGEST, defs  # noqa: PLC0415 - definitions import the assets beside us

        set_environment(work.home)
        with warnings.catch_warnings(), dg.DagsterInstance.get() as instance:
            warnings.simplefilter("ignore", category=ResourceWarning)
            _execute(defs, INGEST, instance, work, _config(work))
            if (built := still_stands(work)) is None:
                _execute(defs, BUILD, instance, work, {})
                built = loaded(work.built_path)
        if built is None:
            raise PublicValueError(f"{work.built_path}: the run left no account of itself; run again")
        return finish(work, built)


def set_environment(home: Home) -> None:
    """Point Dagster at the home. DAGSTER_HOME has to be absolute and hold dagster.yaml."""
    text = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    instance_file = home.dagster / "dagster.yaml"
    if not instance_file.exists() or instance_file.read_text(encoding="utf-8") != text:
        instance_file.write_text(text, encoding="utf-8")
    os.environ["PUBLICVALUE_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)


def _config(work: Work) -> dict[str, Any]:
    return {"ops": {"read_publishers": {"config": {"publishers": list(work.only)}}}}


def _execute(defs: dg.Definitions, job: str, instance: dg.DagsterInstance, work: Work, config: dict[str, Any]) -> None:
    tags = {"channel": work.channel, "as_of": work.as_of.isoformat()}
    try:
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance, run_config={**QUIET, **config}, resources={"work": work}, tags=tags
        )
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
