"""What a release changed about each publisher, counted in the deltas that the release holds.

Belongs here: reading and counting. Does not belong here: the release as a whole (changed.py), or words (site/feeds.py).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from published.deltas import ADDED, DELETED, FOLDER, MODIFIED, OP
from published.release_deltas import read_index
from sources.schema.duckdb_sql import literal
from sources.schema.model import codes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection


OVERDUE = {"late", "missing"}
"""States of the calendar that are news to who watches over publication."""


@dataclass(slots=True)
class PublisherChange:
    """Of one publisher. Keys of the dictionaries are the operations of deltas.py: added, modified, deleted."""

    lists: dict[str, list[tuple[str, date | None, date | None]]] = field(default_factory=dict)
    """Series, first and last day of the period of each list; None where they are not known."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """Names of files added and deleted."""
    replaced: int = 0
    """Files that the publisher replaced under the same address."""
    lines: dict[str, int] = field(default_factory=dict)
    """Number of payment lines."""
    findings: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    """Severity, title of the rule and number of findings added and deleted; gravest and most first."""
    months: list[tuple[date, str]] = field(default_factory=list)
    """First day of a month that was due, and what the calendar says of it now."""


def changed_publishers(release: Path, *, titles_of: Path | None = None) -> dict[str, PublisherChange]:
    """By publisher, those of whom something changed. Empty for a first release. Datasets whose lines cannot be matched with
    those of the release before (see Delta.is_whole) are left out, since every line of them would count as new.

    `titles_of` is the release whose titles rules have, the same one if left out: old releases lose their whole files.
    """
    index = read_index(release)
    if index is None:
        return {}
    import duckdb  # noqa: PLC0415 - only who tells of releases pays for it

    comparable = {name for name, one in index["datasets"].items() if not one["is_whole"]}
    found: dict[str, PublisherChange] = {}
    with closing(duckdb.connect(config={"threads": 1, "memory_limit": "300MB"})) as con:

        def rows(dataset: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
            if dataset not in comparable:
                return []
            counted = _counted(con, release / FOLDER / f"{dataset}.parquet", columns, where)
            return [(found.setdefault(publisher, PublisherChange()), *rest) for publisher, *rest in counted]

        for one, operation, *listed, _ in rows("publications", "series, period_start, period_end"):
            one.lists.setdefault(operation, []).append((listed[0], listed[1], listed[2]))
        for one, operation, name, _ in rows("distributions", "file_name", f"{OP} <> '{MODIFIED}'"):
            one.files.setdefault(operation, []).append(name)
        for one, _, number in rows("revisions", "", f"{OP} = '{ADDED}' AND revision_kind = 'file_replaced'"):
            one.replaced = number
        for one, operation, number in rows("transactions", ""):
            one.lines[operation] = number
        titles = _titles(con, titles_of or release)
        for one, operation, severity, rule, number in rows("findings", "severity, rule_id", f"{OP} <> '{MODIFIED}'"):
            one.findings.setdefault(operation, []).append((severity, titles.get(rule, rule), number))
        for one, _, month, status, _ in rows(
            "publication_calendar", "due_month, calendar_status", f"{OP} <> '{DELETED}'"
        ):
            one.months.append((month, status))
    for one in found.values():
        for counts in one.findings.values():
            counts.sort(key=_gravity)
    return found


def overdue(changes: Mapping[str, PublisherChange]) -> list[tuple[str, date, str]]:
    """Publisher, month and what became of it, of each month that a release calls late or missing and the one before did not."""
    return [
        (publisher, *one) for publisher, change in sorted(changes.items()) for one in change.months if one[1] in OVERDUE
    ]


def _gravity(counted: tuple[str, str, int]) -> tuple[int, int, str]:
    severity, title, number = counted
    worst = list(codes("severities"))
    return (worst.index(severity) if severity in worst else len(worst), -number, title)


def _titles(con: DuckDBPyConnection, release: Path) -> dict[str, str]:
    """Title by rule; empty where an old release has no rules."""
    rules = release / "rules.parquet"
    if not rules.is_file():
        return {}
    return dict(con.execute(f"SELECT rule_id, rule_title FROM read_parquet({literal(str(rules))})").fetchall())


def _counted(con: DuckDBPyConnection, delta: Path, columns: str, where: str) -> list[tuple[Any, ...]]:
    """Publisher, operation, the columns, and how many lines have these; nothing where an old release lacks a column."""
    import duckdb  # noqa: PLC0415 - see changed_publishers

    if not delta.is_file():
        return []
    chosen = f"publisher_id, {OP}, {columns}" if columns else f"publisher_id, {OP}"
    try:
        return con.execute(
            f"SELECT {chosen}, count(*) FROM read_parquet({literal(str(delta))}) "
            f"WHERE publisher_id IS NOT NULL AND {where} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    except duckdb.BinderException:
        return []
