"""Two publishers with findings, a calendar and revisions made by hand; what they add up to is typed in the tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from published.reports.build import build_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

AS_OF = date(2024, 7, 1)
RULE = {
    "rule_version": 3,
    "rule_meaning": "A line without it cannot be used.",
    "rule_scope": "transaction",
    "guidance_clause": "Each line names it.",
    "guidance_url": "https://www.gov.uk/guidance",
    "is_guidance_verified": True,
    "remedy": "Write it into each line.",
}
RULES = [
    {"rule_id": "amount_readable", "rule_title": "Every amount can be read", "dimension": "validity", "severity": "error"},
    {"rule_id": "supplier_present", "rule_title": "Every line names a supplier", "dimension": "completeness", "severity": "error"},
    {"rule_id": "postcode_present", "rule_title": "Every line has a postcode", "dimension": "completeness", "severity": "warning", "is_guidance_verified": False},
    {"rule_id": "supplier_spelling", "rule_title": "One supplier, one spelling", "dimension": "consistency", "severity": "advice"},
    {"rule_id": "private_person", "rule_title": "Private persons are not named", "dimension": "plausibility", "severity": "advice"},
]  # fmt: skip
PUBLICATION_2 = {
    "publication_id": "p2",
    "publisher_id": "dept-of-kites",
    "series": "spend_over_threshold",
    "period_start": "2024-05-01",
    "period_end": "2024-05-31",
    "transaction_count": 2,
    "counted_total_gbp": "60000.00",
}
RESULTS = [
    ("p1", "amount_readable", "fail", 4, 1, "0.00", None),
    ("p1", "supplier_present", "pass", 4, 0, None, None),
    ("p1", "postcode_present", "fail", 4, 4, "26234.50", None),
    ("p1", "supplier_spelling", "fail", 4, 2, "25000.00", None),
    ("p1", "private_person", "fail", 4, 1, "10.00", None),
    ("p2", "amount_readable", "pass", 2, 0, None, None),
    ("p2", "supplier_present", "pass", 2, 0, None, None),
    ("p2", "postcode_present", "fail", 2, 2, "60000.00", None),
    ("p2", "supplier_spelling", "not_applicable", 0, 0, None, "The file has one supplier only."),
    ("p2", "private_person", "pass", 2, 0, None, None),
]
GRADES = [
    ("p1", "validity", "not_usable", "Every amount can be read: 1 line", 1, 0, 0),
    ("p1", "completeness", "not_usable", "Every amount can be read: 1 line", 0, 4, 0),
    ("p1", "consistency", "not_usable", "Every amount can be read: 1 line", 0, 0, 2),
    ("p2", "completeness", "with_care", "Every line has a postcode: 2 lines", 0, 2, 0),
]
FINDINGS = [
    ("f1", "amount_readable", "p1", 5, "amount_gbp", "#REF!", "No amount can be read.", "0.00"),
    ("f2", "postcode_present", "p1", 2, "supplier_postcode", "", "Empty.", "25000.00"),
    ("f3", "postcode_present", "p1", 3, "supplier_postcode", "", "Empty.", "1234.50"),
    ("f4", "postcode_present", "p1", 5, "supplier_postcode", "", "Empty.", None),
    ("f5", "postcode_present", "p1", 6, "supplier_postcode", "", "Empty.", None),
    (
        "f6",
        "supplier_spelling",
        "p1",
        2,
        "supplier_name",
        "Smith & Sons Ltd",
        "Also written SMITH AND SONS.",
        "25000.00",
    ),
    (
        "f7",
        "supplier_spelling",
        "p1",
        3,
        "supplier_name",
        "SMITH AND SONS",
        "Also written Smith & Sons Ltd.",
        "1234.50",
    ),
    ("f8", "postcode_present", "p2", 2, "supplier_postcode", "", "Empty.", "30000.00"),
    ("f9", "postcode_present", "p2", 3, "supplier_postcode", "", "Empty.", "30000.00"),
]
CALENDAR = [
    ("2024-03-01", "missing", None, None, "2024-06-30", "20000.00", "90000.00"),
    ("2024-04-01", "late", "2024-06-12", 12, None, None, None),
    ("2024-05-01", "on_time", "2024-06-20", None, None, None, None),
    ("2024-06-01", "too_early", None, None, None, None, None),
]
REPLY = "3 May 2024: the ledger has no such field."


def add(con: duckdb.DuckDBPyConnection, name: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        con.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def finding(finding_id: str, rule_id: str, **values: Any) -> dict[str, Any]:
    rule = next(one for one in RULES if one["rule_id"] == rule_id)
    return {
        "finding_id": finding_id,
        "rule_id": rule_id,
        "rule_version": 3,
        "dimension": rule["dimension"],
        "severity": rule["severity"],
        "publisher_id": "dept-of-kites",
        "publication_id": "p1",
        "distribution_id": "d1",
        "snapshot_sha256": "ab" * 32,
        "source_url": "https://example.org/kites-april-2024.csv",
        "source_path": "spend/dept-of-kites/kites-april-2024.csv",
        "sheet": "",
        **values,
    }


@pytest.fixture
def judged(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The small warehouse, with the tables of quality filled."""
    con = warehouse
    severities = {rule["rule_id"]: rule for rule in RULES}
    add(con, "core_rules", *({**RULE, **rule} for rule in RULES))
    add(con, "core_publications", PUBLICATION_2)
    add(con, "core_publishers", {"publisher_id": "absent", "publisher_name": "Absent Body", "is_registered": True})
    for publication, rule_id, result, checked, failed, money, reason in RESULTS:
        rule = severities[rule_id]
        add(con, "core_rule_results", {
            "publisher_id": "dept-of-kites", "publication_id": publication, "rule_id": rule_id, "rule_version": 3,
            "dimension": rule["dimension"], "severity": rule["severity"], "rule_result": result,
            "not_applicable_reason": reason, "checked_count": checked, "failed_count": failed, "money_gbp": money,
        })  # fmt: skip
    for publication, dimension, tier, reason, errors, warnings, advice in GRADES:
        add(con, "mart_quality_by_publication", {
            "publication_id": publication, "publisher_id": "dept-of-kites", "dimension": dimension, "tier": tier,
            "tier_reason": reason, "error_count": errors, "warning_count": warnings, "advice_count": advice,
        })  # fmt: skip
    for finding_id, rule_id, publication, line, column, value, detail, money in FINDINGS:
        add(con, "core_findings", finding(
            finding_id, rule_id, publication_id=publication, distribution_id="d1" if publication == "p1" else None,
            line_number=line, column_name=column, raw_value=value, finding_detail=detail, money_gbp=money,
            reply_text=REPLY if rule_id == "amount_readable" else None,
        ))  # fmt: skip
    for month, status, published, late, searched, low, high in CALENDAR:
        add(con, "core_publication_calendar", {
            "publisher_id": "dept-of-kites", "series": "spend_over_threshold", "due_month": month,
            "due_date": "2024-06-30", "calendar_status": status, "published_date": published, "days_late": late,
            "searched_date": searched, "expected_low_gbp": low, "expected_high_gbp": high,
        })  # fmt: skip
    for kind, before, after in [("added", None, "500.00"), ("changed", "100.00", "150.00"), ("changed", "7.00", "8.00"), ("removed", "50.00", None)]:  # fmt: skip
        add(con, "core_revisions", {
            "publisher_id": "dept-of-kites", "distribution_id": "d1", "previous_snapshot_sha256": "cd" * 32,
            "snapshot_sha256": "ab" * 32, "seen_date": "2024-06-15", "revision_kind": kind, "row_hash": kind,
            "occurrence": 1, "amount_before_gbp": before, "amount_after_gbp": after,
        })  # fmt: skip
    return con


@pytest.fixture
def reports(judged: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., Path]:
    """Builds the reports of what the warehouse holds by then."""

    def build(name: str = "reports", version: str | None = "1.4.0", *, is_sample: bool = False) -> Path:
        build_reports(judged, tmp_path / name, release_version=version, as_of=AS_OF, is_sample=is_sample)
        return tmp_path / name

    return build
