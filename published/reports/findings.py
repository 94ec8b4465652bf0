"""Every finding: a line of findings.csv and a row on the pages of its rule, in one pass over core_findings.

Belongs here: reading the findings in order, and cutting them into pages. Does not belong here: what is said about a rule.
Nothing is left out, however many there are; only the lines of rules about private persons are counted and not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from published.reports.pages import PAGE_LIMIT, Shelf, environment
from published.reports.text import DETAIL_LENGTH, FORMULA, VALUE_LENGTH, money, shown
from sources.schema.model import table

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.reports.facts import Facts, Report

BATCH = 20_000
BLOCK = 40
"""Rows rendered at once. Even where every character has to be escaped, a block is under 200 kB."""
BODY_LIMIT = 255_000
LISTED = 600
"""Publications in the table of a rule's first page."""
LISTED_BYTES = 400
CSV_NAME = "findings.csv"
WITHHELD = "(not shown: may be a private person)"


class Finding(NamedTuple):
    """What a page shows of a finding."""

    publisher_id: str
    rule_id: str
    publication_id: str | None
    distribution_id: str | None
    sheet: str | None
    line_number: int | None
    column_name: str | None
    raw_value: str | None
    finding_detail: str | None
    money_gbp: Any
    reply_text: str | None


Places = dict[tuple[str, str], dict[str | None, int]]
"""By publisher and rule: the number of the page on which the findings of each publication begin."""


def write_findings(con: DuckDBPyConnection, shelf: Shelf, facts: Facts) -> Places:
    """Writes <publisher>/findings.csv and <publisher>/rules/<rule>/<n>.html for every publisher. Returns where to find what."""
    places: Places = {}
    with ThreadPoolExecutor(1) as pool:
        rows = _tee_csv(con, shelf, facts, pool)
        for (publisher_id, rule_id), found in groupby(rows, key=itemgetter(0, 1)):
            report = facts.reports[publisher_id]
            pages = RulePages(shelf, report, facts.rules[rule_id])
            pages.write(found)
            places[publisher_id, rule_id] = pages.starts
    return places


class RulePages:
    """The pages of one rule and one publisher. The first is written last, since it says where each publication begins."""

    def __init__(self, shelf: Shelf, report: Report, rule: dict[str, Any]) -> None:
        self.shelf, self.report, self.rule = shelf, report, rule
        self.folder = f"{report.folder}/rules/{rule['rule_id']}"
        place = {publication_id: place for place, publication_id in enumerate(report.publications)}
        failing = (one for one in report.results if one["rule_id"] == rule["rule_id"] and one["rule_result"] == "fail")
        self.results = sorted(failing, key=lambda one: place.get(one["publication_id"], -1))
        replies = report.replies.get(rule["rule_id"], [])
        self.shared_reply = replies[0]["reply_text"] if len(replies) == 1 else None
        self.starts: dict[str | None, int] = {}
        self.number = 1
        self.first = b""
        self.body: list[bytes] = []
        self.size = min(len(self.results), LISTED) * LISTED_BYTES

    def write(self, findings: Iterator[Finding]) -> None:
        render = environment().get_template("rows.html.jinja").render
        for (publication_id, distribution_id), group in groupby(findings, key=itemgetter(2, 3)):
            heading = self._heading(publication_id, distribution_id)
            begins = True
            while block := list(islice(group, BLOCK)):
                rows = [self._row(one) for one in block]
                html = render(rows=rows, heading=heading, begins=begins).encode()
                if self.size + len(html) > BODY_LIMIT:
                    self._turn(is_last=False)
                    html = html if begins else render(rows=rows, heading=heading, begins=True).encode()
                self.starts.setdefault(publication_id, self.number)
                self.body.append(html)
                self.size += len(html)
                begins = False
        self._turn(is_last=True)

    def _turn(self, *, is_last: bool) -> None:
        """Ends a page; the first is kept until all others are written."""
        body = b"".join(self.body)
        if self.number == 1:
            self.first = body
        else:
            self._page(self.number, body, has_next=not is_last)
        if is_last:
            self._page(1, self.first, has_next=self.number > 1)
        self.body, self.size = [], 0
        self.number += 1

    def _page(self, number: int, body: bytes, *, has_next: bool) -> None:
        size = self.shelf.write(
            f"{self.folder}/{number}.html",
            "rule.html.jinja",
            report=self.report,
            rule=self.rule,
            number=number,
            pages=self.number,
            has_next=has_next,
            starts=self.starts,
            results=self.results,
            listed=LISTED,
            shared_reply=self.shared_reply,
            rows=Markup(body.decode()),  # noqa: S704 - rendered above with autoescape
        )
        if size > PAGE_LIMIT:
            raise ValueError(f"{self.folder}/{number}.html has {size} bytes")

    def _heading(self, publication_id: str | None, distribution_id: str | None) -> dict[str, Any]:
        publication = self.report.publications.get(publication_id or "")
        return {"publication": publication, "file": self.report.files.get(distribution_id or "")}

    def _row(self, one: Finding) -> tuple[str, str, str, str, str, str]:
        line = "" if one.line_number is None else f"{one.line_number:,}"
        if one.sheet:
            line = f"{shown(one.sheet, 60)}, {line}"
        comment = "" if one.reply_text is None or one.reply_text == self.shared_reply else one.reply_text
        return (
            line,
            one.column_name or "",
            shown(one.raw_value, VALUE_LENGTH),
            shown(one.finding_detail, DETAIL_LENGTH),
            money(one.money_gbp),
            shown(comment, DETAIL_LENGTH),
        )


