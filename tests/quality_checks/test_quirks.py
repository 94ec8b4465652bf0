"""The rules find in real files what a list made by other means, and people, saw in them."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from quality_checks.quirks import PAGE, Listed, Seen, page, quirks


def test_the_page_says_what_the_data_say() -> None:
    """After a change: python -m quality_checks.quirks."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.fixture(scope="module")
def found(real_spending: Path) -> dict[str, set[str]]:
    """Files by rule, and by rule and column, as quirks.yaml names them."""
    files: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect(real_spending / "warehouse.duckdb", read_only=True) as con:
        for rule, column, path in con.execute(
            "SELECT DISTINCT rule_id, column_name, source_path FROM core_findings WHERE source_path IS NOT NULL"
        ).fetchall():
            name = path.removeprefix("spend/")
            files[rule].add(name)
            files[f"{rule}:{column}"].add(name)
    return files


def listed_files(one: Listed) -> set[str]:
    with (Path(os.environ["PUBLICVALUE_REAL_MIRROR"]) / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"] == "spend"]
    ((what, pattern),) = one.listed.items()
    if what == "encoding":
        chosen = [row for row in rows if re.fullmatch(pattern, row["encoding"])]
    else:
        chosen = [row for row in rows if any(re.match(pattern, part.strip()) for part in row["quirks"].split(";"))]
    return {row["path"].removeprefix("spend/") for row in chosen}


@pytest.mark.real
@pytest.mark.parametrize("one", quirks().listed, ids=lambda one: one.quirk)
def test_rules_and_list_differ_in_the_files_that_were_looked_at_and_in_no_other(
    one: Listed, found: dict[str, set[str]]
) -> None:
    listed, by_rules = listed_files(one), set().union(*(found[rule] for rule in one.rules))
    assert len(listed) == one.count
    assert listed - by_rules == one.only("list")
    assert by_rules - listed == one.only("rules")


@pytest.mark.real
@pytest.mark.parametrize("one", quirks().seen, ids=lambda one: one.quirk)
def test_each_file_in_which_a_person_saw_a_quirk_is_found_by_the_rule_meant_for_it(
    one: Seen, found: dict[str, set[str]]
) -> None:
    by_rules = set().union(*(found[rule] for rule in one.rules))
    assert set(one.files) <= by_rules
    assert bool(by_rules) == bool(one.files)
