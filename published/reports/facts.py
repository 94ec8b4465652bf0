"""What the reports are made of, read from the warehouse with one query a table, and kept by publisher.

Belongs here: every table but core_findings, which is too large to hold (findings.py). Does not belong here: what is
concluded from it (mends.py) and how it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from published.reports import text
from published.reports.words import TIERS
from sources.schema.model import codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

QUERIES = {
    "rules": "SELECT * FROM core_rules ORDER BY rule_id",
    "publishers": "SELECT publisher_id, publisher_name FROM core_publishers ORDER BY publisher_name, publisher_id",
    "publications": (
        "SELECT publication_id, publisher_id, series, period_start, period_end, published_date, row_count, "
        "transaction_count, counted_total_gbp FROM core_publications "
        "ORDER BY publisher_id, period_start DESC NULLS LAST, period_end DESC, series, publication_id"
    ),
    "files": (
        "SELECT distribution_id, publication_id, publisher_id, file_name, source_url, source_path, file_status, "
        "published_date, snapshot_sha256, is_superseded FROM core_distributions "
        "ORDER BY publisher_id, publication_id, file_name, distribution_id"
    ),
    "quality": "SELECT * FROM mart_quality_by_publication ORDER BY publisher_id, publication_id, dimension",
    "results": "SELECT * FROM core_rule_results ORDER BY publisher_id, publication_id, rule_id",
    "calendar": "SELECT * FROM core_publication_calendar ORDER BY publisher_id, series, due_month",
    "revisions": (
        "SELECT publisher_id, distribution_id, seen_date, previous_snapshot_sha256, snapshot_sha256, "
        "count(*) FILTER (WHERE revision_kind = 'added') AS added, "
        "count(*) FILTER (WHERE revision_kind = 'changed') AS changed, "
        "count(*) FILTER (WHERE revision_kind = 'removed') AS removed, "
        "bool_or(revision_kind = 'file_withdrawn') AS is_withdrawn, "
        "CAST(sum(coalesce(amount_before_gbp, 0)) AS DECIMAL(18,2)) AS before_gbp, "
        "CAST(sum(coalesce(amount_after_gbp, 0)) AS DECIMAL(18,2)) AS after_gbp "
        "FROM core_revisions GROUP BY ALL "
        "ORDER BY publisher_id, seen_date DESC NULLS LAST, distribution_id, snapshot_sha256, previous_snapshot_sha256"
    ),
    "corrections": (
        "SELECT publisher_id, correction_id, distribution_id, sheet, line_number, column_name, value_expected, value_corrected, "
        "value_found, correction_status, correction_reason, correction_date FROM core_corrections "
        "ORDER BY correction_status = 'applied', publisher_id, correction_id"
    ),
    "replies": (
        "SELECT publisher_id, rule_id, reply_text, count(*) AS finding_count FROM core_findings "
        "WHERE reply_text IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ),
}


@dataclass(slots=True)
class Publication:
    """One publication with its tier. `by_dimension` holds its rows of mart_quality_by_publication."""

    row: Row
    folder: str
    tier: str | None = None
    tier_reason: str = ""
    by_dimension: dict[str, Row] = field(default_factory=dict)
    results: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.row["publication_id"])

    @property
    def period(self) -> str:
        return text.period(self.row["period_start"], self.row["period_end"])

    @property
    def label(self) -> str:
        """Its period, with the series where that is not payments over the threshold."""
        series = self.row["series"]
        return self.period if series == "spend_over_threshold" else f"{self.period}, {series_name(series).lower()}"

    def failed(self, severity: str) -> int:
        """Number of rules of a severity that it fails."""
        return sum(1 for one in self.results if one["rule_result"] == "fail" and one["severity"] == severity)


@dataclass(slots=True)
class Report:
    """Everything about one publisher but its findings. Publications are newest first."""

    publisher_id: str
    name: str
    folder: str
    publications: dict[str, Publication] = field(default_factory=dict)
    results: list[Row] = field(default_factory=list)
    calendar: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    corrections: list[Row] = field(default_factory=list)
    """Those that are stale first."""
    replies: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, Row] = field(default_factory=dict)

    def tier_counts(self) -> dict[str, int]:
        """Publications by tier, worst tier first."""
        tiers = [one.tier for one in self.publications.values()]
        return {tier: tiers.count(tier) for tier in TIERS if tier in tiers}

    def status_counts(self) -> dict[str, int]:
        statuses = [row["calendar_status"] for row in self.calendar]
        return {status: statuses.count(status) for status in codes("calendar_statuses") if status in statuses}


@dataclass(slots=True)
class Facts:
    """All reports in the order of the publishers' names, and the rules by id."""

    reports: dict[str, Report]
    rules: dict[str, Row]


