"""Which mends would help a publisher most. Says how rules are put in order; the words are the rules' own.

Errors come before warnings, warnings before advice, since errors decide the tier. Within a severity, rules that one of the
newest twelve publications still fails come before those that only older ones failed; then the rule that touches more
money comes first, then the one that more rows fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from published.reports.words import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from published.reports.facts import Publication, Report, Row

SHOWN = 10
RECENT = 12


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """One rule over all publications of a publisher. Money is the sum over publications of what the rule's findings touch."""

    rule: Row
    severity: str
    failed_count: int
    checked_count: int
    money_gbp: Decimal
    failing: tuple[Row, ...]
    passing: int
    not_applicable: Mapping[str, int]
    recent: int
    newest: Publication | None

    @property
    def result(self) -> str:
        return "fail" if self.failing else "pass" if self.passing else "not_applicable"


def rule_totals(report: Report, rules: Mapping[str, Row]) -> list[RuleTotal]:
    """Every rule in the order of help: those that fail first."""
    by_rule: dict[str, list[Row]] = {rule_id: [] for rule_id in rules}
    for row in report.results:
        by_rule.setdefault(row["rule_id"], []).append(row)
    recent = set(list(report.publications)[:RECENT])
    totals = [_total(report, rules[rule_id], rows, recent) for rule_id, rows in by_rule.items() if rule_id in rules]
    return sorted(totals, key=_order)


def most_helpful(totals: list[RuleTotal]) -> list[RuleTotal]:
    return [total for total in totals if total.failing][:SHOWN]


def _total(report: Report, rule: Row, rows: list[Row], recent: set[str]) -> RuleTotal:
    failing = [row for row in rows if row["rule_result"] == "fail"]
    reasons: dict[str, int] = {}
    for row in rows:
        if row["rule_result"] == "not_applicable":
            reason = row["not_applicable_reason"] or ""
            reasons[reason] = reasons.get(reason, 0) + 1
    ids = {row["publication_id"] for row in failing}
    return RuleTotal(
        rule=rule,
        severity=rule["severity"],
        failed_count=sum(row["failed_count"] or 0 for row in failing),
        checked_count=sum(row["checked_count"] or 0 for row in rows),
        money_gbp=sum((row["money_gbp"] or Decimal(0) for row in failing), Decimal("0.00")),
        failing=tuple(failing),
        passing=sum(1 for row in rows if row["rule_result"] == "pass"),
        not_applicable=dict(sorted(reasons.items())),
        recent=len(ids & recent),
        newest=next((one for key, one in report.publications.items() if key in ids), None),
    )


def _order(total: RuleTotal) -> tuple[bool, int, bool, Decimal, int, str]:
    severity = list(SEVERITIES).index(total.severity)
    is_past = total.recent == 0
    return (not total.failing, severity, is_past, -total.money_gbp, -total.failed_count, total.rule["rule_id"])