def _tee_csv(con: DuckDBPyConnection, shelf: Shelf, facts: Facts, pool: ThreadPoolExecutor) -> Iterator[Finding]:
    """The findings in order; what passes is written to each publisher's CSV by another thread meanwhile."""
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    names = table("core_findings").field_names
    for report in facts.reports.values():
        (shelf.top / report.folder).mkdir(parents=True, exist_ok=True)
        (shelf.top / report.folder / CSV_NAME).write_text(",".join(names) + "\n", encoding="utf-8-sig")
    reader = con.execute(_query(names)).to_arrow_reader(BATCH)
    written: Future[None] | None = None
    for batch in reader:
        data = pa.Table.from_batches([batch])
        publishers = data.column("publisher_id").to_pylist()
        start = 0
        for publisher_id, run in groupby(publishers):
            length = sum(1 for _ in run)
            part = data.slice(start, length)
            start += length
            if publisher_id not in facts.reports:
                continue
            if written is not None:
                written.result()
            path = shelf.top / facts.reports[publisher_id].folder / CSV_NAME
            written = pool.submit(_append_csv, part.select([f"csv_{name}" for name in names]), path)
            columns = [part.column(name).to_pylist() for name in Finding._fields]
            yield from map(Finding._make, zip(*columns, strict=True))
    if written is not None:
        written.result()


def _append_csv(part: pa.Table, path: Path) -> None:
    import pyarrow.csv as pa_csv  # noqa: PLC0415 - see above

    with path.open("ab") as file:
        pa_csv.write_csv(part, file, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))


def _query(names: list[str]) -> str:
    """Columns for the pages as they are, and every column for the CSV with formulas neutralised."""
    text = {field.name for field in table("core_findings").fields if field.type == "text"}
    return f"""
        WITH shown AS (
            SELECT f.* EXCLUDE (raw_value, finding_detail),
                f.raw_value, f.finding_detail
            FROM core_findings AS f
        )
        SELECT {", ".join(f"shown.{name}" for name in Finding._fields)},
            {", ".join(_csv(name, is_text=name in text) for name in names)}
        FROM shown LEFT JOIN core_publications AS p USING (publication_id)
        ORDER BY shown.publisher_id, shown.rule_id, p.period_start DESC NULLS LAST, shown.publication_id,
            shown.distribution_id, shown.sheet, shown.line_number, shown.finding_id
    """


def _csv(name: str, *, is_text: bool) -> str:
    if not is_text:
        return f"CAST(shown.{name} AS VARCHAR) AS csv_{name}"
    pattern = FORMULA.replace("'", "''")
    return f"CASE WHEN regexp_matches(shown.{name}, '{pattern}') THEN '''' || shown.{name} ELSE shown.{name} END AS csv_{name}"
