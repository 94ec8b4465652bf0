import hashlib
import json
import os
from datetime import date
from pathlib import Path

import pytest

from sources.manifest import read_manifest
from sources.registry import load_registry
from sources.sample.ledger import Published, write_manifest, write_register
from sources.sample.world import bodies


def test_the_manifest_gives_address_day_and_hash_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "spend").mkdir()
    (tmp_path / "spend" / "a b.csv").write_bytes(b"x")
    path = write_manifest(tmp_path, [Published("spend/a b.csv", date(2024, 5, 1))])
    sha256 = hashlib.sha256(b"x").hexdigest()
    assert path.read_text(encoding="utf-8") == (
        "path,source_url,published_date,sha256\n"
        f"spend/a b.csv,https://sample.invalid/spend/a%20b.csv,2024-05-01,{sha256}\n"
    )
    manifest = read_manifest(path)
    assert not manifest.problems
    assert manifest.entries["spend/a b.csv"].published_date == date(2024, 5, 1)


def test_the_register_takes_the_invented_bodies(tmp_path: Path) -> None:
    registry = load_registry(write_register(tmp_path))
    kites = registry.get("sample-kites")
    assert kites.is_registered
    assert kites.name == "Department for Kites and Small Weather (sample)"
    assert kites.threshold("spend_over_threshold", date(2023, 1, 1)) == 25_000
    assert registry.get("sample-fogwick").threshold("spend_over_threshold", date(2023, 1, 1)) == 500


def test_there_are_twelve_bodies_of_each_kind_and_all_say_that_they_are_a_sample() -> None:
    kinds = [body.kind for body in bodies()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"ministerial_department": 12, "council": 12, "nhs_trust": 12}
    assert all(body.id.startswith("sample-") and body.name.endswith(" (sample)") for body in bodies())


def test_no_two_bodies_share_an_abbreviation() -> None:
    assert len({body.abbreviation for body in bodies()}) == 36


@pytest.mark.real
@pytest.mark.skipif("PUBLICVALUE_REAL_MIRROR" not in os.environ, reason="PUBLICVALUE_REAL_MIRROR names no mirror")
def test_no_invented_body_has_the_name_or_abbreviation_in_use_of_a_real_one() -> None:
    folder = Path(os.environ["PUBLICVALUE_REAL_MIRROR"]) / "codelists" / "govuk-organisations"
    real = json.loads((folder / "organisations.json").read_text(encoding="utf-8"))
    titles = {organisation["title"].casefold() for organisation in real}
    slugs = {organisation["details"]["slug"] for organisation in real}
    assert len(titles) > 1_000
    for body in bodies():
        assert body.name.removesuffix(" (sample)").casefold() not in titles
        assert body.id not in slugs
        assert body.id.removeprefix("sample-") not in slugs
