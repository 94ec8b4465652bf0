from __future__ import annotations

from typing import Any

from published.metadata.changelog import changelog
from published.metadata.changes import changes


def table(name: str, rows: int, total: str | None = None, **types: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": name.title(),
        "rowCount": rows,
        "key": ["id"],
        "totals": {"amount_gbp": total} if total else {},
        "schema": {"fields": [{"name": column, "type": kind} for column, kind in {"id": "string", **types}.items()]},
    }


def package(version: str, *tables: dict[str, Any], **methods: Any) -> dict[str, Any]:
    return {
        "version": version,
        "channel": "live",
        "isSample": False,
        "asOf": "2026-11-25",
        "methods": methods,
        "resources": [*tables, {"name": "sqlite"}],
    }


def counts(added: int = 0, modified: int = 0, deleted: int = 0) -> dict[str, int]:
    return {"added": added, "modified": modified, "deleted": deleted}


def test_rows_and_money_that_moved_are_told_to_the_penny() -> None:
    before = package("1.0.0", table("payments", 10, "100.10"))
    now = package("1.1.0", table("payments", 12, "99.85"))
    found = changes(before, now, {"payments": counts(added=3, deleted=1)})
    assert found["why"] == ["Rows came or went in payments."]
    assert found["datasets"] == [
        {
            "name": "payments", "title": "Payments", "added": 3, "modified": 0, "deleted": 1, "rows_before": 10,
            "rows_after": 12,
            "money": [{"field": "amount_gbp", "before": "100.10", "after": "99.85", "moved": "-0.25"}],
        }
    ]  # fmt: skip


def test_a_changed_shape_is_told_column_by_column() -> None:
    before = package("1.0.0", table("a", 1, x="string", y="number"), table("gone", 1))
    now = package("2.0.0", table("a", 1, x="date", z="string"), table("new", 5))
    found = changes(before, now, {"a": counts(added=1, deleted=1), "gone": counts(deleted=1), "new": counts(added=5)})
    assert found["why"] == [
        "The dataset gone is gone.",
        "The column y of a is gone.",
        "The column x of a was of type string and is of type date.",
        "The column z of a is new.",
        "The dataset new is new.",
        "Rows came or went in a.",
    ]
    assert [one["name"] for one in found["datasets"]] == ["a", "new", "gone"]


def test_other_versions_of_methods_and_rules_are_told_by_name() -> None:
    before = package("1.0.0", table("scores", 1), scores=["1.0"], rules={"r1": "1", "r2": "1"})
    now = package("2.0.0", table("scores", 1), scores=["2.0"], rules={"r1": "2", "r2": "1"})
    found = changes(before, now, {"scores": counts(modified=1)})
    assert found["why"] == [
        "r1 (rules): version 1 became 2.",
        "The method of scores: version 1.0 became 2.0.",
        "Only values were corrected in scores.",
    ]


def test_a_release_for_the_reports_alone_says_so() -> None:
    found = changes(package("1.0.0", table("a", 1)), package("1.0.1", table("a", 1)), {})
    assert found["why"] == ["The data are the same; the reports about them say something otherwise."]


def test_the_log_keeps_the_entries_of_earlier_releases_below_the_new_one() -> None:
    first = package("1.0.0", table("payments", 10, "100.10"))
    second = package("1.1.0", table("payments", 1012, "1234667.20"))
    earlier = changelog(first, changes(None, first, {}))
    text = changelog(second, changes(first, second, {"payments": counts(added=1002)}), earlier)
    assert text.count("# Changes\n") == 1
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## 1.1.0", "## 1.0.0"]
    assert "| Payments | 1,012 | 1,002 | 0 | 0 | amount_gbp: +£1,234,567.10 |" in text
    assert text.endswith("The first release of this channel. Its data are as of 2026-11-25.\n")
    assert "\n\n\n" not in text
