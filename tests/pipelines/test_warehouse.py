"""Lake to warehouse: money is counted once, nothing is lost, and the same lake gives the same tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse import build_warehouse, declared_tables
from quality_checks.invariants import check_invariants
from sources.registry import Registry
from sources.schema.model import table

ARROW = {
    "text": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(18, 2),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "list": pa.list_(pa.string()),
}
MARCH = (date(2024, 3, 1), date(2024, 3, 31))
APRIL = (date(2024, 4, 1), date(2024, 4, 30))
FIRST_QUARTER = (date(2024, 1, 1), date(2024, 3, 31))


def _write(path: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    schema = pa.schema([(field.name, ARROW[field.type]) for field in table(name).fields])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


class Lake:
    """A lake of a few files, each a list of lines."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []

    def add(
        self,
        name: str,
        lines: list[dict[str, Any]],
        *,
        period: tuple[date, date] | None = MARCH,
        publisher: str = "a-body",
        published: date | None = None,
        series: str = "spend_over_threshold",
    ) -> None:
        seen: dict[str, int] = {}
        held = []
        for number, line in enumerate(lines, start=2):
            cells = repr(sorted(line.items()))
            seen[cells] = seen.get(cells, 0) + 1
            held.append(
                {
                    "publisher_id": publisher,
                    "distribution_id": name,
                    "snapshot_sha256": name,
                    "sheet": "",
                    "line_number": number,
                    "row_class": "transaction",
                    "row_hash": hashlib.sha256(cells.encode()).hexdigest()[:32],
                    "occurrence": seen[cells],
                    "date_precision": "day",
                    "amount_basis": "unstated",
                    "flags": [],
                    "amount_raw": "as published",
                    **line,
                }
            )
        self.rows += held
        transactions = [row for row in held if row["row_class"] == "transaction"]
        self.files.append(
            {
                "publisher_id": publisher,
                "distribution_id": name,
                "snapshot_sha256": name,
                "file_name": name,
                "source_path": f"spend/{publisher}/{name}",
                "published_date": published,
                "series": series,
                "file_status": "read",
                "container": "csv",
                "row_count": len(held),
                "transaction_count": len(transactions),
                "set_aside_count": len(held) - len(transactions),
                "total_gbp": sum((row["amount_gbp"] or Decimal(0) for row in transactions), Decimal(0)),
                "period_start": period and period[0],
                "period_end": period and period[1],
                "period_evidence": "file_name" if period else "none",
            }
        )

    def build(self, folder: Path) -> duckdb.DuckDBPyConnection:
        folder.mkdir(exist_ok=True)
        con = duckdb.connect()
        build_warehouse(
            con,
            [_write(folder / "rows.parquet", "lake_rows", self.rows)],
            [_write(folder / "files.parquet", "lake_files", self.files)],
            Registry([]),
            as_of=date(2024, 12, 31),
        )
        return con


Reasons = Callable[[Lake], dict[str, list[str | None]]]


@pytest.fixture
def reasons(tmp_path: Path) -> Reasons:
    """Builds a lake, holds it to the invariants, and gives each file's reasons in the order of its lines."""

    def build(lake: Lake) -> dict[str, list[str | None]]:
        con = lake.build(tmp_path / "lake")
        assert [result.detail for result in check_invariants(con) if not result.passed] == []
        found: dict[str, list[str | None]] = {file["distribution_id"]: [] for file in lake.files}
        for name, reason in con.execute(
            "SELECT distribution_id, not_counted_reason FROM core_transactions ORDER BY distribution_id, line_number"
        ).fetchall():
            found[name].append(reason)
        return found

    return build


def line(
    supplier: str, pounds: str, day: date | None = date(2024, 3, 5), number: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "supplier_name": supplier,
        "amount_gbp": Decimal(pounds),
        "payment_date": day,
        "transaction_number": number,
        **more,
    }


FIVE = [line(f"Supplier {n}", f"{n}0000.00", date(2024, 3, n), f"N{n}") for n in range(1, 6)]
OTHER_FIVE = [line(f"Firm {n}", f"{n}1000.00", date(2024, 3, n), f"M{n}") for n in range(1, 6)]


