"""A day as Dagster has it: schedule, ingest, sensor, build, release; and a day on which one publisher cannot be looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from pydantic import SecretStr, ValidationError

from pipelines.assets import ingest, timing, work
from pipelines.assets.abandoned import end_abandoned
from pipelines.assets.instance import set_environment
from pipelines.choose import RunOptions
from pipelines.definitions import BUILD, INGEST, defs
from pipelines.home import Home, open_home
from pipelines.operation import tell
from pipelines.operation.message import Message
from pipelines.summary import loaded
from sources.errors import UnreachableError

BODIES = ("hm-treasury", "home-office")
AS_OF = date(2026, 11, 25)
SPEND = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n{body},{body},03/0{month}/2026,Consultancy,Finance,Kites Ltd,{number},{amount}\n"


class Days:
    """The corpus, the home and Dagster's instance."""

    def __init__(self, corpora: Any, place: Path, home: Home, instance: dg.DagsterInstance) -> None:
        self.corpora, self.place, self.home, self.instance = corpora, place, home, instance
        self.documents: list[dict[str, Any]] = []
        self.files: dict[str, Path] = {}
        self.host: Any = None

    def publish(self, body: str, month: int, number: str, amount: str) -> None:
        name = ("", "January", "February", "March", "April")[month]
        title = f"Spend over £25,000: {name} 2026"
        url = self.corpora.asset(body, f"{body}-{number}.csv")
        self.files[url] = self.place / f"{body}-{number}.csv"
        self.place.mkdir(parents=True, exist_ok=True)
        self.files[url].write_text(SPEND.format(body=body, month=month, number=number, amount=amount), encoding="utf-8")
        path = f"/government/publications/{body}-{month}"
        attached = [self.corpora.attachment(url, title)]
        self.documents.append(self.corpora.document(path, title, body, date(2026, month + 2, 1), attachments=attached))
        self.corpora.write(self.place, self.documents, self.files)
        if self.host:
            self.host._post("reload", None)

    def execute(self, job: str, **options: Any) -> dg.ExecuteInProcessResult:
        return defs.resolve_job_def(job).execute_in_process(instance=self.instance, **options)

    def sensed(self, result: dg.ExecuteInProcessResult) -> dg.RunRequest | dg.SkipReason:
        """What the sensor makes of a finished ingest run."""
        record = self.instance.get_records_for_run(result.run_id, of_type=dg.DagsterEventType.RUN_SUCCESS).records[0]
        assert record.event_log_entry.dagster_event is not None
        context = dg.build_run_status_sensor_context(
            sensor_name="release_after_ingest",
            dagster_event=record.event_log_entry.dagster_event,
            dagster_instance=self.instance,
            dagster_run=result.dagster_run,
        )
        found = timing.release_after_ingest(context)
        assert isinstance(found, dg.RunRequest | dg.SkipReason)
        return found

    def held(self) -> set[tuple[str, str]]:
        """Publisher and transaction number of each line of the release served."""
        import duckdb  # noqa: PLC0415 - in its place

        path = self.home.releases / "live" / "latest" / "transactions.parquet"
        rows = duckdb.execute("SELECT publisher_id, transaction_number FROM read_parquet(?)", [str(path)]).fetchall()
        assert len(rows) == len(set(rows))
        return set(rows)


