"""Faults put into real files, one at a time: the rule meant for each finds it there, and the line's money stays what it was.

For rules that found nothing in the real files, whose examples alone would say little of how files really look.
"""

from __future__ import annotations

import csv
import io
import json
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from quality_checks.engine import run_rules

pytestmark = pytest.mark.real

Rows = list[list[str]]
FILES = """
SELECT arg_min(source_path, sha), arg_min(header_line, sha), arg_min(columns, sha) FROM (
    SELECT *, snapshot_sha256 AS sha FROM core_distributions
    WHERE container = 'csv' AND delimiter = ',' AND encoding IN ('utf-8', 'cp1252') AND transaction_count BETWEEN 30 AND 300)
WHERE header_line IS NOT NULL GROUP BY publisher_id ORDER BY publisher_id
"""
"""One plain file of each publisher that has one, with the line of its headings and its columns."""
OF_ONE = """
SELECT source_path, header_line, columns FROM core_distributions AS d
WHERE container = 'csv' AND delimiter = ',' AND encoding IN ('utf-8', 'cp1252') AND transaction_count BETWEEN 30 AND 300
QUALIFY count(*) OVER (PARTITION BY publisher_id) >= 5
ORDER BY count(*) OVER (PARTITION BY publisher_id) DESC, publisher_id, source_path LIMIT 5
"""
"""Five plain files of the publisher that has most."""
WORKBOOK = (
    "SELECT arg_min(source_path, byte_count) FROM core_distributions WHERE container = 'xlsx' AND file_status = 'read'"
)
NEEDED = {"supplier_name", "payment_date", "amount_gbp"}
UNTOUCHED = "untouched"
STRAY = "\ue000"
"""Stands for a quotation mark that nothing closes."""


@dataclass
class Real:
    """A real file taken apart; `at` is the column of each field, `line` the one that a fault is put into, from 1."""

    name: str
    rows: Rows
    heading: int
    at: dict[str, int]
    line: int = 0

    def cell(self, field: str, text: str) -> None:
        self.rows[self.line - 1][self.at[field]] = text


def _insert_blank(real: Real) -> None:
    real.rows[real.line - 1].insert(real.at["supplier_name"], "")


def _exchange(real: Real) -> None:
    row, (one, other) = real.rows[real.line - 1], (real.at["amount_gbp"], real.at["supplier_name"])
    row[one], row[other] = row[other], row[one]


def _lose_line_end(real: Real) -> None:
    real.rows[real.line - 1] += real.rows.pop(real.line)


def _drop_dates(real: Real) -> None:
    for row in real.rows[real.heading - 1 :]:
        del row[real.at["payment_date"] : real.at["payment_date"] + 1]


def _double_amounts(real: Real) -> None:
    at = real.at["amount_gbp"]
    for row in real.rows[real.heading - 1 :]:
        row[at:at] = row[at : at + 1]


def _redact(real: Real) -> None:
    for row in real.rows[real.heading :: 2]:
        row[real.at["supplier_name"] : real.at["supplier_name"] + 1] = ["Redacted"]


FAULTS: dict[str, Callable[[Real], None]] = {
    "amount_foreign_sign": lambda real: real.cell("amount_gbp", "€31,000.00"),
    "amount_implausible": lambda real: real.cell("amount_gbp", "999999999999.00"),
    "amount_scientific": lambda real: real.cell("amount_gbp", "1.23E+06"),
    "amount_spreadsheet_error": lambda real: real.cell("amount_gbp", "#REF!"),
    "date_unreadable": lambda real: real.cell("payment_date", "last week"),
    "date_future": lambda real: real.cell("payment_date", "01/04/2098"),
    "direction_marks": lambda real: real.cell("supplier_name", "Acme \u202eLtd"),
    "row_shifted": _insert_blank,
    "row_misaligned": _exchange,
    "row_goes_on": _lose_line_end,
    "essential_column_missing": _drop_dates,
    "heading_missing": lambda real: real.rows.__delitem__(slice(real.heading)),
    "heading_below": lambda real: real.rows.append(real.rows.pop(real.heading - 1)),
    "heading_misaligned": lambda real: real.rows[real.heading - 1].insert(0, ""),
    "several_amount_columns": _double_amounts,
    "redacted_money_large": _redact,
    "delimiters_mixed": lambda _: None,  # see _text
    "quotation_marks_broken": lambda real: real.cell("supplier_name", f"{STRAY}Acme Ltd"),
}
OF_A_FILE = {
    "heading_below",
    "essential_column_missing",
    "heading_missing",
    "heading_misaligned",
    "several_amount_columns",
    "redacted_money_large",
}
NEIGHBOURS = {
    "date_unreadable": {"row_misaligned"},
    "row_misaligned": {"amount_unreadable", "row_shifted"},
    "essential_column_missing": {"heading_does_not_name_column", "date_month_only"},
    "heading_missing": {"wrong_document"},
    "quotation_marks_broken": {"amount_unreadable"},
}
"""Rules that may find the fault instead, in one file of five at the most."""


def _text(real: Real, fault: str) -> bytes:
    lines = []
    for number, row in enumerate(real.rows, start=1):
        out = io.StringIO()
        is_mixed = fault == "delimiters_mixed" and number == real.line
        csv.writer(out, delimiter=";" if is_mixed else ",", lineterminator="\r\n").writerow(row)
        lines.append(out.getvalue())
    return "".join(lines).replace(STRAY, '"').encode()


