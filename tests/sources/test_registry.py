"""The register loads, refuses what is wrong with file and key, and no entry of it is incomplete."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sources.errors import RegistryError
from sources.registry import Registry, load_registry, readable

PUBLISHERS = Path(__file__).parents[2] / "sources" / "publishers"
FILES = sorted(PUBLISHERS.glob("*.yaml"))
MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
needs_mirror = pytest.mark.skipif(MIRROR is None, reason="PUBLICVALUE_REAL_MIRROR is not set")

ENTRY = "id: {id}\nname: {name}\nkind: agency\nfamily: executive_agency\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def write(folder: Path, publisher_id: str, text: str | None = None, **more: str) -> Path:
    path = folder / f"{publisher_id}.yaml"
    body = text if text is not None else ENTRY.format(id=publisher_id, name=f"Agency {publisher_id}")
    path.write_text(body + "".join(f"{key}: {value}\n" for key, value in more.items()), encoding="utf-8")
    return path


def problems(folder: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    return str(caught.value)


def test_publishers_are_ordered_by_id(registry: Registry) -> None:
    ids = [publisher.id for publisher in registry.publishers]
    assert ids == sorted(ids)
    assert "hm-treasury" in registry


def test_a_folder_of_ones_own_is_read_beside_the_register(tmp_path: Path) -> None:
    write(tmp_path, "quartz-agency", parent_id="hm-treasury")
    assert load_registry(tmp_path).get("quartz-agency").parent_id == "hm-treasury"


def test_a_folder_of_ones_own_can_stand_alone(tmp_path: Path) -> None:
    write(tmp_path, "quartz-agency")
    assert [one.id for one in load_registry(tmp_path, with_own=False).publishers] == ["quartz-agency"]


def test_an_unregistered_publisher_gets_defaults(registry: Registry) -> None:
    stranger = registry.get("north-hill-nhs-trust")
    assert (stranger.name, stranger.kind, stranger.is_registered) == ("North Hill NHS Trust", "unknown", False)
    assert stranger.threshold("spend_over_threshold", date(2020, 1, 1)) is None
    assert stranger.due_from is None
    assert registry.get("hm-treasury").is_registered


@pytest.mark.parametrize(
    ("publisher_id", "name"),
    [
        ("ministry-of-silly-walks", "Ministry of Silly Walks"),
        ("the-end", "The End"),
        ("A_b  c", "A B C"),
        ("--", "(no name)"),
    ],
)
def test_ids_are_made_readable(publisher_id: str, name: str) -> None:
    assert readable(publisher_id) == name


@pytest.mark.parametrize(
    ("publisher_id", "series", "on", "amount"),
    [
        ("hm-treasury", "spend_over_threshold", date(2015, 6, 1), "25000"),
        ("hm-treasury", "spend_over_threshold", date(2010, 3, 31), None),
        ("hm-treasury", "purchasing_card", date(2015, 6, 1), "500"),
        ("wales-office", "spend_over_threshold", date(2012, 10, 31), "500"),
        ("wales-office", "spend_over_threshold", date(2012, 11, 1), "25000"),
        ("department-of-energy-climate-change", "spend_over_threshold", date(2011, 7, 1), "500"),
        ("department-for-communities-and-local-government", "spend_over_threshold", date(2012, 5, 1), "250"),
        ("hyndburn-borough-council", "spend_over_threshold", date(2023, 4, 1), "250"),
        ("oxford-city-council", "spend_over_threshold", date(2016, 4, 1), "500"),
        ("whittington-health-nhs-trust", "spend_over_threshold", date(2019, 4, 1), "25000"),
        ("hm-treasury", "unknown", date(2015, 6, 1), None),
    ],
)
def test_threshold_depends_on_series_and_date(
    registry: Registry, publisher_id: str, series: str, on: date, amount: str | None
) -> None:
    assert registry.get(publisher_id).threshold(series, on) == (None if amount is None else Decimal(amount))


def test_duty_begins_with_the_kinds_or_the_bodys_own_day(registry: Registry) -> None:
    assert registry.get("hm-treasury").due_from == date(2010, 4, 1)
    assert registry.get("oxford-city-council").due_from == date(2011, 1, 1)
    assert registry.get("department-for-business-and-trade").due_from == date(2023, 2, 7)


def test_successors_are_those_who_name_a_predecessor(registry: Registry) -> None:
    found = registry.successors("department-for-business-energy-and-industrial-strategy")
    assert [change.id for change in found] == [
        "department-for-business-and-trade",
        "department-for-energy-security-and-net-zero",
        "department-for-science-innovation-and-technology",
    ]
    assert {change.date for change in found} == {date(2023, 2, 7)}


def test_fingerprint_follows_the_facts_and_not_the_layout(tmp_path: Path) -> None:
    write(tmp_path, "a-b")
    plain = load_registry(tmp_path).get("a-b").fingerprint()
    write(tmp_path, "a-b", "# note\nfamily: executive_agency\nkind: agency\n\nname: 'Agency a-b'\nid: a-b\n")
    assert load_registry(tmp_path).get("a-b").fingerprint() == plain
    write(tmp_path, "a-b", checked="{date: 2026-11-25, how: looked}", citations="[{fact: f, source: s}]")
    assert load_registry(tmp_path).get("a-b").fingerprint() == plain
    write(tmp_path, "a-b", quirks="{amount_basis: net}")
    assert load_registry(tmp_path).get("a-b").fingerprint() != plain


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "one", "id: one\nname: One\nkind: emporium\nfamily: executive_agency\ncolour: red\n")
    write(tmp_path, "two", "id: two\nname: Two\nkind: agency\nfamily: executive_agency\nduty_start: soon\n")
    told = problems(tmp_path)
    assert f"{tmp_path / 'one.yaml'}: kind: 'emporium' is not in the code list organisation_kinds" in told
    assert f"{tmp_path / 'one.yaml'}: colour:" in told
    assert f"{tmp_path / 'two.yaml'}: duty_start:" in told
    assert "docs/adding-a-department.md" in told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"parent_id": "nowhere"}, "parent_id: no entry 'nowhere'"),
        ({"parent_id": "a-b"}, "parent_id: a body cannot be its own"),
        ({"predecessors": "[{id: nowhere, date: 2020-01-01, what: all}]"}, "predecessors.0.id: no entry 'nowhere'"),
        ({"govuk_slug": "hm-treasury"}, "govuk_slug: 'hm-treasury' is also that of"),
        ({"govuk_slug": "../etc"}, "govuk_slug:"),
        ({"website": "javascript:alert(1)"}, "website:"),
        (
            {"duty_start": "2020-01-02", "duty_end": "2020-01-01"},
            "duty_end 2020-01-01 is not after duty_start 2020-01-02",
        ),
        (
            {"earlier_names": "[{name: X, until: 2020-01-01}, {name: Y, until: 2019-01-01}]"},
            "earlier_names are not in order",
        ),
        (
            {"thresholds": "[{series: spend_over_threshold, from: 2020-01-01, amount_gbp: -1}]"},
            "thresholds.0.amount_gbp:",
        ),
        (
            {"thresholds": "[{series: spend_over_threshold, from: 2020-01-01, until: 2019-01-01, amount_gbp: 1}]"},
            "until 2019-01-01 is not after from 2020-01-01",
        ),
        (
            {
                "thresholds": "[{series: unknown, from: 2020-01-01, amount_gbp: 1},"
                " {series: unknown, from: 2021-01-01, amount_gbp: 2}]"
            },
            "overlap or are out of order",
        ),
        ({"quirks": "{amount_bases: net}"}, "quirks.amount_bases:"),
        ({"name": "Other"}, "key 'name' is given twice"),
        ({"aliases": "[unclosed"}, "no valid YAML"),
        ({"duty_start": "2020-02-30"}, "no valid YAML: day is out of range for month"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_key(tmp_path: Path, more: dict[str, str], told: str) -> None:
    write(tmp_path, "a-b", **more)
    message = problems(tmp_path)
    assert told in message
    assert "a-b.yaml: " in message


def test_the_id_is_the_files_name(tmp_path: Path) -> None:
    write(tmp_path, "a-b", ENTRY.format(id="c-d", name="Something"))
    assert "a-b.yaml: id: 'c-d' differs from the file's name" in problems(tmp_path)


def test_two_publishers_do_not_share_a_name(tmp_path: Path) -> None:
    write(tmp_path, "a-b", ENTRY.format(id="a-b", name="hm treasury"))
    assert "a-b.yaml: name: 'hm treasury' is also that of" in problems(tmp_path)


def test_parents_do_not_run_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "a-b", parent_id="c-d")
    write(tmp_path, "c-d", parent_id="a-b")
    assert "parents lead back to 'a-b'" in problems(tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "cannot be read"),
        (b"x" * 70_000, "larger than 65536 bytes"),
        (b"[" * 50_000, "no valid YAML"),
        (b"!!python/object/apply:os.system ['true']", "no valid YAML"),
        (b"? [a]\n: b\n", "no valid YAML"),
        (b"", "entry:"),
        (b"just text", "entry:"),
    ],
)
def test_a_hostile_file_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "a-b.yaml").write_bytes(content)
    assert told in problems(tmp_path)


@pytest.mark.parametrize("content", ["", "# a note\n", "id: [unclosed", "id: home-body\nkind: emporium\n"])
def test_one_file_that_cannot_be_read_is_told_in_its_own_lines_and_not_as_missing(tmp_path: Path, content: str) -> None:
    write(tmp_path, "home-body", content)
    write(
        tmp_path, "child-body", parent_id="home-body", predecessors="[{id: home-body, date: 2020-01-01, what: split}]"
    )
    told = problems(tmp_path)
    assert "child-body" not in told
    assert told.startswith(f"{tmp_path / 'home-body.yaml'}: ")


def test_one_problem_is_one_line_with_its_remedy(tmp_path: Path) -> None:
    write(tmp_path, "home-body", "")
    told = problems(tmp_path)
    assert told == (
        f"{tmp_path / 'home-body.yaml'}: nothing is written in it; "
        "correct the entry: docs/adding-a-department.md explains every key"
    )


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert "no such folder of publishers" in problems(tmp_path / "none")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_entry_is_incomplete(registry: Registry, path: Path) -> None:
    publisher = registry.get(path.stem)
    assert publisher.is_registered
    assert publisher.kind != "unknown"
    assert publisher.family != "unknown"
    assert publisher.checked is not None, "say when and how the entry was checked"
    assert publisher.due_from is not None
    assert publisher.threshold("spend_over_threshold", publisher.due_from) is not None
    if publisher.duty_start or publisher.duty_end or publisher.predecessors or publisher.earlier_names:
        assert publisher.citations, "dates need a citation"
    if publisher.kind == "ministerial_department":
        assert publisher.abbreviations or publisher.govuk_slug
    if publisher.govuk_slug is None and publisher.kind not in {"council", "nhs_trust"}:
        assert "Not in the GOV.UK organisations list" in publisher.checked.how


@pytest.mark.real
@needs_mirror
def test_every_body_of_the_real_files_is_registered(registry: Registry) -> None:
    folders = sorted(path.name for path in (Path(MIRROR or "") / "spend").iterdir() if path.is_dir())
    assert len(folders) == 35
    assert [name for name in folders if name not in registry] == []


@pytest.mark.real
@needs_mirror
def test_the_register_agrees_with_the_govuk_organisations_list(registry: Registry) -> None:
    path = Path(MIRROR or "") / "codelists" / "govuk-organisations" / "organisations.json"
    listed = {body["details"]["slug"]: body for body in json.loads(path.read_text(encoding="utf-8"))}
    slugs = {publisher.govuk_slug for publisher in registry.publishers if publisher.govuk_slug}
    assert slugs - set(listed) == {"wales-office"}
    of_today = {
        slug
        for slug, body in listed.items()
        if body["format"] == "Ministerial department" and body["details"]["govuk_status"] == "live"
    }
    assert of_today - slugs == set()
    for publisher in registry.publishers:
        body = listed.get(publisher.govuk_slug or "")
        if body and body["details"]["closed_at"] and publisher.duty_end and publisher.duty_end >= date(2010, 5, 1):
            assert publisher.duty_end == date.fromisoformat(body["details"]["closed_at"][:10]), publisher.id
