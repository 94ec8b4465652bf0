"""docs/rules says what the rule files say."""

from __future__ import annotations

import re
from pathlib import Path

from quality_checks.rule import all_rules
from quality_checks.rule_pages import FOLDER, pages, write


def test_the_pages_are_those_of_the_rules() -> None:
    """After a change of a rule: python -m quality_checks.rule_pages."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")} == pages()


def test_the_list_links_every_rule_once() -> None:
    for rule in all_rules():
        assert pages()["README.md"].count(f"({rule.id}.md)") == 1


def test_of_every_error_and_warning_it_is_told_how_often_it_was_right_or_that_it_was_not_tried() -> None:
    told = (FOLDER.parent / "rule-precision.md").read_text(encoding="utf-8")
    assert [
        rule.id for rule in all_rules() if rule.severity != "advice" and not re.search(rf"\b{rule.id}\b", told)
    ] == []


def test_pages_of_rules_that_are_no_more_go(tmp_path: Path) -> None:
    (tmp_path / "gone_rule.md").write_text("old", encoding="utf-8")
    write(tmp_path)
    assert not (tmp_path / "gone_rule.md").exists()
    assert (tmp_path / "amount_zero.md").read_text(encoding="utf-8").startswith("# No payments of nothing\n")
