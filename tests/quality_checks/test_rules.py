"""Every rule against its own examples: passes, fails as often as it says, and is not applicable for a stated reason."""

from __future__ import annotations

from typing import Any

import pytest

from quality_checks.rule import all_rules

ASKED = [rule for rule in all_rules() if rule.examples is not None]


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.id)
def test_passing_example_passes(rule: Any, tried: Any) -> None:
    assert {(result, failed) for result, failed, _ in tried.result(rule, "passing")} >= {("pass", 0)}
    assert "fail" not in {result for result, _, _ in tried.result(rule, "passing")}


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.id)
def test_failing_example_makes_as_many_findings_as_it_says(rule: Any, tried: Any) -> None:
    assert sum(failed for _, failed, _ in tried.result(rule, "failing")) == rule.examples.failing.findings


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.id)
def test_not_applicable_example_is_not_applicable_for_a_reason(rule: Any, tried: Any) -> None:
    found = tried.result(rule, "not_applicable")
    assert {result for result, _, _ in found} == {"not_applicable"}
    assert all(len(reason) > 12 for _, _, reason in found)
