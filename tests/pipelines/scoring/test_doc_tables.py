"""docs/methodology.md says what the measures' files say."""

from __future__ import annotations

from pipelines.scoring.catalogue import measures
from pipelines.scoring.doc_tables import PAGE, filled


def test_tables_are_those_of_the_measures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run `python -m pipelines.scoring.doc_tables`"


def test_every_measure_is_named_in_all_four_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for one in measures():
        assert text.count(f"\n| {one.id} ") == 4


def test_the_page_says_what_it_is_not() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "no rating under the Public Value Framework" in text
    assert "secondary sources" in text
