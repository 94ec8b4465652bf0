"""A small warehouse made from the schema, a release of it, and the main job up to the warehouse."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest
import yaml
from filelock import FileLock

from pipelines.choose import RunOptions
from pipelines.progress import Progress
from pipelines.run import build as build_stage
from pipelines.run import ingest, score
from pipelines.work import opened
from published.release import ReleaseResult, build_release
from sources.schema.duckdb_sql import DUCKDB_TYPES
from sources.schema.model import table, table_names

# No limit of time an example, since processors are shared. CI draws the same examples each time, so that a run there says
# something about the change and not about chance; a person's runs go on looking.
hypothesis.settings.register_profile("person", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "person")

AS_OF = date(2024, 7, 1)
HOSTILE = "<script>alert(1)</script>"

PUBLISHER = {
    "publisher_id": "dept-of-kites",
    "publisher_name": "Department of Kites (sample)",
    "organisation_kind": "ministerial_department",
    "family": "departments",
    "is_registered": True,
    "distribution_count": 1,
    "transaction_count": 4,
    "counted_total_gbp": "26234.50",
}
PUBLICATION = {
    "publication_id": "p1",
    "publisher_id": "dept-of-kites",
    "series": "spend_over_threshold",
    "period_start": "2024-04-01",
    "period_end": "2024-04-30",
    "period_evidence": "file_name",
    "threshold_gbp": "25000.00",
    "distribution_count": 1,
    "row_count": 5,
    "transaction_count": 4,
    "set_aside_count": 1,
    "counted_transaction_count": 3,
    "total_gbp": "26334.49",
    "counted_total_gbp": "26234.50",
}
FILE = {
    "distribution_id": "d1",
    "publication_id": "p1",
    "publisher_id": "dept-of-kites",
    "series": "spend_over_threshold",
    "file_name": "kites-april-2024.csv",
    "source_url": "https://example.org/kites-april-2024.csv",
    "source_path": "spend/dept-of-kites/kites-april-2024.csv",
    "snapshot_sha256": "ab" * 32,
    "byte_count": 321,
    "file_status": "read",
    "container": "csv",
    "columns": "[]",
    "notes": "[]",
    "row_count": 5,
    "transaction_count": 4,
    "set_aside_count": 1,
    "total_gbp": "26334.49",
    "period_start": "2024-04-01",
    "is_superseded": False,
    "reader_version": "r1",
}
LINE = {
    "publisher_id": "dept-of-kites",
    "publication_id": "p1",
    "distribution_id": "d1",
    "payment_date": "2024-04-03",
    "date_raw": "03/04/2024",
    "date_precision": "day",
    "payment_month": "2024-04-01",
    "financial_year": "2024-25",
    "payee_kind": "external_supplier",
    "amount_basis": "unstated",
    "is_counted": True,
    "flags": [],
    "extra": "{}",
    "snapshot_sha256": "ab" * 32,
    "source_url": "https://example.org/kites-april-2024.csv",
    "source_path": "spend/dept-of-kites/kites-april-2024.csv",
    "sheet": "",
}
LINES = [
    {"transaction_id": "t1", "supplier_name": "Smith & Sons Ltd", "supplier_key": "smith and sons", "amount_gbp": "25000.00", "description": "Kite strings", "line_number": 2},
    {"transaction_id": "t2", "supplier_name": HOSTILE, "supplier_key": "script", "amount_gbp": "1234.50", "description": 'A "quoted", two\nline note', "line_number": 3, "flags": ["date_ambiguous", "amount_zero"]},
    {"transaction_id": "t3", "supplier_name": "=1+1", "supplier_key": "1+1", "amount_gbp": None, "amount_raw": "#REF!", "line_number": 5},
    {"transaction_id": "t4", "supplier_name": "Smith & Sons Ltd", "supplier_key": "smith and sons", "amount_gbp": "99.99", "is_counted": False, "not_counted_reason": "superseded_file", "payment_date": None, "line_number": 6},
]  # fmt: skip


def insert(con: duckdb.DuckDBPyConnection, name: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        con.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


@contextmanager
def small_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every declared table; one file with four lines, one of them not counted, and one row set aside."""
    with duckdb.connect() as con:
        for name in table_names():
            columns = ", ".join(f"{field.name} {DUCKDB_TYPES[field.type]}" for field in table(name).fields)
            con.execute(f"CREATE TABLE {name} ({columns})")
        insert(con, "core_publishers", PUBLISHER)
        insert(con, "core_publications", PUBLICATION)
        insert(con, "core_distributions", FILE)
        insert(con, "core_transactions", *({**LINE, **line} for line in LINES))
        insert(
            con,
            "core_set_aside_rows",
            {"set_aside_id": "s1", "publisher_id": "dept-of-kites", "distribution_id": "d1", "reason_code": "total",
             "raw_cells": '["Total","26,334.49"]', "sheet": "", "line_number": 7},
        )  # fmt: skip
        yield con


