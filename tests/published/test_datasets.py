from __future__ import annotations

from pathlib import Path

import pytest

from published.datasets import attributions, datasets, licences, read_dataset, rhythms

WRONG = """
title: T
description: D
rank: 1
table: core_publishers
order: [publisher_id]
brief: [publisher_id]
licence: OGL-UK-3.0
attribution: spending
rhythm: monthly
caveats: [C]
questions: []
"""


def test_every_dataset_has_a_known_licence_attribution_rhythm_a_caveat_and_a_question() -> None:
    for dataset in datasets():
        assert dataset.licence in licences(), dataset.name
        assert dataset.attribution in attributions(), dataset.name
        assert dataset.rhythm in rhythms(), dataset.name
        assert dataset.caveats, dataset.name
        assert dataset.questions, dataset.name
        assert dataset.title, dataset.name


def test_every_link_leads_to_the_key_of_another_dataset() -> None:
    keys = {dataset.name: dataset.key for dataset in datasets()}
    for dataset in datasets():
        for link in dataset.links:
            assert keys[link.dataset] == (link.field,), dataset.name


def test_every_money_field_ends_with_its_unit_so_that_pence_can_stand_beside_it() -> None:
    for dataset in datasets():
        assert all(name.endswith("_gbp") for name in dataset.money), dataset.name


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("brief: [publisher_id]", "brief: [colour]", "core_publishers has no column colour"),
        ("order: [publisher_id]", "order: [family]", "the order lacks publisher_id of the key"),
        ("title: T", "heading: T", "heading"),
        ("title: T", "title: [", "things.yaml"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "things.yaml"
    path.write_text(WRONG.replace(old, new))
    with pytest.raises(ValueError, match=r"things\.yaml") as caught:
        read_dataset(path)
    assert said in str(caught.value)


def test_a_query_can_take_the_place_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_text(WRONG + "query: SELECT * FROM core_publishers WHERE is_registered\n")
    assert read_dataset(path).relation == "(SELECT * FROM core_publishers WHERE is_registered)"
