"""A publisher's report as JSON; report.schema.json beside this declares its shape. Money is text in pounds with two decimals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.reports.mends import most_helpful
from published.reports.words import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from published.reports.facts import Publication, Report, Row
    from published.reports.mends import RuleTotal
    from published.reports.pages import Edition

SCHEMA = Path(__file__).with_name("report.schema.json")


def report_json(edition: Edition, report: Report, totals: list[RuleTotal]) -> dict[str, Any]:
    """Everything the pages say but the findings themselves, which are in findings.csv."""
    return {
        "publisher_id": report.publisher_id,
        "publisher_name": report.name,
        "release_version": edition.release_version,
        "as_of": edition.as_of.isoformat(),
        "is_sample": edition.is_sample,
        "tiers": report.tier_counts(),
        "mends": [total.rule["rule_id"] for total in most_helpful(totals)],
        "rules": [_rule(total) for total in sorted(totals, key=lambda total: str(total.rule["rule_id"]))],
        "publications": [_publication(one) for one in report.publications.values()],
        "calendar": [_month(row) for row in report.calendar],
        "revisions": [_revision(row) for row in report.revisions],
        "replies": [
            {"rule_id": rule_id, "reply_text": reply["reply_text"], "finding_count": reply["finding_count"]}
            for rule_id, replies in report.replies.items()
            for reply in replies
        ],
        "findings": "findings.csv",
    }


def _rule(total: RuleTotal) -> dict[str, Any]:
    rule = total.rule
    return {
        "rule_id": rule["rule_id"],
        "rule_version": rule["rule_version"],
        "title": rule["rule_title"],
        "dimension": rule["dimension"],
        "severity": total.severity,
        "remedy": rule["remedy"],
        "guidance_clause": rule["guidance_clause"],
        "guidance_url": rule["guidance_url"],
        "is_guidance_verified": rule["is_guidance_verified"],
        "result": total.result,
        "checked_count": total.checked_count,
        "failed_count": total.failed_count,
        "money_gbp": _money(total.money_gbp),
        "failing_publications": len(total.failing),
        "passing_publications": total.passing,
        "not_applicable": dict(total.not_applicable),
    }


def _publication(one: Publication) -> dict[str, Any]:
    row = one.row
    return {
        "publication_id": one.id,
        "series": row["series"],
        "period_start": _day(row["period_start"]),
        "period_end": _day(row["period_end"]),
        "published_date": _day(row["published_date"]),
        "transaction_count": row["transaction_count"] or 0,
        "counted_total_gbp": _money(row["counted_total_gbp"]),
        "tier": one.tier,
        "tier_reason": one.tier_reason,
        "dimensions": {
            code: {f"{severity}_count": found[f"{severity}_count"] or 0 for severity in SEVERITIES}
            for code, found in sorted(one.by_dimension.items())
        },
        "results": [
            {
                "rule_id": result["rule_id"],
                "rule_version": result["rule_version"],
                "result": result["rule_result"],
                "not_applicable_reason": result["not_applicable_reason"],
                "checked_count": result["checked_count"] or 0,
                "failed_count": result["failed_count"] or 0,
                "money_gbp": _money(result["money_gbp"]),
            }
            for result in one.results
        ],
    }


def _month(row: Row) -> dict[str, Any]:
    return {
        "series": row["series"],
        "due_month": _day(row["due_month"]),
        "due_date": _day(row["due_date"]),
        "status": row["calendar_status"],
        "published_date": _day(row["published_date"]),
        "days_late": row["days_late"],
        "searched_date": _day(row["searched_date"]),
        "publication_id": row["publication_id"],
        "expected_low_gbp": _money(row["expected_low_gbp"]),
        "expected_high_gbp": _money(row["expected_high_gbp"]),
    }


def _revision(row: Row) -> dict[str, Any]:
    return {
        "distribution_id": row["distribution_id"],
        "seen_date": _day(row["seen_date"]),
        "previous_snapshot_sha256": row["previous_snapshot_sha256"],
        "snapshot_sha256": row["snapshot_sha256"],
        "is_withdrawn": row["is_withdrawn"],
        "added": row["added"],
        "changed": row["changed"],
        "removed": row["removed"],
        "amount_before_gbp": _money(row["before_gbp"]),
        "amount_after_gbp": _money(row["after_gbp"]),
    }


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def as_text(written: Mapping[str, Any]) -> str:
    """JSON with a line for each entry and for each element of its lists: to be read by people, and by the encoder in C, which
    an indentation would keep out.
    """
    entries = []
    for name, value in written.items():
        if isinstance(value, list) and value:
            elements = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value)
            entries.append(f"{json.dumps(name)}: [\n  {elements}\n ]")
        else:
            entries.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n " + ",\n ".join(entries) + "\n}\n"