def fill_quality(con: duckdb.DuckDBPyConnection) -> None:
    """Rules, findings, calendar and revisions of quality.yaml."""
    tables = yaml.safe_load((Path(__file__).parent / "quality.yaml").read_text(encoding="utf-8"))
    for name, rows in tables.items():
        insert(con, name, *rows)


@pytest.fixture(scope="session")
def new_warehouse() -> Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]:
    """For tests that change a warehouse of their own over a whole module."""
    return small_warehouse


@pytest.fixture
def judged(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    fill_quality(warehouse)
    return warehouse


@pytest.fixture(scope="session")
def released_with_findings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with reports that hold findings. No test changes it."""
    with small_warehouse() as con:
        fill_quality(con)
        root = tmp_path_factory.mktemp("home") / "releases"
        return build_release(
            con, root, channel="sample", provenance={}, inputs_digest="one", is_sample=True, as_of=AS_OF
        ).path


@pytest.fixture(scope="session")
def released_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with spending, outcomes and scores too, for the pages of the site. No test changes it."""
    with small_warehouse() as con:
        fill_quality(con)
        for name, rows in yaml.safe_load((Path(__file__).parent / "site.yaml").read_text(encoding="utf-8")).items():
            insert(con, name, *rows)
        root = tmp_path_factory.mktemp("home") / "releases"
        return build_release(
            con, root, channel="sample", provenance={}, inputs_digest="one", is_sample=True, as_of=AS_OF
        ).path


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with small_warehouse() as con:
        yield con


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample release that no test changes."""
    with small_warehouse() as con:
        root = tmp_path_factory.mktemp("home") / "releases"
        return build_release(
            con, root, channel="sample", provenance={}, inputs_digest="one", is_sample=True, as_of=AS_OF
        ).path


Build = Callable[..., ReleaseResult]


@pytest.fixture
def build(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> Build:
    """Releases the warehouse under tmp_path/releases."""

    def release(inputs_digest: str, channel: str = "sample", as_of: date = AS_OF) -> ReleaseResult:
        return build_release(
            warehouse,
            tmp_path / "releases",
            channel=channel,
            provenance={"run_id": "r", "snapshots": ["ab" * 32], "as_of": as_of.isoformat()},
            inputs_digest=inputs_digest,
            is_sample=channel == "sample",
            as_of=as_of,
        )

    return release


def stages(options: RunOptions, only: tuple[str, ...] = (), *, scored: bool = False) -> Path:
    """The main job without its release: up to the warehouse with calendar and findings, and the scores where `scored`."""
    with opened(options, Progress()) as work:
        work.only = only
        for _ in ingest(work):
            pass
        build_stage(work)
        if scored:
            score(work)
        return work.home.warehouse


@pytest.fixture(scope="session")
def up_to_the_warehouse() -> Callable[..., Path]:
    """For tests that ask what a run finds, and nothing of a release; see `stages`."""
    return stages


@pytest.fixture(scope="session")
def whole_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole embedded sample, scored, as of the end of June 2025. Made once for all test processes; no test
    changes it.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "whole-sample"
    with FileLock(f"{home}.lock"):
        if not (home / "made").exists():
            stages(RunOptions(home=home, as_of=date(2025, 6, 30)), scored=True)
            (home / "made").touch()
    return home


@pytest.fixture(scope="session")
def real_spending(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with all real publications of spending up to the warehouse, rules and calendar among it. Made once for all test
    processes; no test changes it. Skips where the real files are not at hand.
    """
    mirror = os.environ.get("PUBLICVALUE_REAL_MIRROR")
    if not mirror:
        pytest.skip("PUBLICVALUE_REAL_MIRROR names no folder of real publications")
    spending = tuple(path.name for path in (Path(mirror) / "spend").iterdir())
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "real-spending"
    with FileLock(f"{home}.lock"):
        if not (home / "made").exists():
            stages(RunOptions(mirror=Path(mirror), home=home, as_of=date(2026, 11, 1)), spending)
            (home / "made").touch()
    return home
