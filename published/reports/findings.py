"""Every finding: a line of findings.csv and a row on the pages of its rule, in one pass over core_findings.

Belongs here: reading the findings in order, and cutting them into pages. Does not belong here: what a row looks like
(rows.py) or what is said about a rule (its template). Nothing is left out, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from published.formula_cells import is_formula
from published.reports.pages import PAGE_LIMIT, Shelf, environment
from published.reports.rows import COLUMNS, row, row_sql
from sources.schema.model import table

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.reports.facts import Facts, Report

BATCH = 20_000
SORTED_AT_ONCE = 300_000
"""Findings that are put in order together, where they are not of one publisher."""
BODY_LIMIT = 255_000
LISTED = 600
"""Publications in the table of a rule's first page."""
LISTED_BYTES = 400
CSV_NAME = "findings.csv"
PLACE = ("publisher_id", "rule_id", "publication_id", "distribution_id", "sheet")

BLOCK = 100
"""Rows that are put on a page at once where they fit."""

Runs = Iterator[tuple[Any, ...]]
"""Findings of one place: values of PLACE, then a list of rows, each as HTML in UTF-8 where it is plain, else what COLUMNS hold."""
Places = dict[tuple[str, str], dict[str | None, int]]
"""By publisher and rule: the number of the page on which the findings of each publication begin."""


def write_findings(con: DuckDBPyConnection, shelf: Shelf, facts: Facts) -> Places:
    """Writes <publisher>/findings.csv and <publisher>/rules/<rule>/<n>.html for every publisher. Returns where to find what."""
    places: Places = {}
    with ThreadPoolExecutor(2) as pool:
        for (publisher_id, rule_id), found in groupby(_read(con, shelf, facts, pool), key=itemgetter(0, 1)):
            pages = RulePages(shelf, facts.reports[publisher_id], facts.rules[rule_id])
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

    def write(self, runs: Runs) -> None:
        heading = environment().get_template("group.html.jinja").render
        for (publication_id, distribution_id, sheet), group in groupby(runs, key=itemgetter(2, 3, 4)):
            begins = heading(
                publication=self.report.publications.get(publication_id or ""),
                file=self.report.files.get(distribution_id or ""),
                sheet=sheet,
            ).encode()
            self._add(begins, room=5_000)
            self.starts.setdefault(publication_id, self.number)
            for *_, found in group:
                rows = [one if isinstance(one, bytes) else row(one, self.shared_reply).encode() for one in found]
                for start in range(0, len(rows), BLOCK):
                    self._add_rows(rows[start : start + BLOCK], begins)
        self._turn(is_last=True)

    def _add_rows(self, rows: list[bytes], begins: bytes) -> None:
        """Puts all on the page at once, or one by one where they do not fit, under `begins` again on each new page."""
        together = b"".join(rows)
        if self.size + len(together) <= BODY_LIMIT:
            rows = [together]
        for one in rows:
            if self._add(one):
                self.body.insert(0, begins)
                self.size += len(begins)

    def _add(self, html: bytes, room: int = 0) -> bool:
        """Puts `html` on the page, or on the next where it does not fit with `room` to spare. Whether the page was turned."""
        size = len(html)
        turned = self.size + size + room > BODY_LIMIT
        if turned:
            self._turn(is_last=False)
        self.body.append(html)
        self.size += size
        return turned

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
            has_rows=bool(body),
            ready=body,
        )
        if size > PAGE_LIMIT:
            raise ValueError(f"{self.folder}/{number}.html has {size} bytes")