def test_content_published_as_two_months_is_counted_in_the_month_of_its_dates(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("a-april.csv", FIVE, period=APRIL)
    lake.add("march.csv", FIVE, period=MARCH)
    assert reasons(lake) == {"a-april.csv": ["content_published_twice"] * 5, "march.csv": [None] * 5}


def test_copy_in_another_format_is_counted_once(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", FIVE)
    lake.add("march.xlsx", [{**one, "date_raw": "45356"} for one in FIVE])
    assert reasons(lake) == {"march.csv": [None] * 5, "march.xlsx": ["content_published_twice"] * 5}


def test_same_content_of_two_publishers_is_counted_for_both(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("one.csv", FIVE, publisher="a-body")
    lake.add("two.csv", FIVE, publisher="b-body")
    assert reasons(lake) == {"one.csv": [None] * 5, "two.csv": [None] * 5}


def test_one_line_without_a_number_may_repeat_by_chance(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", [line("Landlord", "30000.00")])
    lake.add("april.csv", [line("Landlord", "30000.00")], period=APRIL)
    assert reasons(lake) == {"march.csv": [None], "april.csv": [None]}


def test_one_line_with_date_and_number_is_a_copy(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", [line("Landlord", "30000.00", number="77")])
    lake.add("april.csv", [line("Landlord", "30000.00", number="77")], period=APRIL)
    assert reasons(lake) == {"march.csv": [None], "april.csv": ["content_published_twice"]}


def test_duplicates_inside_one_file_stay_counted(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", [FIVE[0]] * 4)
    assert reasons(lake) == {"march.csv": [None] * 4}


def test_revised_file_supersedes_by_its_name(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", FIVE)
    lake.add("march-revised.csv", [*FIVE[:4], line("Supplier 5", "55000.00", number="N5")])
    assert reasons(lake) == {"march.csv": ["superseded_file"] * 5, "march-revised.csv": [None] * 5}


def test_file_published_later_supersedes(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("b.csv", FIVE, published=date(2024, 4, 20))
    lake.add("a.csv", [*FIVE[:4], OTHER_FIVE[0]], published=date(2024, 5, 20))
    assert reasons(lake) == {"b.csv": ["superseded_file"] * 5, "a.csv": [None] * 5}


def test_files_of_one_month_that_share_no_lines_both_count(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("agency-final.csv", FIVE, published=date(2024, 4, 20))
    lake.add("department.csv", OTHER_FIVE, published=date(2024, 5, 20))
    assert reasons(lake) == {"agency-final.csv": [None] * 5, "department.csv": [None] * 5}


def test_lines_in_two_unordered_files_of_one_month_are_counted_in_the_longer(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("one.csv", [*FIVE[:4], OTHER_FIVE[0]])
    lake.add("two.csv", [*FIVE, OTHER_FIVE[1]])
    assert reasons(lake) == {"one.csv": ["content_published_twice"] * 4 + [None], "two.csv": [None] * 6}


def test_a_list_that_holds_another_months_payments_and_more_counts_only_the_more(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", FIVE)
    lake.add("april.csv", [*FIVE, line("April Ltd", "40000.00", date(2024, 4, 9))], period=APRIL)
    assert reasons(lake) == {"march.csv": [None] * 5, "april.csv": ["line_published_twice"] * 5 + [None]}


def test_a_numbered_payment_in_two_lists_is_counted_in_that_of_its_month(reasons: Reasons) -> None:
    april = line("April Ltd", "40000.00", date(2024, 4, 9), number="A1")
    lake = Lake()
    lake.add("march.csv", [*FIVE, april])
    lake.add("april.csv", [april, april, *OTHER_FIVE], period=APRIL)
    assert reasons(lake) == {"march.csv": [None] * 5 + ["line_published_twice"], "april.csv": [None] * 7}


def test_two_payments_without_numbers_may_fall_due_in_two_lists_by_chance(reasons: Reasons) -> None:
    rents = [line("Landlord", "30000.00"), line("Landlord", "31000.00")]
    lake = Lake()
    lake.add("march.csv", [*FIVE, *rents])
    lake.add("april.csv", [*rents, *OTHER_FIVE], period=APRIL)
    assert reasons(lake) == {"march.csv": [None] * 7, "april.csv": [None] * 7}


def test_quarter_counts_only_what_its_months_do_not_hold(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("march.csv", FIVE)
    lake.add("quarter.csv", [*FIVE, FIVE[0], line("January Ltd", "40000.00", date(2024, 1, 9))], period=FIRST_QUARTER)
    assert reasons(lake) == {"march.csv": [None] * 5, "quarter.csv": ["annual_of_months_held"] * 5 + [None, None]}


def test_quarter_beside_a_month_outside_it_stays_counted(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("april.csv", FIVE, period=APRIL)
    lake.add("quarter.csv", [*FIVE, OTHER_FIVE[0]], period=FIRST_QUARTER)
    assert reasons(lake)["quarter.csv"] == [None] * 6


def test_gross_list_beside_the_net_one_is_not_counted(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("net.csv", [{**one, "amount_basis": "net"} for one in FIVE])
    lake.add(
        "gross.csv",
        [{**one, "amount_gbp": one["amount_gbp"] * Decimal("1.2"), "amount_basis": "gross"} for one in FIVE],
    )
    assert reasons(lake) == {"net.csv": [None] * 5, "gross.csv": ["gross_beside_net"] * 5}


def test_gross_list_of_other_payments_stays_counted(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("net.csv", [{**one, "amount_basis": "net"} for one in FIVE])
    lake.add("gross.csv", [{**one, "amount_basis": "gross"} for one in OTHER_FIVE])
    assert reasons(lake) == {"net.csv": [None] * 5, "gross.csv": [None] * 5}


def test_purchasing_card_list_is_not_counted(reasons: Reasons) -> None:
    lake = Lake()
    lake.add("card.csv", FIVE, series="purchasing_card")
    lake.add("march.csv", FIVE)
    assert reasons(lake) == {"card.csv": ["purchasing_card_file"] * 5, "march.csv": [None] * 5}


def test_supplier_key(tmp_path: Path) -> None:
    keys = {
        "The Smith & Sons Limited": "SMITH AND SONS LTD",
        "Acmé Public Limited Company": "ACME PLC",
        "Acme Trading Company ~1146396": "ACME TRADING CO",
        "Acme Ltd #AE12": "ACME LTD",
        "Unit #4": "UNIT 4",
        "THE THE LIMITED LIMITED": "LTD LTD",
        "Theatre Limitedly": "THEATRE LIMITEDLY",
        "***": "",
    }
    lake = Lake()
    lake.add("march.csv", [line(name, "1.00") for name in keys])
    found = lake.build(tmp_path).execute("SELECT supplier_name, supplier_key FROM core_transactions").fetchall()
    assert dict(found) == keys


def test_the_kind_of_a_payee_has_its_evidence(tmp_path: Path) -> None:
    expected = [
        ("Acme Widgets Ltd", "external_supplier", "no rule"),
        ("HMRC - PAYE", "tax", "tax_authority"),
        ("The Home Office", "public_body", "listed_public_body: home-office"),
        ("WILTSHIRE COUNCIL", "public_body", "listed_public_body: Wiltshire Council"),
    ]
    lake = Lake()
    lake.add("march.csv", [line(supplier, f"{place}.00") for place, (supplier, _, _) in enumerate(expected, 1)])
    sql = "SELECT supplier_name, payee_kind, payee_kind_evidence FROM core_transactions ORDER BY supplier_name"
    found = lake.build(tmp_path).execute(sql).fetchall()
    assert found == expected


def test_lines_of_one_number_supplier_and_date_are_one_payment(tmp_path: Path) -> None:
    lake = Lake()
    lake.add(
        "march.csv",
        [
            line("Acme Ltd", "20000.00", number="7"),
            line("ACME LIMITED", "6000.00", number="7"),
            line("Acme Ltd", "1.00", date(2024, 3, 6), number="7"),
            line("Acme Ltd", "2.00"),
            line("Acme Ltd", "2.00"),
        ],
    )
    found = (
        lake.build(tmp_path).execute("SELECT line_count, amount_gbp FROM core_payments ORDER BY amount_gbp").fetchall()
    )
    assert found == [(1, Decimal("1.00")), (1, Decimal("2.00")), (1, Decimal("2.00")), (2, Decimal("26000.00"))]


def test_identifier_stays_when_other_lines_come_before(tmp_path: Path) -> None:
    before, after = Lake(), Lake()
    before.add("march.csv", [FIVE[0]])
    after.add("march.csv", [FIVE[1], FIVE[0]])
    sql = "SELECT transaction_id FROM core_transactions WHERE supplier_name = 'Supplier 1'"
    assert before.build(tmp_path / "b").execute(sql).fetchall() == after.build(tmp_path / "a").execute(sql).fetchall()


def test_dates_are_flagged_and_never_imputed(tmp_path: Path) -> None:
    lake = Lake()
    lake.add(
        "march.csv",
        [line("A", "1.00", date(2025, 1, 1)), line("B", "2.00", date(2020, 3, 31)), line("C", "3.00", None)],
    )
    found = (
        lake.build(tmp_path)
        .execute("SELECT flags, payment_month, financial_year FROM core_transactions ORDER BY line_number")
        .fetchall()
    )
    assert found == [
        (["date_future"], date(2025, 1, 1), "2024-25"),
        (["date_outside_period"], date(2020, 3, 1), "2019-20"),
        ([], None, None),
    ]


def test_absurd_amounts_leave_a_total_empty_and_do_not_stop_the_build(tmp_path: Path) -> None:
    lake = Lake()
    for number in range(3):
        lake.add(f"march-{number}.csv", [line(f"S{number}", "9999999999999999.99", number=str(number))])
    con = lake.build(tmp_path)
    assert con.execute("SELECT counted_transaction_count, counted_total_gbp FROM core_publications").fetchall() == [
        (3, None)
    ]
    assert [result.detail for result in check_invariants(con) if not result.passed] == []


def test_invariant_finds_a_lost_row(tmp_path: Path) -> None:
    lake = Lake()
    lake.add("march.csv", FIVE)
    con = lake.build(tmp_path)
    con.execute("DELETE FROM core_transactions WHERE supplier_name = 'Supplier 3'")
    assert "rows_are_conserved" in {result.id for result in check_invariants(con) if not result.passed}


def test_two_builds_are_equal_and_in_the_same_order(tmp_path: Path) -> None:
    lake = Lake()
    for number in range(20):
        lake.add(
            f"file-{number:02}.csv",
            [line(f"S{n % 7}", f"{number * 100 + n}.00", number=str(n)) for n in range(50)],
            period=None,
        )
    one, two = lake.build(tmp_path / "one"), lake.build(tmp_path / "two")
    for name in declared_tables():
        assert one.execute(f"FROM {name}").fetchall() == two.execute(f"FROM {name}").fetchall(), name
        assert [column[0] for column in one.execute(f"FROM {name}").description or []] == table(name).field_names
