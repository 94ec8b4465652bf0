"""Why a body's index changed between two years of a release, or between what two releases published; and what is registered beside it.

Does not belong here: the arithmetic (explain), the rows that a run writes (changes, release_changes), the words of the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.scoring.bodies import Body
from pipelines.scoring.catalogue import measures
from pipelines.scoring.changes import PILLAR_NAMES, Reason, touching, year_change
from pipelines.scoring.explain.waterfall import Waterfall
from pipelines.scoring.explain.words import in_words
from pipelines.scoring.measure_tables import sources_of
from pipelines.scoring.release_changes import since
from pipelines.scoring.released import Held, Row, index_of, rescored, rows_of
from pipelines.scoring.score_tables import period_of
from sources.errors import UsageError
from sources.periods.model import financial_year

if TYPE_CHECKING:
    import duckdb

REASONS = "reasons.parquet"


@dataclass(frozen=True, slots=True)
class Why:
    """The waterfall, what its ends are called, the whole in a sentence, and by item the registered reasons that touch its data."""

    change: Waterfall
    before: str
    after: str
    words: str
    reasons: dict[str, list[Row]]


def between_years(
    held: Held, body: Body, con: duckdb.DuckDBPyConnection, old_year: date | None = None, new_year: date | None = None
) -> Why:
    """Between two financial years, given by their last day, on the data of one release: by default its latest and the one before.

    Raises UsageError where there is no index in one of them, or the years stand the wrong way round.
    """
    new = rescored(held, body, year=new_year)
    before = old_year or new.matrix.year_end.replace(year=new.matrix.year_end.year - 1)
    if before >= new.matrix.year_end:
        raise UsageError(f"--from {financial_year(before)}: does not lie before {period_of(new)}")
    old = rescored(held, body, year=before)
    for one in (old, new):
        if body.id not in one.matrix.bodies or index_of(one, body) is None:
            raise UsageError(f"{body.id}: there is no index of {period_of(one)}, and so no change to explain")
    labels = (period_of(old), period_of(new))
    return _told(year_change(old, new, body.id), labels, held, body, con, before, new.matrix.year_end)


def between_releases(held: Held, earlier: Held, body: Body, con: duckdb.DuckDBPyConnection) -> Why:
    """From the latest index that `earlier` published to the latest of `held`. UsageError where one of them has none."""
    change, before, old, new = since(held, earlier, body, con)
    labels = (before, f"{held.path.name} ({period_of(new)})")
    return _told(change, labels, held, body, con, old.matrix.year_end, new.matrix.year_end)


def _told(  # noqa: PLR0917 - what a change is told by
    change: Waterfall,
    labels: tuple[str, str],
    held: Held,
    body: Body,
    con: duckdb.DuckDBPyConnection,
    old_year: date,
    new_year: date,
) -> Why:
    names = {one.id: one.name for one in measures()} | PILLAR_NAMES
    return Why(change, *labels, in_words(change, names), _reasons(change, held, body, con, old_year, new_year))


def _reasons(  # noqa: PLR0917 - as above
    change: Waterfall, held: Held, body: Body, con: duckdb.DuckDBPyConnection, old_year: date, new_year: date
) -> dict[str, list[Row]]:
    path = held.path / REASONS
    if not path.is_file():
        return {}
    rows = {row["reason_id"]: row for row in rows_of(con, path)}
    about: list[Reason] = [
        (name, row["outcome_dataset_id"], row["entity_id"], row["reason_start"], row["reason_end"])
        for name, row in sorted(rows.items())
    ]
    sources = {one.id: sources_of(one) for one in measures()}
    moved = [step.item for step in change.steps if step.amount != 0]
    found = {item: touching(sources.get(item, []), about, body.id, old_year, new_year) for item in dict.fromkeys(moved)}
    return {item: [rows[name] for name in own] for item, own in found.items() if own}
