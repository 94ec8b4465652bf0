"""What a correction and a reply may say, and how a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.correction import load_corrections
from sources.errors import RegistryError
from sources.registry import Registry, load_registry

TEXT = """\
id: one
publisher_id: hm-treasury
address: https://example.org/april.csv
line_number: 12
field: amount_gbp
expected: "3000000"
corrected: "30000.5"
reason: Two zeros too many.
evidence: The publisher's answer of 3 June 2024.
date: 2024-06-04
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def test_values_are_written_as_the_warehouse_writes_them(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "one.yaml").write_text(TEXT)
    (found,) = load_corrections(registry, tmp_path)
    assert (found.expected, found.corrected) == ("3000000.00", "30000.50")


def test_an_empty_value_may_be_expected_or_set(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "one.yaml").write_text(TEXT.replace('expected: "3000000"', "expected:"))
    (found,) = load_corrections(registry, tmp_path)
    assert found.expected == ""


def test_the_project_s_own_corrections_are_sound(registry: Registry) -> None:
    for one in load_corrections(registry):
        assert one.reason
        assert one.evidence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: one", "id: two", "differs from the file's name"),
        ("hm-treasury", "nobody", "publisher_id: 'nobody' is not in the register"),
        ("line_number: 12\n", "", "line_number or by row_hash"),
        ("line_number: 12\n", "line_number: 12\nrow_hash: abcdef01\n", "line_number or by row_hash"),
        ('"30000.5"', '"thirty"', "corrected: 'thirty' is no amount"),
        ('"30000.5"', '"1e5"', "other signs"),
        ('"30000.5"', '"3000000.00"', "nothing to correct"),
        ("field: amount_gbp", "field: payment_date", "is no date"),
        ("field: amount_gbp", "field: flags", "field"),
        ("reason: Two zeros too many.\n", "", "reason"),
        ("evidence: The publisher's answer of 3 June 2024.\n", "", "evidence"),
    ],
)
def test_a_wrong_correction_is_refused_with_file_and_key(
    tmp_path: Path, registry: Registry, old: str, new: str, said: str
) -> None:
    (tmp_path / "one.yaml").write_text(TEXT.replace(old, new))
    with pytest.raises(RegistryError, match=said) as caught:
        load_corrections(registry, tmp_path)
    assert "one.yaml" in str(caught.value)


def test_one_value_is_corrected_once(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "one.yaml").write_text(TEXT)
    (tmp_path / "two.yaml").write_text(TEXT.replace("id: one", "id: two"))
    with pytest.raises(RegistryError, match=r"two\.yaml: corrects the same value as one\.yaml"):
        load_corrections(registry, tmp_path)
