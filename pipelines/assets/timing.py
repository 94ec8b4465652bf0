"""When the jobs start by themselves: each day, when GOV.UK has published something, and one after the other; and who hears of a failure.

Belongs here: schedule and sensors. Does not belong here: what the jobs do. All of it runs in Dagster's daemon (`publicvalue up`).
"""

from datetime import UTC, datetime

import dagster as dg

from pipelines.assets.abandoned import end_abandoned
from pipelines.assets.failures import why
from pipelines.assets.ingest import STANDS
from pipelines.assets.jobs import build_job, ingest_job
from pipelines.assets.work import options_from_environment
from pipelines.home import open_home
from pipelines.operation.outcome import note_outcome
from pipelines.operation.tell import tell_failure
from pipelines.settings import load_settings

SETTINGS = load_settings()

daily = dg.ScheduleDefinition(
    name="daily",
    job=ingest_job,
    cron_schedule=SETTINGS.schedule,
    execution_timezone=SETTINGS.schedule_timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Fetches and reads what is new. When is a setting.",
)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[ingest_job],
    request_job=build_job,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=10,
    description="Builds and releases once the reading is done, unless the release that stands holds all of it already.",
)
def release_after_ingest(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    run = context.dagster_run
    record = context.instance.get_run_by_id(run.run_id) or run
    if STANDS in record.tags:
        return dg.SkipReason(f"release {record.tags[STANDS]} holds all of it already")
    return dg.RunRequest(run_key=run.run_id)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Notes that a run failed, and tells whoever the settings name.",
)
def tell_of_failure(context: dg.RunFailureSensorContext) -> None:
    home, run = open_home(), context.dagster_run
    channel = run.tags.get("channel") or options_from_environment().channel
    error = why(context)
    record = context.instance.get_run_record_by_id(run.run_id)
    ended = datetime.fromtimestamp(record.end_time, UTC) if record and record.end_time else None
    note_outcome(home, channel, error, ended)
    for problem in tell_failure(home, channel, error):
        context.log.warning(problem)


@dg.sensor(
    job=ingest_job,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=SETTINGS.watch_minutes * 60,
    description="Asks GOV.UK for the newest public timestamp among the registered bodies' transparency documents.",
)
def watch_govuk(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if not options_from_environment().live:
        return dg.SkipReason("the input is not live")
    from sources.fetch import FetchError  # noqa: PLC0415 - brings httpx
    from sources.govuk.models import DocumentError  # noqa: PLC0415
    from sources.govuk.watch import newest_timestamp  # noqa: PLC0415
    from sources.registry import load_registry  # noqa: PLC0415

    slugs = {slug for one in load_registry().publishers for slug in one.sources.govuk_organisations}
    try:
        found = newest_timestamp(load_settings(), slugs)
    except (FetchError, DocumentError) as error:
        return dg.SkipReason(f"GOV.UK could not be asked: {error}")
    newest = found.isoformat() if found else None
    if newest is None or newest == context.cursor:
        return dg.SkipReason(f"nothing new since {context.cursor or 'the beginning'}")
    is_first_look = context.cursor is None
    context.update_cursor(newest)
    return dg.SkipReason("first look; the daily run reads all") if is_first_look else dg.RunRequest(run_key=newest)


@dg.sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=60,
    description="Ends runs whose process was killed, so that the queue does not wait for them.",
)
def end_abandoned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    ended = end_abandoned(context.instance, open_home())
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "no run was abandoned")


TIMING: list[dg.ScheduleDefinition] = [daily]
SENSORS: list[dg.SensorDefinition] = [release_after_ingest, tell_of_failure, watch_govuk, end_abandoned_runs]
