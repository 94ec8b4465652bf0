"""Great Expectations and the engine give the same answers, those that the rule files state by hand."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from quality_checks.rule import all_rules
from quality_checks.suites import SuiteRun, run_suites


@pytest.fixture(scope="module")
def suites(tried: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[SuiteRun, Path]:
    docs = tmp_path_factory.mktemp("docs")
    return run_suites(tried.con, as_of=tried.as_of, docs=docs), docs


def test_both_find_as_many_failing_rows_for_every_rule(tried: Any, suites: tuple[SuiteRun, Path]) -> None:
    found = dict(tried.con.execute("SELECT rule_id, count(*) FROM core_findings GROUP BY 1").fetchall())
    assert suites[0].failing == {rule.id: found.get(rule.id, 0) for rule in all_rules()}


def test_failing_examples_alone_give_the_counts_written_in_the_rules(tried: Any, suites: tuple[SuiteRun, Path]) -> None:
    """The view that Great Expectations counts, held to the number typed in the rule's file."""
    for rule in all_rules():
        if rule.examples is not None:
            (count,) = tried.con.execute(
                f'SELECT count(*) FROM "q_rule_{rule.id}" WHERE publisher_id = ?', [tried.publisher(rule, "failing")]
            ).fetchone()
            assert count == rule.examples.failing.findings, rule.id


def test_our_own_tables_keep_their_schemas(suites: tuple[SuiteRun, Path]) -> None:
    assert suites[0].broken == ()


def test_data_docs_are_written_where_asked(suites: tuple[SuiteRun, Path]) -> None:
    assert (suites[1] / "index.html").exists()


def test_a_broken_table_of_ours_is_named(tried: Any) -> None:
    (before,) = tried.con.execute("SELECT severity FROM core_rules WHERE rule_id = 'amount_zero'").fetchone()
    change = "UPDATE core_rules SET severity = ? WHERE rule_id = 'amount_zero'"
    tried.con.execute(change, ["dreadful"])
    try:
        broken = run_suites(tried.con, all_rules()[:1], as_of=tried.as_of).broken
    finally:
        tried.con.execute(change, [before])
    assert broken == ("core_rules: expect_column_values_to_be_in_set severity",)


def test_the_connection_outlives_what_was_lent_it(tried: Any) -> None:
    run_suites(tried.con, all_rules()[:1], as_of=tried.as_of)
    gc.collect()
    assert tried.con.execute("SELECT 1").fetchone() == (1,)