@pytest.fixture
def days(
    corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: list[Message]
) -> Iterator[Days]:
    for name in ("DAGSTER_HOME", "PUBLICVALUE_HOME"):
        monkeypatch.setenv(name, "")  # set below; put back afterwards
    home = open_home(tmp_path / "home")
    set_environment(home)
    monkeypatch.setattr(work, "options_from_environment", lambda: RunOptions(live=True, publishers=BODIES, as_of=AS_OF))
    monkeypatch.setattr(timing, "options_from_environment", lambda: RunOptions(live=True))
    monkeypatch.setenv("PUBLICVALUE_ALERT_ADDRESSES", '["json://localhost"]')
    with dg.DagsterInstance.get() as instance:
        found = Days(corpora, tmp_path / "corpus", home, instance)
        for body in BODIES:
            found.publish(body, 1, f"{body}-first", "30000.00")
        found.host = serve(found.place)
        for name, value in found.host.settings().items():
            monkeypatch.setenv(f"PUBLICVALUE_{name.upper()}", str(value))
        yield found


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Messages, instead of sending them."""
    found: list[Message] = []

    def keep(message: Message, addresses: list[SecretStr]) -> list[str]:
        found.append(message)
        return []

    monkeypatch.setattr(tell, "send", keep)
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_schedule_ingest_sensor_build_release_and_a_failed_publisher_moves_nothing_back(
    days: Days, sent: list[Message]
) -> None:
    moment = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
    tick = timing.daily.evaluate_tick(
        dg.build_schedule_context(instance=days.instance, scheduled_execution_time=moment)
    )
    assert tick.run_requests is not None
    assert (len(tick.run_requests), timing.daily.job_name) == (1, INGEST)

    first = days.execute(INGEST)
    request = days.sensed(first)
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == first.run_id, "one build for each ingest run, however often the sensor looks"
    assert days.execute(BUILD).success
    one_each = {(body, f"{body}-first") for body in BODIES}
    assert days.held() == one_each
    assert [message.title for message in sent] == ["Public Value (live): release 1.0.0 is out"]

    unchanged = days.execute(INGEST)
    assert days.instance.get_run_by_id(unchanged.run_id).tags[ingest.STANDS] == "1.0.0"  # type: ignore[union-attr]
    assert isinstance(days.sensed(unchanged), dg.SkipReason)
    assert len(sent) == 1, "nothing happened, and nobody is written to"

    days.publish("hm-treasury", 2, "hm-treasury-second", "40000.00")
    days.publish("home-office", 2, "home-office-second", "40000.00")
    days.host.fault((r"filter_organisations=home-office", "broken", 99))
    assert isinstance(days.sensed(days.execute(INGEST)), dg.RunRequest)
    assert days.execute(BUILD).success
    assert days.held() == one_each | {("hm-treasury", "hm-treasury-second")}
    summary = loaded(days.home.last_run)
    assert summary is not None
    assert [problem.split(":")[0] for problem in summary["problems"]] == ["home-office"]
    assert "could not be looked at, so it stays as it was" in summary["problems"][0]
    assert sent[-1].needs_person
    assert "1 problem" in sent[-1].title

    days.host.fault()
    assert isinstance(days.sensed(days.execute(INGEST)), dg.RunRequest)
    assert days.execute(BUILD).success
    assert days.held() == one_each | {(body, f"{body}-second") for body in BODIES}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_govuk_is_watched_by_its_newest_timestamp(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(cursor: str | None) -> tuple[dg.RunRequest | dg.SkipReason, str | None]:
        context = dg.build_sensor_context(instance=days.instance, cursor=cursor)
        found = timing.watch_govuk(context)
        assert isinstance(found, dg.RunRequest | dg.SkipReason)
        return found, context.cursor

    first, cursor = look(None)
    assert isinstance(first, dg.SkipReason)
    assert first.skip_message == "first look; the daily run reads all"
    assert cursor is not None
    assert cursor.startswith("2026-03-01T09:30")
    assert isinstance(look(cursor)[0], dg.SkipReason)
    days.publish("hm-treasury", 2, "hm-treasury-second", "40000.00")
    asked, newer = look(cursor)
    assert isinstance(asked, dg.RunRequest)
    assert newer is not None
    assert newer.startswith("2026-04-01T09:30")
    days.host.fault(("search", "broken", 99))
    failed, kept = look(newer)
    assert isinstance(failed, dg.SkipReason)
    assert failed.skip_message is not None
    assert "GOV.UK could not be asked" in failed.skip_message
    assert kept == newer
    monkeypatch.setattr(timing, "options_from_environment", RunOptions)
    assert look(None) == (look(None)[0], None)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_network_that_is_down_is_tried_again_and_a_wrong_setting_is_not(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "look", _raising(UnreachableError("nothing could be fetched")))
    with pytest.raises(dg.RetryRequested) as asked:
        ingest._look_or_try_later(_any_work())
    assert (asked.value.max_retries, asked.value.seconds_to_wait) == (3, 300)
    monkeypatch.setattr(ingest, "look", _raising(ValueError("wrong")))
    with pytest.raises(ValueError, match="wrong"):
        ingest._look_or_try_later(_any_work())


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_backfill_names_its_publishers_and_its_first_month(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    options = RunOptions(live=True, publishers=("hm-treasury",), as_of=AS_OF)
    monkeypatch.setattr(work, "options_from_environment", lambda: options)
    config = {"ops": {"read_publishers": {"config": {"publishers": ["hm-treasury"], "since": "2026-02"}}}}
    days.publish("hm-treasury", 2, "hm-treasury-second", "40000.00")
    days.execute(INGEST, run_config=config)
    assert {path.name for path in (days.home.live / "spend").rglob("*.csv")} == {"hm-treasury-hm-treasury-second.csv"}
    assert days.instance.get_materialized_partitions(dg.AssetKey("lake_rows")) == {"hm-treasury"}
    wrong = {"ops": {"read_publishers": {"config": {"since": "2026-13"}}}}
    with pytest.raises(ValidationError, match="since"):
        days.execute(INGEST, run_config=wrong)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_run_whose_process_was_killed_is_ended_once_nobody_holds_the_home(
    days: Days, monkeypatch: pytest.MonkeyPatch, sent: list[Message]
) -> None:
    run = days.instance.create_run_for_job(defs.resolve_job_def(INGEST), tags={"channel": "live"})
    days.instance.report_engine_event("started", run)
    days.instance.handle_run_event(run.run_id, _started(run))
    assert end_abandoned(days.instance, days.home) == [], "it may be about to take the lock"
    monkeypatch.setattr(time, "time", lambda: datetime.now(UTC).timestamp() + 3600)
    assert end_abandoned(days.instance, days.home) == [run.run_id]
    assert end_abandoned(days.instance, days.home) == []
    record = days.instance.get_run_by_id(run.run_id)
    assert record is not None
    assert record.status is dg.DagsterRunStatus.FAILURE


def test_every_step_that_works_in_the_home_is_in_its_pool(days: Days) -> None:
    for job in (INGEST, BUILD):
        pools = {node.name: node.definition.pool for node in defs.resolve_job_def(job).nodes}  # type: ignore[attr-defined]
        assert pools
        only_read = {"rules", "prove_invariants", "raw_snapshots_no_publisher_is_silent"}
        assert {name for name, pool in pools.items() if pool != work.POOL} <= only_read
    config = days.instance.get_concurrency_config().pool_config
    assert config.pool_granularity is not None
    assert (config.pool_granularity.value, config.default_pool_limit) == ("run", 1)


def _started(run: dg.DagsterRun) -> dg.DagsterEvent:
    return dg.DagsterEvent(event_type_value=dg.DagsterEventType.RUN_START.value, job_name=run.job_name)


def _raising(error: Exception) -> Any:
    def look(_work: object) -> None:
        raise error

    return look


def _any_work() -> Any:
    return object()
