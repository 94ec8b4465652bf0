"""One file, read: bytes to typed rows and an account of how they were read. Ties readers, layout and values together.

Bad input never raises: the account says what was found instead.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.grid import FileContent, Grid, Note
from sources.layout.beside import tables_of
from sources.layout.find import MAXIMUM_COLUMNS
from sources.layout.rows import Classified, classify
from sources.layout.series import series_of
from sources.layout.table import TypedRows, typed_rows
from sources.periods import Period, periods_in_text, publication_period
from sources.readers import read_content
from sources.schema.arrow import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.inputs import Distribution
    from sources.publisher import Publisher

HERE = Path(__file__).parent
READER_PARTS = ("readers", "layout", "values", "schema", "reading.py", "periods", "grid.py")
"""Code and tables that decide how a file is read. A change in any of them makes every file be read again."""


SWALLOWED_AS = frozenset({"note", "no_amount", "misaligned", "stray_cells", "unmapped", "not_table"})
"""What a row that was torn apart by a quotation mark looks like."""


@cache
def reader_version() -> str:
    """Hash of READER_PARTS, part of the lake's cache key."""
    digest = hashlib.sha256()
    for part in READER_PARTS:
        path = HERE / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".yaml"}:
                digest.update(file.relative_to(HERE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@dataclass(slots=True)
class Reading:
    """`rows` in the schema of lake_rows, `file` one row of lake_files."""

    rows: pa.Table
    file: dict[str, Any]


@dataclass(slots=True)
class _Sheet:
    grid: Grid
    classified: Classified
    typed: TypedRows | None = None

    @property
    def payments(self) -> int:
        return self.classified.classes.count("transaction")


@dataclass(slots=True)
class _Account:
    """What is gathered about a file on the way."""

    notes: list[Note] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def read_distribution(data: bytes, distribution: Distribution, publisher: Publisher, snapshot_sha256: str) -> Reading:
    """Read one distribution. `publisher` gives declared quirks; the result depends on nothing else but the arguments."""
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    content = read_content(data, distribution.file_name)
    account = _Account(list(content.notes))
    hints = (_expected_period(distribution), publisher.quirks.date_order)
    sheets = []
    _name_apart(content.grids)
    for whole in content.grids:
        tables_beside, found = tables_of(whole)
        account.notes += found
        sheets += [_Sheet(grid, classify(grid.rows, hints)) for grid in tables_beside]
    _set_hidden_aside(sheets)
    _set_summaries_aside(sheets)
    for sheet in sheets:
        _name_swallowed(sheet)
    constants = {
        "publisher_id": publisher.id,
        "distribution_id": distribution.distribution_id,
        "snapshot_sha256": snapshot_sha256,
    }
    counts: Counter[str] | None = Counter() if len(sheets) > 1 else None
    for sheet in sheets:
        sheet.typed = typed_rows(
            sheet.grid, sheet.classified, hints, constants, counts, basis=publisher.quirks.amount_basis
        )
        _note_layout(sheet, account)
    tables = [sheet.typed.rows for sheet in sheets if sheet.typed]
    rows = pa.concat_tables(tables) if tables else arrow_schema("lake_rows").empty_table()
    facts = {**constants, "byte_count": len(data), "total_gbp": _total(rows)}
    return Reading(rows, facts | _facts(distribution, content, sheets, account))


def _expected_period(distribution: Distribution) -> Period | None:
    """What the name, or else the page, says the file is for: in which order a date's parts stand can hang on it."""
    for text in (distribution.file_name, distribution.title, distribution.page_title):
        if found := periods_in_text(text):
            return found[0]
    return None


def _name_apart(grids: list[Grid]) -> None:
    """Tables of one name, as members of an archive can have, get numbers: a place in a file is a sheet and a line."""
    names: Counter[str] = Counter()
    for grid in grids:
        names[grid.sheet] += 1
        if names[grid.sheet] > 1:
            grid.sheet = f"{grid.sheet} ({names[grid.sheet]})".strip()


def _set_hidden_aside(sheets: list[_Sheet]) -> None:
    """Rows of hidden sheets are set aside where a visible one holds payments: hidden ones are working copies."""
    if not any(sheet.payments for sheet in sheets if not sheet.grid.is_hidden):
        return
    for sheet in sheets:
        if sheet.grid.is_hidden:
            classes = sheet.classified.classes
            classes[:] = ["blank" if name == "blank" else "hidden_sheet" for name in classes]


def _set_summaries_aside(sheets: list[_Sheet]) -> None:
    """Rows of a table of sums, such as one a directorate, are set aside where another table of the file holds the payments."""
    tables = [(sheet, segment) for sheet in sheets for segment in sheet.classified.segments]
    named = [len({"supplier_name", "payment_date"} & segment.columns.index.keys()) for _, segment in tables]
    if 2 not in named:
        return
    for (sheet, segment), names in zip(tables, named, strict=True):
        classes = sheet.classified.classes
        for i in segment.rows if not names else ():
            classes[i] = "summary" if classes[i] == "transaction" else classes[i]


def _name_swallowed(sheet: _Sheet) -> None:
    """Rows that a stray quotation mark swallowed and that make no payment even without it are set aside as just that."""
    classes = sheet.classified.classes
    for i in sheet.grid.requoted:
        if classes[i] in SWALLOWED_AS:
            classes[i] = "overlong_cell"


def _note_layout(sheet: _Sheet, account: _Account) -> None:
    grid, classified = sheet.grid, sheet.classified
    account.titles += classified.titles + ([grid.sheet] if grid.sheet and sheet.payments else [])
    for place, segment in enumerate(s for s in classified.segments if s.rows):
        line = grid.lines[segment.heading.rows[-1]] if segment.heading else None
        account.notes += [Note(note.code, note.detail, line) for note in segment.columns.notes]
        if place:
            account.notes.append(Note("second_report", "another report begins here", line))
        for column in segment.columns.described:
            if column["match"] in {"fuzzy", "partial", "inferred"}:
                words = f"column {column['position']} headed {column['header']!r} was taken for {column['field']} ({column['match']})"
                account.notes.append(Note("header_guessed", words, line))
        if segment.heading and len(segment.heading.rows) > 1:
            account.notes.append(Note("header_split", "the heading takes several rows", line))
    account.notes += [
        Note("row_shifted", "cells moved back under their headings", grid.lines[i]) for i in sorted(classified.mended)
    ]
    if max(map(len, grid.rows), default=0) > MAXIMUM_COLUMNS:
        wide = [i for i, row in enumerate(grid.rows) if len(row) > MAXIMUM_COLUMNS]
        account.notes.append(
            Note("columns_beyond_limit", f"{len(wide)} row(s) go beyond column {MAXIMUM_COLUMNS}", grid.lines[wide[0]])
        )


def _facts(distribution: Distribution, content: FileContent, sheets: list[_Sheet], account: _Account) -> dict[str, Any]:
    """The rest of a row of lake_files: how the file was read."""
    main = max(sheets, key=lambda sheet: sheet.payments, default=None)
    segment = next((s for s in main.classified.segments if s.rows or s.heading), None) if main else None
    dates = list(chain.from_iterable(sheet.typed.dates for sheet in sheets if sheet.typed))
    known = {day for day in {*dates} if day}
    classes = Counter(name for sheet in sheets for name in sheet.classified.classes)
    payments, total = classes["transaction"], sum(classes.values())
    status, reason, detail = _status(content, classes, sheets)
    if detail:
        account.notes.append(Note(reason or "detail", detail))
    period, evidence = publication_period(
        distribution.file_name,
        account.titles,
        dates,
        title=distribution.title,
        page_title=distribution.page_title,
    )
    account.notes += _period_notes(distribution.file_name, period, evidence, known)
    headers = [str(column["header"]) for column in segment.columns.described] if segment else []
    orders = {sheet.typed.order for sheet in sheets if sheet.typed and sheet.typed.dates}
    return {
        "file_name": distribution.file_name,
        "source_path": distribution.path,
        "source_url": distribution.url,
        "published_date": distribution.published_date,
        "series": series_of(
            distribution.file_name, [distribution.title, *account.titles], headers, distribution.page_title
        ),
        "file_status": status,
        "file_reason_code": reason,
        "container": content.container,
        "encoding": content.encoding or None,
        "delimiter": content.delimiter or None,
        "sheet": "; ".join(sheet.grid.sheet for sheet in sheets if sheet.payments and sheet.grid.sheet) or None,
        "header_line": main.grid.lines[segment.heading.rows[-1]] if main and segment and segment.heading else None,
        "columns": _json(segment.columns.described if segment else []),
        "notes": _json([{"code": note.code, "detail": note.detail, "line": note.line} for note in account.notes]),
        "physical_line_count": sum(sheet.grid.physical_lines for sheet in sheets),
        "row_count": total,
        "transaction_count": payments,
        "set_aside_count": total - payments,
        "first_date": min(known, default=None),
        "last_date": max(known, default=None),
        "date_order": orders.pop() if len(orders) == 1 else "mixed" if orders else "none",
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "period_evidence": evidence,
        "reader_version": reader_version(),
    }


def _period_notes(name: str, period: Period | None, evidence: str, known: set[date]) -> list[Note]:
    """What people should know where the name says one period and every date another."""
    if period is None or not known:
        return []
    if evidence in {"declared", "file_name", "title"} and not any(map(period.contains, known)):
        words = f"named for {period.start} to {period.end}, but every date lies from {min(known)} to {max(known)}"
        return [Note("period_contradicted", words)]
    named = periods_in_text(name)
    if evidence in {"dates", "name_and_dates"} and named and period not in named:
        words = f"the name may mean {named[0].start:%B %Y}; no date lies there, so the dates decide"
        return [Note("period_guessed", words)]
    return []


def _status(content: FileContent, classes: Counter[str], sheets: list[_Sheet]) -> tuple[str, str | None, str]:
    if content.reason:
        return "unreadable", content.reason, content.detail
    if classes["transaction"]:
        return "read", None, ""
    if classes["nil_return"]:
        return "explained", "nil_return", ""
    if not any(count for name, count in classes.items() if name != "blank"):
        return "explained", "empty_file", "no cell holds anything"
    if classes["unmapped"] or not any(sheet.classified.segments for sheet in sheets):
        return "unreadable", "no_table", "no heading that names an amount, and no columns that look like payments"
    return "explained", "no_rows", "headings without a payment line"


def _total(rows: pa.Table) -> Decimal:
    import pyarrow.compute as pc  # noqa: PLC0415 - see sources.schema.arrow

    return pc.sum(rows["amount_gbp"]).as_py() or Decimal("0.00")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the account of a file")
