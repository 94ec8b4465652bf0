"""Each code list is cited and well formed; each payee rule keeps to its own examples."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from sources import codelists
from sources.codelists import PayeeRule

FOLDER = Path(codelists.__file__).parent
RULES = [rule for rule in codelists.payee_rules() if rule.pattern]


def matches(rule: PayeeRule, text: str) -> bool:
    """As the transform does it: RE2 on the upper-case text."""
    upper = text.upper()
    found = duckdb.execute("SELECT regexp_matches(?, ?)", [upper, rule.pattern]).fetchone()
    barred = duckdb.execute("SELECT regexp_matches(?, ?)", [upper, rule.exclude or "a^"]).fetchone()
    assert found is not None
    assert barred is not None
    return bool(found[0]) and not barred[0]


def key(name: str) -> str:
    """The supplier key as agreed: the transform's SQL says the same."""
    text = re.sub(r"[^A-Z0-9]+", " ", name.upper().replace("&", " AND "))
    text = re.sub(r"\bPUBLIC LIMITED COMPANY\b", "PLC", text)
    text = re.sub(r"\bLIMITED\b", "LTD", re.sub(r"\bCOMPANY\b", "CO", text))
    return " ".join(word for word in text.split() if word != "THE")


def test_every_list_has_one_citation_and_every_citation_a_list() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in {".csv", ".yaml"} and path.name != "index.yaml"}
    assert files == set(codelists.index())


@pytest.mark.parametrize("name", [name for name in codelists.index() if name.endswith(".csv")])
def test_columns_of_a_csv_are_those_described(name: str) -> None:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == list(codelists.index()[name].columns)
    assert {len(row) for row in rows} == {len(rows[0])}


def test_deflator_has_its_base_year_and_no_year_twice() -> None:
    deflator = codelists.gdp_deflator()
    assert deflator[codelists.index()["gdp_deflator.csv"].base or ""] == Decimal(100)
    assert deflator["2023-24"] == Decimal("96.416")  # 1.4916820702403 / 1.54713493530499
    assert deflator["2008-09"] == Decimal("67.073")  # 1.03770794824399 / 1.54713493530499
    assert "2007-08" not in deflator
    assert "2031-32" not in deflator
    assert len(deflator) == len(codelists.rows("gdp_deflator")) == 23
    for year in deflator:
        assert int(year[5:]) == (int(year[:4]) + 1) % 100


def test_deflator_tells_outturn_from_forecast() -> None:
    status = {row["financial_year"]: row["status"] for row in codelists.rows("gdp_deflator")}
    assert (status["2024-25"], status["2025-26"]) == ("outturn", "forecast")


def test_public_bodies_have_distinct_keys() -> None:
    keys = [key(row["name"]) for row in codelists.rows("public_bodies")]
    assert len(keys) == len(set(keys))
    assert all(len(text) >= 3 for text in keys)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Home Office", "home-office"),
        ("DWP", "department-for-work-pensions"),
        ("Foreign & Commonwealth Office (FCO)", "foreign-commonwealth-office"),
        ("Middlesbrough Council", ""),
    ],
)
def test_known_bodies_are_listed(name: str, slug: str) -> None:
    assert {key(row["name"]): row["govuk_slug"] for row in codelists.rows("public_bodies")}[key(name)] == slug


@pytest.mark.parametrize("name", ["Monitor", "Sage", "Tate", "NICE", "CSC", "DSG", "ACCO", "Science Council"])
def test_common_words_and_company_names_are_not_listed(name: str) -> None:
    assert key(name) not in {key(row["name"]) for row in codelists.rows("public_bodies")}


def test_rules_have_distinct_ids_and_priorities() -> None:
    rules = codelists.payee_rules()
    assert len({rule.id for rule in rules}) == len({rule.priority for rule in rules}) == len(rules)
    assert [rule.priority for rule in rules] == sorted(rule.priority for rule in rules)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_keeps_to_its_examples(rule: PayeeRule) -> None:
    assert len(rule.passes) >= 2
    assert len(rule.fails) >= 2
    assert [text for text in rule.passes if not matches(rule, text)] == []
    assert [text for text in rule.fails if matches(rule, text)] == []


@pytest.mark.parametrize(
    ("supplier", "expense_type", "kind"),
    [
        ("HM Revenue & Customs", "Salaries", "tax"),
        ("Kent County Council", "Current grants to local government", "public_body"),
        ("Ambition Charity", "Current grants private sector", "grant"),
        ("Redacted", "Grants", "grant"),
        ("Redacted", "Legal fees", "withheld"),
        ("", "", "withheld"),
        ("University of Anytown", "Research", None),
        ("Anytown College of Further Education", "Training", None),
        ("Total Produce Plc", "Agency staff", None),
        ("Payroll Giving Bank", "Superannuation", "staff"),
        ("Some Bank Plc", "Interest payable - on PFI", "debt"),
        ("Anytown Properties Ltd", "Business rates", "tax"),
    ],
)
def test_the_first_rule_that_matches_decides(supplier: str, expense_type: str, kind: str | None) -> None:
    cells = {"supplier_name": supplier, "expense_type": expense_type}
    deciding = [rule.kind for rule in RULES if rule.field in cells and matches(rule, cells[rule.field])]
    assert (deciding[0] if deciding else None) == kind


def test_a_rule_without_pattern_or_list_is_refused() -> None:
    with pytest.raises(ValidationError, match="either a pattern or a list"):
        PayeeRule(id="x", priority=1, kind="tax", field="supplier_name", evidence="x")
    with pytest.raises(ValidationError, match="payee_kinds"):
        PayeeRule(id="x", priority=1, kind="emperor", field="supplier_name", evidence="x", pattern="X")


def test_the_files_are_plain_yaml() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
