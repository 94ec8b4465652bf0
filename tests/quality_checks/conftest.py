"""One warehouse in which every example of every rule is a publisher of its own, so that all are run at once."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse import build_warehouse
from quality_checks.engine import RuleRun, run_rules
from quality_checks.rule import Example, Rule, all_rules
from sources.inputs import Distribution
from sources.publisher import Checked, Publisher
from sources.reading import read_distribution
from sources.registry import Registry
from sources.schema.arrow import arrow_schema

HEADINGS = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount"
AS_OF = date(2024, 12, 31)
WHICH = ("passing", "failing", "not_applicable")


def publisher_of(rule_id: str, which: str) -> str:
    return f"{rule_id}-{which}".replace("_", "-")


def example_files(example: Example) -> dict[str, bytes]:
    """The example's files as bytes."""
    texts = {
        name: text if isinstance(text, str) else "\n".join([HEADINGS, *text]) + "\n"
        for name, text in example.files.items()
    }
    if example.generated:
        lines: dict[str, list[str]] = {}
        for name, line in duckdb.sql(example.generated).fetchall():
            lines.setdefault(name, []).append(line)
        texts |= {name: "\n".join(found) + "\n" for name, found in lines.items()}
    return {
        name: _workbook(text, example) if example.workbook else _encoded(text, example.encoding)
        for name, text in texts.items()
    }


def _encoded(text: str, encoding: str) -> bytes:
    """`\\xNN` in the text stands for that byte, whatever the encoding."""
    parts = text.split("\\x")
    found = parts[0].encode(encoding)
    for part in parts[1:]:
        found += bytes([int(part[:2], 16)]) + part[2:].encode(encoding)
    return found


def _workbook(text: str, example: Example) -> bytes:
    book = openpyxl.Workbook()
    rows = [line.split(",") for line in text.splitlines()]
    for row in rows:
        book.active.append(row)
    if example.hidden_sheet:
        hidden = book.create_sheet("Hidden")
        hidden.append(["Notes"])
        hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Shelf:
    """Publishers and their files, to be made a warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.publishers: dict[str, Publisher] = {}
        self.rows: list[pa.Table] = []
        self.files: list[dict[str, object]] = []

    def add(
        self,
        publisher_id: str,
        files: dict[str, bytes],
        kind: str = "ministerial_department",
        published: date | None = None,
    ) -> None:
        publisher = Publisher(
            id=publisher_id,
            name="North Hill Department",
            kind=kind,
            family="other",
            checked=Checked(date=date(2024, 1, 1), how="Made for a test."),
        )
        self.publishers[publisher_id] = publisher
        for name, content in files.items():
            distribution = Distribution(publisher_id, f"spend/{publisher_id}/{name}", published_date=published)
            reading = read_distribution(content, distribution, publisher, hashlib.sha256(content).hexdigest())
            self.rows.append(reading.rows)
            self.files.append(dict(reading.file))

    def clear(self) -> None:
        self.publishers, self.rows, self.files = {}, [], []

    def build(self, con: duckdb.DuckDBPyConnection) -> None:
        rows, files = self.folder / "all-rows.parquet", self.folder / "all-files.parquet"
        pq.write_table(pa.concat_tables(table.cast(arrow_schema("lake_rows")) for table in self.rows), rows)
        pq.write_table(pa.Table.from_pylist(self.files, schema=arrow_schema("lake_files")), files)
        build_warehouse(con, [rows], [files], Registry(list(self.publishers.values())), as_of=AS_OF)


@dataclass(frozen=True)
class Tried:
    con: duckdb.DuckDBPyConnection
    runs: list[RuleRun]
    as_of: date = AS_OF

    def publisher(self, rule: Rule, which: str) -> str:
        return publisher_of(rule.id, which)

    def result(self, rule: Rule, which: str) -> list[tuple[str, int, str | None]]:
        return self.con.execute(
            "SELECT rule_result, failed_count, not_applicable_reason FROM core_rule_results WHERE rule_id = ? AND publisher_id = ? ORDER BY ALL",
            [rule.id, publisher_of(rule.id, which)],
        ).fetchall()


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """The rules, run over all examples."""
    shelf = Shelf(tmp_path_factory.mktemp("examples"))
    for rule in all_rules():
        for which in WHICH:
            example = getattr(rule.examples, which, None)
            if example is not None:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", ResourceWarning)
                    shelf.add(publisher_of(rule.id, which), example_files(example), example.kind, example.published)
    with duckdb.connect() as con:
        shelf.build(con)
        yield Tried(con, run_rules(con, as_of=AS_OF))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture(scope="session")
def new_shelf() -> type[Shelf]:
    """For tests that keep a shelf over a whole module."""
    return Shelf


@pytest.fixture
def as_of() -> date:
    return AS_OF
