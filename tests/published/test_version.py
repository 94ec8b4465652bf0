from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from published.version import Change, Content, Version, compare

BASE = Content({"id": "string", "amount": "number"}, ("id",), "aa")
NUMBERS = st.integers(min_value=0, max_value=10**6)


@pytest.mark.parametrize(
    ("before", "now", "same_rows", "change"),
    [
        ({"a": BASE}, {"a": BASE}, True, Change.NONE),
        ({"a": BASE}, {"a": Content(BASE.types, ("id",), "bb")}, True, Change.PATCH),
        ({"a": BASE}, {"a": Content(BASE.types, ("id",), "bb")}, False, Change.MINOR),
        ({"a": BASE}, {"a": BASE, "b": BASE}, True, Change.MINOR),
        ({"a": BASE}, {"a": Content({**BASE.types, "date": "date"}, ("id",), "bb")}, True, Change.MINOR),
        ({"a": BASE}, {"a": Content({"id": "string"}, ("id",), "bb")}, True, Change.MAJOR),
        ({"a": BASE}, {"a": Content({**BASE.types, "amount": "string"}, ("id",), "bb")}, True, Change.MAJOR),
        ({"a": BASE}, {"a": Content(BASE.types, ("id", "amount"), "aa")}, True, Change.MAJOR),
        ({"a": BASE, "b": BASE}, {"a": Content(BASE.types, ("id",), "bb")}, True, Change.MAJOR),
    ],
)
def test_the_largest_change_decides(
    before: dict[str, Content], now: dict[str, Content], same_rows: bool, change: Change
) -> None:
    assert compare(before, now, lambda _: same_rows) is change


def test_another_version_of_a_method_is_major_where_the_content_is_another() -> None:
    other = Content(BASE.types, ("id",), "bb")
    assert compare({"a": BASE}, {"a": other}, lambda _: True, lambda name: name == "a") is Change.MAJOR
    assert compare({"a": BASE}, {"a": BASE}, lambda _: True, lambda _: True) is Change.NONE


def test_each_change_moves_its_own_number_and_clears_those_after_it() -> None:
    assert [str(Version(1, 2, 3).after(change)) for change in Change] == ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]


def test_versions_sort_by_number() -> None:
    assert sorted(map(Version.parse, ["1.10.0", "1.9.0", "1.9.10"])) == [(1, 9, 0), (1, 9, 10), (1, 10, 0)]


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_version_survives_writing_and_reading(major: int, minor: int, patch: int) -> None:
    version = Version(major, minor, patch)
    assert Version.parse(str(version)) == version


@pytest.mark.parametrize(
    "text", ["1.0", "1.0.0.0", "1.0.x", "01.0.0", "1.-1.0", "latest", ".building-1.0.0", "1.0.٣", ""]
)
def test_other_names_are_no_versions(text: str) -> None:
    with pytest.raises(ValueError, match="is no version"):
        Version.parse(text)
