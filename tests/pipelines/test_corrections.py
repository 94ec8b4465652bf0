"""Declared corrections: applied where the value expected stands, stale where it does not; both values are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.corrections import stale_corrections
from pipelines.home import open_home
from pipelines.ingest import take_snapshots
from pipelines.lake import update
from pipelines.warehouse import build_warehouse
from quality_checks.invariants import check_invariants
from sources.correction import Correction
from sources.mirror import MirrorSource
from sources.registry import Registry, load_registry

HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
NAME = "spend/hm-treasury/hm-treasury-spend-april-2024.csv"
LINES = (
    "Treasury,Treasury,03/04/2024,Consultancy,Finance,Alpha Ltd,1001,3000000.00\n"
    "Treasury,Treasury,04/04/2024,Consultancy,Finance,Beta Ltd,1002,40000.00\n"
    "Treasury,Treasury,04/04/2024,Consultancy,Finance,Beta Ltd,1002,40000.00\n"
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Path], Registry]:
    root = tmp_path_factory.mktemp("corrections")
    (root / "mirror" / NAME).parent.mkdir(parents=True)
    (root / "mirror" / NAME).write_text(HEADER + LINES)
    registry, home = load_registry(), open_home(root / "home")
    holdings = take_snapshots(home, MirrorSource(root / "mirror")).holdings
    lake = list(update(home, holdings, registry))
    return [one.rows for one in lake], [one.files for one in lake], registry


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def correction(**changes: Any) -> Correction:
    given = {
        "id": "one", "publisher_id": "hm-treasury", "address": NAME, "line_number": 2, "field": "amount_gbp",
        "expected": "3000000", "corrected": "30000", "reason": "Zeros.", "evidence": "Letter.", "date": date(2024, 6, 4),
    }  # fmt: skip
    return Correction.model_validate({**given, **changes})


def build(con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry], *given: Correction) -> None:
    rows, files, registry = parts
    build_warehouse(con, rows, files, registry, as_of=date(2024, 9, 15), corrections=given)
    assert [one.detail for one in check_invariants(con) if not one.passed] == []


def test_a_correction_takes_the_place_of_the_value_and_keeps_what_was_published(
    con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry]
) -> None:
    build(con, parts, correction())
    line = (
        "SELECT amount_gbp, amount_raw, list_contains(flags, 'corrected') FROM core_transactions WHERE line_number = 2"
    )
    assert con.execute(line).fetchall() == [(Decimal("30000.00"), "3000000.00", True)]
    assert con.execute("SELECT total_gbp, counted_total_gbp FROM core_distributions").fetchall() == [
        (Decimal("110000.00"), Decimal("110000.00"))
    ]
    both = "SELECT correction_status, value_expected, value_found, value_corrected FROM core_corrections"
    assert con.execute(both).fetchall() == [("applied", "3000000.00", "3000000.00", "30000.00")]
    named = "SELECT t.line_number FROM core_corrections JOIN core_transactions AS t USING (transaction_id)"
    assert con.execute(named).fetchall() == [(2,)]
    assert con.execute("SELECT count(*) FROM core_transactions WHERE list_contains(flags, 'corrected')").fetchall() == [
        (1,)
    ]


def test_a_corrected_day_moves_the_line_to_its_month(
    con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry]
) -> None:
    build(con, parts, correction(field="payment_date", expected="2024-04-03", corrected="2024-03-04"))
    line = "SELECT payment_date, date_raw, payment_month FROM core_transactions WHERE line_number = 2"
    assert con.execute(line).fetchall() == [(date(2024, 3, 4), "03/04/2024", date(2024, 3, 1))]


def test_two_fields_of_one_line_and_an_emptied_value(
    con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry]
) -> None:
    supplier = correction(id="two", field="supplier_name", expected="Alpha Ltd", corrected="Alpha Limited")
    build(con, parts, correction(corrected=None), supplier)
    line = "SELECT amount_gbp, supplier_name FROM core_transactions WHERE line_number = 2"
    assert con.execute(line).fetchall() == [(None, "Alpha Limited")]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"expected": "31.00"}, "differs"),
        ({"expected": "31.00", "corrected": "3000000.00"}, "mended"),
        ({"line_number": 40}, "not_found"),
        ({"address": "spend/hm-treasury/other.csv"}, "not_found"),
        ({"publisher_id": "home-office"}, "not_found"),
        ({"line_number": 1}, "not_found"),
    ],
)
def test_a_correction_that_no_longer_fits_is_stale_and_changes_nothing(
    con: duckdb.DuckDBPyConnection,
    parts: tuple[list[Path], list[Path], Registry],
    changes: dict[str, Any],
    status: str,
) -> None:
    build(con, parts, correction(**changes))
    assert con.execute("SELECT correction_status FROM core_corrections").fetchall() == [(status,)]
    (said,) = stale_corrections(con)
    assert "is stale: " in said
    assert "Look at the file again" in said
    assert con.execute("SELECT sum(amount_gbp) FROM core_transactions").fetchall() == [(Decimal("3080000.00"),)]


def test_one_of_identical_lines_is_named_by_its_hash_and_occurrence(
    con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry]
) -> None:
    rows = "SELECT row_hash FROM read_parquet(?) WHERE occurrence = 2"
    ((row_hash,),) = con.execute(rows, [str(parts[0][0])]).fetchall()
    named = {"line_number": None, "row_hash": row_hash, "occurrence": 2, "expected": "40000", "corrected": "4000"}
    build(con, parts, correction(**named))
    amounts = "SELECT line_number, amount_gbp FROM core_transactions WHERE supplier_name = 'Beta Ltd' ORDER BY 1"
    assert con.execute(amounts).fetchall() == [(3, Decimal("40000.00")), (4, Decimal("4000.00"))]


def test_without_corrections_the_table_is_empty(
    con: duckdb.DuckDBPyConnection, parts: tuple[list[Path], list[Path], Registry]
) -> None:
    build(con, parts)
    assert con.execute("SELECT count(*) FROM core_corrections").fetchall() == [(0,)]
