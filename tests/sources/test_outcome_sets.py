"""The declared outcome datasets, and whom their figures are about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sources.errors import RegistryError
from sources.outcome_entities import Named, resolve
from sources.outcome_sets import outcome_sets
from sources.publisher import HERE
from sources.registry import load_registry

SETS = outcome_sets()
MINIMAL = {
    "id": "small", "title": "Small", "origin": "somebody", "licence": "OGL-UK-3.0", "attribution": "somebody", "period": "months",
    "entity_prefix": "s", "metrics": {"m": {"title": "M", "unit": "%", "direction": "higher", "frequency": "monthly"}},
    "files": [{"pattern": "*", "reader": "tidy", "options": {"entity": {"kind": "body", "name": "who"}, "values": [{"column": "v", "metric": "m"}]}}],
}  # fmt: skip


@pytest.mark.parametrize("path", sorted((HERE / "outcomes").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_dataset_says_what_has_to_be_known(path: Path) -> None:
    one = SETS[path.stem]
    assert one.origin.endswith(".")
    assert one.attribution
    for a_break in one.breaks:
        assert a_break.source
    for metric in one.metrics.values():
        assert not metric.is_derived or metric.description


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "other"}, "differs from the file's name"),
        ({"licence": None}, "licence"),
        ({"files": [{"pattern": "*", "reader": "magic"}]}, "'magic' is none of"),
        ({"files": [{"pattern": "*", "reader": "tidy", "options": {}}]}, "options.entity"),
        ({"metrics": {"n": MINIMAL["metrics"]["m"]}}, "metric 'm' is not declared"),  # type: ignore[index]  # a mapping
        ({"metrics": {"m": {**MINIMAL["metrics"]["m"], "lowest": 9, "highest": 9}}}, "is not below highest"),  # type: ignore[index]  # a mapping
        ({"breaks": [{"from": "2020-01-01", "metrics": ["x"], "what": "w", "source": "s"}]}, "breaks name metrics"),
    ],
)
def test_a_wrong_dataset_is_named_with_file_and_key(tmp_path: Path, change: dict[str, object], words: str) -> None:
    (tmp_path / "small.yaml").write_text(yaml.safe_dump({**MINIMAL, **change}), encoding="utf-8")
    with pytest.raises(RegistryError, match=r"small\.yaml") as caught:
        outcome_sets(tmp_path)
    assert words in str(caught.value)


def ids_of(dataset: str, *names: tuple[str, str, str, str]) -> list[tuple[str, str | None]]:
    named = [Named(dataset, *one) for one in names]
    found = {one.named: (one.entity_id, one.publisher_id) for one in resolve(named, SETS, load_registry())}
    return [found[one] for one in named]


def test_bodies_of_the_register_are_known_by_name_short_name_or_family_of_names() -> None:
    assert ids_of("public-expenditure", ("department", "", "Education", ""), ("department", "", "Scottish Government", "")) == [
        ("department-for-education", "department-for-education"), ("pesa-scottish-government", None),
    ]  # fmt: skip
    assert ids_of("local-authority-reserves", ("council", "E3132", "Oxford", "SD"), ("council", "E9", "Oxfordshire", "SC")) == [
        ("oxford-city-council", "oxford-city-council"), ("la-e9", None),
    ]  # fmt: skip
    assert ids_of("nhs-accident-and-emergency", ("trust", "RKE", "WHITTINGTON HEALTH NHS TRUST", "R"), ("country", "", "England", "")) == [
        ("whittington-health-nhs-trust", "whittington-health-nhs-trust"), ("england", None),
    ]  # fmt: skip


def test_a_total_is_nobody_s_publisher() -> None:
    assert ids_of("public-expenditure", ("total", "", "HM Treasury", "")) == [("pesa-hm-treasury", None)]


def test_a_service_keeps_its_own_id_and_names_its_department() -> None:
    found = ids_of(
        "govuk-service-performance",
        ("service", "ho-passports", "Passports", "Home Office"),
        ("service", "", "Passports", "Home Office"),
        ("service", "", "Visas", "Home Office"),
    )
    assert found == [
        ("service-ho-passports", "home-office"),
        ("service-ho-passports", "home-office"),
        ("service-visas", "home-office"),
    ]


def test_two_entities_of_one_publisher_keep_ids_of_their_own() -> None:
    found = ids_of(
        "civil-service-people-survey",
        ("survey_unit", "HO", "Home Office", ""),
        ("survey_unit", "HO_GROUP", "Home Office", ""),
        ("survey_unit", "HMT", "", ""),
    )
    assert found == [("csps-ho", "home-office"), ("csps-ho-group", "home-office"), ("hm-treasury", "hm-treasury")]


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("April-2021-revised-120522-ABC456.csv", True),
        ("Monthly-AE-November-2025.csv", True),
        ("November-2025-AE-by-provider-8c90a.xls", False),
        ("ECDS-Activity-November-2025.csv", False),
        ("AE-Time-Series.csv", False),
    ],
)
def test_of_the_emergency_pages_a_csv_a_month_is_taken(name: str, is_taken: bool) -> None:
    places = SETS["nhs-accident-and-emergency"].sources
    assert places.link_pattern is not None
    found = re.search(places.link_pattern, f"https://www.england.nhs.uk/uploads/2025/12/{name}", re.IGNORECASE)
    assert (found is not None) is is_taken