def read_facts(con: DuckDBPyConnection) -> Facts:
    """One query a table. A publisher has a report where it has a file or something was due from it."""
    rows = {name: _rows(con, query) for name, query in QUERIES.items()}
    wanted = {row["publisher_id"] for name in ("publications", "files", "calendar", "results") for row in rows[name]}
    reports = {
        row["publisher_id"]: Report(row["publisher_id"], row["publisher_name"], text.folder_name(row["publisher_id"]))
        for row in rows["publishers"]
        if row["publisher_id"] in wanted
    }
    for row in _of(rows["publications"], reports):
        reports[row["publisher_id"]].publications[row["publication_id"]] = Publication(
            row, text.folder_name(row["publication_id"])
        )
    for row in _of(rows["files"], reports):
        report = reports[row["publisher_id"]]
        report.files[row["distribution_id"]] = row
        if row["publication_id"] in report.publications:
            report.publications[row["publication_id"]].files.append(row)
    for row in _of(rows["results"], reports):
        report = reports[row["publisher_id"]]
        report.results.append(row)
        if row["publication_id"] in report.publications:
            report.publications[row["publication_id"]].results.append(row)
    for row in _of(rows["quality"], reports):
        if publication := reports[row["publisher_id"]].publications.get(row["publication_id"]):
            _grade(publication, row)
    for row in _of(rows["calendar"], reports):
        reports[row["publisher_id"]].calendar.append(row)
    for row in _of(rows["revisions"], reports):
        reports[row["publisher_id"]].revisions.append(row)
    for row in _of(rows["corrections"], reports):
        reports[row["publisher_id"]].corrections.append(row)
    for row in _of(rows["replies"], reports):
        reports[row["publisher_id"]].replies.setdefault(row["rule_id"], []).append(row)
    return Facts(reports, {row["rule_id"]: row for row in rows["rules"]})


def series_name(series: str) -> str:
    return codes("series")[series].removesuffix(".")


def by_series(calendar: Iterable[Row]) -> dict[str, list[Row]]:
    """The months due of each series, in order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in calendar:
        found[row["series"]].append(row)
    return dict(found)


def by_year(months: Iterable[Row]) -> dict[int, list[Row | None]]:
    """Twelve places a calendar year, None where nothing was due."""
    years: dict[int, list[Row | None]] = {}
    for row in months:
        due: date = row["due_month"]
        years.setdefault(due.year, [None] * 12)[due.month - 1] = row
    return years


def _grade(publication: Publication, row: Row) -> None:
    """The tier of a publication is the worst that one of its rows names."""
    publication.by_dimension[row["dimension"]] = row
    order = list(TIERS)
    if row["tier"] and (publication.tier is None or order.index(row["tier"]) < order.index(publication.tier)):
        publication.tier, publication.tier_reason = row["tier"], row["tier_reason"] or ""


def _of(rows: list[Row], reports: dict[str, Report]) -> Iterable[Row]:
    return (row for row in rows if row["publisher_id"] in reports)


def _rows(con: DuckDBPyConnection, query: str) -> list[Row]:
    found = con.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
