"""What a reply may say, and how a wrong one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sources.errors import RegistryError
from sources.registry import Registry, load_registry
from sources.reply import load_replies

TEXT = """\
publisher_id: hm-treasury
date: 2024-06-04
rule_id: some-rule
text: These lines were reversed in the same month.
source: Letter
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def test_replies_come_oldest_first(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "a.yaml").write_text(TEXT)
    (tmp_path / "b.yaml").write_text(TEXT.replace("2024-06-04", "2024-06-03"))
    assert [one.date for one in load_replies(registry, tmp_path)] == [date(2024, 6, 3), date(2024, 6, 4)]


def test_the_project_s_own_replies_are_sound(registry: Registry) -> None:
    for one in load_replies(registry):
        assert one.source


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hm-treasury", "nobody", "'nobody' is not in the register"),
        ("rule_id: some-rule\n", "", "rule_id or a finding_id"),
        ("rule_id: some-rule\n", "rule_id: some-rule\nfinding_id: f1\n", "rule_id or a finding_id"),
        ("date: 2024-06-04", "date: soon", "date"),
        ("source: Letter\n", "", "source"),
        ("source: Letter\n", "source: Letter\ntone: calm\n", "tone"),
    ],
)
def test_a_wrong_reply_is_refused_with_file_and_key(
    tmp_path: Path, registry: Registry, old: str, new: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace(old, new))
    with pytest.raises(RegistryError, match=said) as caught:
        load_replies(registry, tmp_path)
    assert "a.yaml" in str(caught.value)