def _read(con: DuckDBPyConnection, shelf: Shelf, facts: Facts, pool: ThreadPoolExecutor) -> Runs:
    """The findings in order. Meanwhile one thread reads ahead, and another writes what passes to each publisher's CSV."""
    names = table("core_findings").field_names
    for report in facts.reports.values():
        (shelf.top / report.folder).mkdir(parents=True, exist_ok=True)
        (shelf.top / report.folder / CSV_NAME).write_text(",".join(names) + "\n", encoding="utf-8-sig")
    written: Future[None] | None = None
    batches = _batches(con, _query(names), facts.reports)
    ahead = pool.submit(next, batches, None)
    while (batch := ahead.result()) is not None:
        ahead = pool.submit(next, batches, None)
        for part in _split(batch, PLACE[:1]):
            publisher_id = part.column("publisher_id")[0].as_py()
            if written is not None:
                written.result()
            path = shelf.top / facts.reports[publisher_id].folder / CSV_NAME
            written = pool.submit(_append_csv, part.select([f"csv_{name}" for name in names]), path)
            for run in _split(part, PLACE):
                yield *(run.column(name)[0].as_py() for name in PLACE), _rows(run)
    if written is not None:
        written.result()


def _batches(con: DuckDBPyConnection, query: str, publishers: Collection[str]) -> Iterator[pa.RecordBatch]:
    """The answers to `query`, put in order for a few publishers at a time, so that memory does not grow with all findings."""
    counts = con.execute("SELECT publisher_id, count(*) FROM core_findings GROUP BY 1 ORDER BY 1").fetchall()
    some: list[str] = []
    waiting = 0
    for publisher_id, count in counts:
        if publisher_id not in publishers:
            continue
        if some and waiting + count > SORTED_AT_ONCE:
            yield from con.execute(query, [some]).to_arrow_reader(BATCH)
            some, waiting = [], 0
        some.append(publisher_id)
        waiting += count
    if some:
        yield from con.execute(query, [some]).to_arrow_reader(BATCH)


def _split(batch: pa.RecordBatch, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The batch cut wherever one of the columns changes."""
    import pyarrow.compute as pc  # noqa: PLC0415 - see sources.schema.arrow

    last = len(batch) - 1
    changes = None
    for name in names:
        column = pc.fill_null(batch.column(name), "")
        changed = pc.not_equal(column.slice(1), column.slice(0, last))
        changes = changed if changes is None else pc.or_(changes, changed)
    cuts = [0, *(place + 1 for place in pc.indices_nonzero(changes).to_pylist()), len(batch)]
    for start, end in pairwise(cuts):
        yield batch.slice(start, end - start)


def _rows(run: pa.RecordBatch) -> list[Any]:
    html = run.column("html")
    rows: list[Any] = html.to_pylist()
    if html.null_count:
        others = iter(run.filter(html.is_null()).select(list(COLUMNS)).to_pylist())
        rows = [next(others) if one is None else one for one in rows]
    return rows


def _append_csv(part: pa.RecordBatch, path: Path) -> None:
    import pyarrow.csv as pa_csv  # noqa: PLC0415 - see above

    with path.open("ab") as file:
        pa_csv.write_csv(part, file, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))


def _query(names: list[str]) -> str:
    """Place and row for the pages; every column for the CSV, with formulas neutralised."""
    text = {field.name for field in table("core_findings").fields if field.type == "text"}
    return f"""
        WITH ordered AS (
            SELECT f.* FROM core_findings AS f LEFT JOIN core_publications AS p USING (publication_id)
            WHERE f.publisher_id IN (SELECT unnest($1))
            ORDER BY f.publisher_id, f.rule_id, p.period_start DESC NULLS LAST, f.publication_id,
                f.distribution_id, f.sheet, f.line_number, f.finding_id
        ), made AS (
            SELECT *, encode({row_sql("ordered")}) AS html FROM ordered
        )
        SELECT {", ".join(PLACE)}, html, {", ".join(COLUMNS)},
            {", ".join(_csv(name, is_text=name in text) for name in names)}
        FROM made
    """


def _csv(name: str, *, is_text: bool) -> str:
    if not is_text:
        return f"{name} AS csv_{name}"
    return f"CASE WHEN {is_formula(name)} THEN '''' || {name} ELSE {name} END AS csv_{name}"