def _read(path: Path) -> Rows:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline="")))


def _asked(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as con:
        return con.execute(sql).fetchall()


def _real_files(home: Path, sql: str = FILES) -> Iterator[Real]:
    found = _asked(home, sql)
    for path, heading, columns in found:
        at = {one["field"]: one["position"] - 1 for one in json.loads(columns) if one["field"]}
        rows = _read(Path(os.environ["PUBLICVALUE_REAL_MIRROR"]) / path)
        whole = [
            number
            for number, row in enumerate(rows[heading:], start=heading + 1)
            if len(row) > max(at.values()) and all(row[at[field]].strip() for field in NEEDED & at.keys())
        ]
        if at.keys() >= NEEDED and len(whole) > 20 and not any("\n" in cell for row in rows for cell in row):
            yield Real(Path(path).name, rows, heading, at, whole[len(whole) // 2])


@dataclass(frozen=True)
class Tried:
    """Findings by publisher, each with its line; the publishers of a fault are its files. `lines` are those of the faults."""

    found: dict[str, set[tuple[str, int | None]]]
    amounts: dict[tuple[str, int], Decimal | None]
    lines: dict[int, int]


@pytest.fixture(scope="module")
def tried(real_spending: Path, new_shelf: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Tried:
    shelf = new_shelf(tmp_path_factory.mktemp("faults"))
    lines: dict[int, int] = {}
    for place, real in enumerate(_real_files(real_spending)):
        lines[place] = real.line
        for fault in (UNTOUCHED, *FAULTS):
            copy = Real(real.name, [list(row) for row in real.rows], real.heading, real.at, real.line)
            FAULTS.get(fault, lambda _: None)(copy)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
                shelf.add(_publisher(fault, place), {real.name: _text(copy, fault)})
    with duckdb.connect() as con:
        shelf.build(con)
        run_rules(con, as_of=date(2026, 11, 1))
        found: dict[str, set[tuple[str, int | None]]] = {}
        for publisher, rule, line in con.execute(
            "SELECT publisher_id, rule_id, line_number FROM core_findings"
        ).fetchall():
            found.setdefault(publisher, set()).add((rule, line))
        amounts = {
            (publisher, line): amount
            for publisher, line, amount in con.execute(
                "SELECT publisher_id, line_number, amount_gbp FROM core_transactions"
            ).fetchall()
        }
    return Tried(found, amounts, lines)


def _publisher(fault: str, place: int) -> str:
    return f"{fault}-{place}".replace("_", "-")


def test_the_files_are_of_many_publishers(tried: Tried) -> None:
    assert len(tried.lines) >= 15


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_put_into_a_real_file_is_found_by_the_rule_meant_for_it(fault: str, tried: Tried) -> None:
    missed = []
    for place, line in tried.lines.items():
        new = tried.found.get(_publisher(fault, place), set()) - tried.found.get(_publisher(UNTOUCHED, place), set())
        there = {rule for rule, at in new if fault in OF_A_FILE or at == line}
        assert there & {fault, *NEIGHBOURS.get(fault, ())}, (place, line, sorted(map(str, new)))
        missed += [place] if fault not in there else []
    assert 5 * len(missed) <= len(tried.lines)


def test_a_row_with_a_cell_too_many_keeps_its_amount(tried: Tried) -> None:
    for place, line in tried.lines.items():
        before = tried.amounts[_publisher(UNTOUCHED, place), line]
        assert tried.amounts.get((_publisher("row_shifted", place), line)) == before, place


def test_faults_of_a_whole_list_or_workbook_are_found(real_spending: Path, shelf: Any) -> None:
    lists = list(_real_files(real_spending, OF_ONE))
    turned = lists[-1]
    for row in turned.rows[turned.heading :]:
        amount = row[turned.at["amount_gbp"] : turned.at["amount_gbp"] + 1]
        row[turned.at["amount_gbp"] : turned.at["amount_gbp"] + 1] = [
            f"-{text.strip()}" for text in amount if text.strip()
        ]
    shelf.add("signs", {real.name: _text(real, UNTOUCHED) for real in lists})
    ((path,),) = _asked(real_spending, WORKBOOK)
    content = (Path(os.environ["PUBLICVALUE_REAL_MIRROR"]) / path).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.create_sheet("Working").append(["Not to be published"])
    book["Working"].sheet_state = "hidden"
    hidden = io.BytesIO()
    book.save(hidden)
    for name, data in {"damaged": content[: len(content) // 2], "hidden": hidden.getvalue(), "whole": content}.items():
        shelf.add(name, {Path(path).name: data})
    with duckdb.connect() as con:
        shelf.build(con)
        run_rules(con, as_of=date(2026, 11, 1))
        found = con.execute(
            "SELECT publisher_id, rule_id, count(*) FROM core_findings "
            "WHERE rule_id IN ('signs_turned', 'file_cannot_be_opened', 'worksheet_hidden') GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert len(lists) >= 4
    assert found == [
        ("damaged", "file_cannot_be_opened", 1),
        ("hidden", "worksheet_hidden", 1),
        ("signs", "signs_turned", 1),
    ]
