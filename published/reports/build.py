"""Writes the reports of a release: an index, and for each publisher its page, detail pages, findings.csv and report.json.

Belongs here: which pages there are and in which order they are made. Does not belong here: what is read (facts.py,
findings.py), concluded (mends.py), drawn (charts.py, timelines.py) or said (templates).

The same tables, version and day give the same bytes. Nothing but DuckDB tables is read.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.reports import charts, facts, mends, timelines
from published.reports.findings import Places, write_findings
from published.reports.pages import STYLE, Edition, Shelf, sheets
from published.reports.report_json import SCHEMA, as_text, report_json
from published.reports.words import SEVERITIES
from sources.schema.model import codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from published.reports.facts import Facts, Publication, Report

PUBLISHERS_A_PAGE = 100
PUBLICATIONS_SHOWN = 12
PUBLICATIONS_A_PAGE = 100
REVISIONS_SHOWN = 12
REVISIONS_A_PAGE = 300
STRIP_MONTHS = 24
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIER_MEANINGS = {
    code: meaning.partition("; ")[2].removesuffix(".") for code, meaning in codes("tiers").items() if "; " in meaning
}


@dataclass(frozen=True, slots=True)
class Reports:
    """What was written. `findings` are those listed on pages."""

    publishers: int
    largest_page: int


def build_reports(
    con: DuckDBPyConnection, out: Path, *, release_version: str | None, as_of: date, is_sample: bool
) -> Reports:
    """Writes out/index.html and out/<publisher>/... for every publisher that has a file or something due.

    `release_version` None says that the files are checked before publication; every page then says so.
    """
    out.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(Edition(release_version, as_of, is_sample), out)
    shutil.copyfile(STYLE, out / STYLE.name)
    shutil.copyfile(SCHEMA, out / SCHEMA.name)
    found = facts.read_facts(con)
    places = write_findings(con, shelf, found)
    largest = _write_index(shelf, found, has_scorecards=_has_scores(con))
    for report in found.reports.values():
        largest = max(largest, *_write_report(shelf, found, report, places))
    return Reports(len(found.reports), largest)


def _has_scores(con: DuckDBPyConnection) -> bool:
    """Whether scorecards will stand beside the reports: a warehouse that was never scored has none."""
    return bool(
        con.execute(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'mart_measure_values' AND estimated_size > 0"
        ).fetchall()
    )


def _write_index(shelf: Shelf, found: Facts, *, has_scorecards: bool) -> int:
    rows = [_compared(place, report) for place, report in enumerate(found.reports.values(), start=1)]
    return max(
        shelf.write(
            _index_name(number),
            "index.html.jinja",
            rows=shown,
            number=number,
            total=total,
            name=_index_name,
            TIER_MEANINGS=TIER_MEANINGS,
            has_scorecards=has_scorecards,
        )
        for number, total, shown in sheets(rows, PUBLISHERS_A_PAGE)
    )


def _compared(place: int, report: Report) -> dict[str, Any]:
    months = sorted(report.calendar, key=lambda row: (row["due_month"], row["series"]))[-STRIP_MONTHS:]
    statuses = [row["calendar_status"] for row in months]
    words = charts.in_words(statuses)
    return {
        "report": report,
        "newest": next(iter(report.publications.values()), None),
        "tiers": report.tier_counts(),
        "words": words,
        "picture": charts.strip(f"c{place}", f"{report.name}: {words}", statuses),
    }


def _write_report(shelf: Shelf, found: Facts, report: Report, places: Places) -> list[int]:
    totals = mends.rule_totals(report, found.rules)
    linked = {rule_id for rule_id in found.rules if (report.publisher_id, rule_id) in places}
    publications = list(report.publications.values())
    sizes = [
        shelf.write(
            f"{report.folder}/index.html",
            "publisher.html.jinja",
            report=report,
            rules=found.rules,
            newest=publications[0] if publications else None,
            totals=sorted(totals, key=lambda total: (list(SEVERITIES).index(total.severity), total.rule["rule_id"])),
            mends=mends.most_helpful(totals),
            recent=min(len(publications), mends.RECENT),
            linked=linked,
            shown_publications=publications[:PUBLICATIONS_SHOWN],
            shown_revisions=report.revisions[:REVISIONS_SHOWN],
            calendars=timelines.calendars(report),
            trends=timelines.trends(report),
            TIER_MEANINGS=TIER_MEANINGS,
            MONTH_NAMES=MONTH_NAMES,
        )
    ]
    for name, rows, size in (
        ("publications", publications, PUBLICATIONS_A_PAGE),
        ("revisions", report.revisions, REVISIONS_A_PAGE),
    ):
        sizes += _write_list(shelf, report, name, rows, size)
    sizes += [_write_publication(shelf, found, report, one, places) for one in publications]
    if report.calendar:
        path = f"{report.folder}/calendar.html"
        sizes.append(shelf.write(path, "calendar.html.jinja", report=report, calendar=facts.by_series(report.calendar)))
    written = report_json(shelf.edition, report, totals)
    (shelf.top / report.folder / "report.json").write_text(as_text(written), encoding="utf-8")
    return sizes


def _write_list(shelf: Shelf, report: Report, kind: str, rows: Sequence[Any], size: int) -> list[int]:
    def name(number: int) -> str:
        return f"all-{kind}{'' if number == 1 else f'-{number}'}.html"

    return [
        shelf.write(
            f"{report.folder}/{name(number)}",
            f"{kind}.html.jinja",
            report=report,
            rows=shown,
            number=number,
            total=total,
            name=name,
        )
        for number, total, shown in sheets(rows, size)
    ]


def _write_publication(shelf: Shelf, found: Facts, report: Report, publication: Publication, places: Places) -> int:
    starts = {
        one["rule_id"]: places.get((report.publisher_id, one["rule_id"]), {}).get(publication.id)
        for one in publication.results
    }
    by_result = defaultdict(list)  # sorted out here: Jinja's selectattr took a fifth of a report's time
    for one in publication.results:
        by_result[one["rule_result"]].append(one)
    return shelf.write(
        f"{report.folder}/publications/{publication.folder}.html",
        "publication.html.jinja",
        report=report,
        publication=publication,
        rules=found.rules,
        starts=starts,
        failing=by_result["fail"],
        unasked=by_result["not_applicable"],
        passing=by_result["pass"],
    )


def _index_name(number: int) -> str:
    return "index.html" if number == 1 else f"index-{number}.html"
