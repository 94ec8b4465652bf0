"""What a run is, step by step: input -> snapshots -> lake -> warehouse -> invariants -> release.

Belongs here: the order of the steps and when they can be left out. Does not belong here: what a step does, and Dagster,
which runs the same steps as assets (pipelines.assets).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.choose import RunOptions, code_version
from pipelines.history import update_history, withdrawn_files
from pipelines.ingest import Holding, take_snapshots
from pipelines.kept_inputs import keep_inputs
from pipelines.lake import PublisherLake, collect_garbage, update
from pipelines.operation.outcome import note_outcome
from pipelines.outcome_lake import update_outcomes
from pipelines.progress import Progress
from pipelines.provenance import provenance
from pipelines.summary import Holds, RunSummary, count, holds_from, loaded
from pipelines.suppression import REGISTER, apply_register
from pipelines.work import Work, connected, history_of, look, opened, outcomes_of, parts_of
from sources.correction import load_corrections
from sources.errors import PublicValueError
from sources.one_step import replace_file
from sources.outcome_sets import declared_sets
from sources.reply import load_replies

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from published.release import ReleaseResult
    from quality_checks.invariants import InvariantResult

INPUTS = {"sample": "the embedded sample", "live": "what publishers offer, as fetched last"}
"""Inputs that a person does not know by their folder."""
RELEASE_MEMORY = "1200MB"
"""Less, since SQLite, CSV and reports are written beside: the whole process has to stay under 2 GiB."""


def run(options: RunOptions, progress: Progress | None = None) -> RunSummary:
    """The main job. Raises PublicValueError, or one of its kinds, with a message for the person who asked."""
    with opened(options, progress or Progress()) as work:
        look(work)
        for _ in ingest(work):
            pass
        if (built := still_stands(work)) is None:
            build(work)
            score(work)
            check(work)
            publish(work)
            built = loaded(work.built_path) or {}
        return finish(work, built)


def ingest(work: Work) -> Iterator[PublisherLake]:
    """Keep the input's bytes and read what is new. Yields each publisher's part of the lake."""
    with work.progress.stage("Keep the files' bytes") as stage:
        stage.expect(sum(1 for _ in work.source.distributions()))
        work.taken = take_snapshots(
            work.home, work.source, work.only, lambda _bytes: stage.advance(1), lambda one: _note_kept(work, one)
        )
        stage.outcome = f"{work.taken.hashed_files:,} new or changed"
    with work.progress.stage("Read the files") as stage:
        work.parts = []
        for part in update(work.home, work.taken.holdings, work.registry, begin=stage.expect, tick=stage.advance):
            work.parts.append(part)
            if part.is_new:
                work.progress.note("publisher read", publisher=part.publisher_id, files_read=part.read_files)
            yield part
        work.history = update_history(work.home, work.channel, work.taken.holdings, work.registry)
        if (work.home.root / REGISTER).exists() and apply_register(work.home).snapshots:  # offered again
            work.parts = list(update(work.home, work.taken.holdings, work.registry))
            work.history = update_history(work.home, work.channel, work.taken.holdings, work.registry)
        work.outcomes = update_outcomes(work.home, work.taken.outcomes, declared_sets())
        work.source.problems.extend(work.outcomes.problems)
        also = [*work.history.kept, *work.outcomes.rows, *work.outcomes.files]
        collect_garbage(work.home, work.channel, work.taken.holdings, work.registry, also)
        read = sum(part.read_files for part in work.parts) + work.outcomes.read_files
        stage.outcome = f"{read:,} read"


def inputs_digest(work: Work) -> str:
    """Stands for everything that decides what the warehouse holds: files as read and as they were, register, as_of, code."""
    parts = {
        "lake": [[part.publisher_id, part.rows.name, part.files.name] for part in parts_of(work)],
        "history": history_of(work).digest,
        "outcomes": [path.name for path in outcomes_of(work).rows],
        "searches": repr(work.searches),
        "register": [publisher.fingerprint() for publisher in work.registry.publishers],
        "as_of": work.as_of.isoformat(),
        "code": code_version(),
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def still_stands(work: Work) -> dict[str, Any] | None:
    """What the channel's last finished run left, where the same inputs would give the same and its release is there. A home that
    was restored, or from which something was taken down, has no warehouse, and gets one.
    """
    built = loaded(work.built_path)
    if built is None or not work.home.warehouse.exists() or built["inputs_digest"] != inputs_digest(work):
        return None
    from published import store  # noqa: PLC0415 - only a run pays for it
    from published.standing import read_standing  # noqa: PLC0415

    channel_dir = work.home.releases / work.channel
    standing = store.versions(channel_dir)
    if not standing or str(standing[-1]) != built["release"]:
        return None
    latest = store.settle(channel_dir)
    held = read_standing(channel_dir).held.get(built["release"], [])
    return {**built, "is_new_release": False, "held": held, "latest": str(latest)}


def build(work: Work) -> None:
    """Build the warehouse aside, from the lake alone, and give it its name."""
    from pipelines.corrections import stale_corrections  # noqa: PLC0415 - only where a warehouse is built
    from pipelines.warehouse import build_warehouse  # noqa: PLC0415 - brings DuckDB
    from quality_checks.outcome_checks import run_outcome_rules  # noqa: PLC0415 - only where a warehouse is built

    parts = parts_of(work)
    aside = work.home.tmp / f"warehouse-{os.getpid()}.duckdb"
    aside.unlink(missing_ok=True)
    with connected(work, aside) as con:
        with work.progress.stage("Build the warehouse"):
            rows, files = [part.rows for part in parts], [part.files for part in parts]
            corrections = load_corrections(work.registry)
            build_warehouse(
                con,
                rows,
                files,
                work.registry,
                as_of=work.as_of,
                corrections=corrections,
                outcomes=outcomes_of(work),
            )
            work.source.problems += stale_corrections(con)
            _build_calendar(work, con)
            run_outcome_rules(con)
        with work.progress.stage("Run the rules") as stage:
            stage.outcome = f"{_find(work, con):,} findings"
    aside.replace(work.home.warehouse)


def score(work: Work) -> dict[str, int]:
    """Compute measures, scores and forecasts in the warehouse; table name to number of rows."""
    from pipelines.scoring.build import build_scores  # noqa: PLC0415 - brings DuckDB and scipy

    latest = work.home.releases / work.channel / "latest"
    with work.progress.stage("Score") as stage, connected(work, work.home.warehouse) as con:
        made = build_scores(
            con,
            work.registry,
            work.as_of,
            is_sample=work.channel == "sample",
            earlier=latest.resolve() if latest.exists() else None,
        )
        stage.outcome = f"{made['mart_measure_values']:,} values"
    return made


def table_rows(work: Work, tables: Sequence[str]) -> dict[str, int]:
    """Number of rows of tables of the warehouse; `tables` are names of declared ones."""
    with connected(work) as con:
        rows = {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in tables}
    return {name: found[0] for name, found in rows.items() if found is not None}


def check(work: Work) -> list[InvariantResult]:
    """Prove the invariants. Raises PublicValueError where one does not hold: nothing is released then."""
    results = invariants(work)
    if failed := [result for result in results if not result.passed]:
        words = "; ".join(f"{result.id}: {result.detail}" for result in failed)
        raise PublicValueError(f"{work.home.warehouse}: an invariant does not hold, so nothing was released: {words}")
    return results


def invariants(work: Work) -> list[InvariantResult]:
    """Every invariant, whether it holds or not."""
    from quality_checks.invariants import check_invariants  # noqa: PLC0415 - brings DuckDB

    with work.progress.stage("Prove the invariants") as stage, connected(work) as con:
        results = check_invariants(con)
        stage.outcome = f"{sum(result.passed for result in results)} of {len(results)} hold"
    return results


def publish(work: Work) -> ReleaseResult:
    """Release what the warehouse holds, and note what it was made of."""
    from published.release import build_release  # noqa: PLC0415 - brings DuckDB
    from published.store import latest  # noqa: PLC0415

    digest = inputs_digest(work)
    earlier = latest(work.home.releases / work.channel)
    with work.progress.stage("Release") as stage, connected(work) as con:
        con.execute(f"SET memory_limit = '{RELEASE_MEMORY}'")
        result = build_release(
            con,
            work.home.releases,
            channel=work.channel,
            provenance=provenance(
                con, work.home, work.channel, root=work.source.root, as_of=work.as_of, options=work.options
            ),
            inputs_digest=digest,
            is_sample=work.channel == "sample",
            as_of=work.as_of,
        )
        holds = count(con)
        stage.outcome = result.version
    if result.changed:
        served = str(earlier) if earlier else None
        keep_inputs(work.home, work.channel, result.version, served, work.source.root)
    noted = {
        "inputs_digest": digest,
        "release": result.version,
        "release_path": str(result.path),
        "is_new_release": result.changed,
        "held": list(result.held),
        "latest": result.latest,
        "holds": {name: getattr(holds, name) for name in Holds.__dataclass_fields__},
    }
    replace_file(work.built_path, json.dumps(noted, indent=1, ensure_ascii=False))
    return result


def finish(work: Work, built: dict[str, Any]) -> RunSummary:
    """Sum up, and save the summary for `publicvalue status`."""
    summary = RunSummary(
        channel=work.channel,
        input=INPUTS.get(work.channel, str(work.source.root)),
        home=str(work.home.root),
        as_of=work.as_of.isoformat(),
        holds=holds_from(built["holds"]),
        outcome_files=work.taken.outcome_files if work.taken else 0,
        hashed_files=work.taken.hashed_files if work.taken else 0,
        read_files=sum(part.read_files for part in work.parts) + outcomes_of(work).read_files,
        release=built["release"],
        release_path=built["release_path"],
        is_new_release=built["is_new_release"],
        held=built["held"],
        latest=built["latest"],
        is_limited=bool(work.only),
        problems=work.source.problems,
        seconds=work.progress.seconds,
        total_seconds=round(time.perf_counter() - work.begun, 3),
    )
    summary.save(work.home.last_run)
    note_outcome(work.home, work.channel)
    for problem in summary.problems:
        work.progress.note("problem", problem=problem)
    work.progress.note("run ended", release=summary.release, is_new=summary.is_new_release, held=summary.held)
    return summary


def _note_kept(work: Work, one: Holding) -> None:
    at = one.distribution
    work.progress.note(
        "snapshot kept", publisher=at.publisher_id, file=at.path, snapshot=one.sha256, byte_count=one.byte_count
    )


def _build_calendar(work: Work, con: DuckDBPyConnection) -> None:
    """The ledger of revisions, and the calendar, which says what was withdrawn."""
    from quality_checks.calendar import build_calendar  # noqa: PLC0415 - only where a warehouse is built
    from quality_checks.revisions import build_revisions  # noqa: PLC0415

    history = history_of(work)
    build_revisions(con, history.steps, [history.rows] if history.rows else [])
    build_calendar(con, work.registry, work.searches, as_of=work.as_of, withdrawn=withdrawn_files(history))


def _find(work: Work, con: DuckDBPyConnection) -> int:
    """What the rules find, with the publishers' replies beside it. Returns the number of findings."""
    from quality_checks.engine import run_rules  # noqa: PLC0415 - only where a warehouse is built
    from quality_checks.replies import attach_replies  # noqa: PLC0415

    runs = run_rules(con, as_of=work.as_of, registry=work.registry)
    attach_replies(con, load_replies(work.registry))
    return sum(run.findings for run in runs)


def rule_results(work: Work) -> list[tuple[str, int, int]]:
    """Each rule with the number of publications that were asked and that fail."""
    with connected(work) as con:
        return con.execute(
            "SELECT rule_id, count_if(rule_result <> 'not_applicable'), count_if(rule_result = 'fail') "
            "FROM core_rule_results GROUP BY rule_id ORDER BY rule_id"
        ).fetchall()
