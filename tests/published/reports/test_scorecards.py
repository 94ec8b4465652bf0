"""Scorecards: sentences carry their intervals, a withheld index says why, hostile names stay text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from published.datasets import datasets
from published.reports.intervals import Line, intervals
from published.reports.scorecards import scorecard, sentences
from published.reports.value_words import between, shown

INDEX: dict[str, Any] = {
    "score_level": "index",
    "score_item": "index",
    "period_label": "2024-25",
    "score": 61.24,
    "interval_low": 58.0,
    "interval_high": 64.9,
    "rank_low": 2,
    "rank_high": 5,
    "method_rank_low": 1,
    "method_rank_high": 7,
    "bound_low": 50.0,
    "bound_high": 80.0,
    "withheld_reason": None,
}


def test_a_score_is_never_said_without_its_interval() -> None:
    said = sentences("Kites", INDEX, [])
    assert "61.2" in said[0]
    assert "58.0" in said[0]
    assert "64.9" in said[0]
    assert "between 2 and 5" in said[1]
    assert "between 1 and 7" in said[1]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(69.0, "0-100", "69 of 100"), (-3.107, "GBP", "-£3.107"), (12345.6, "GBP/unit", "£12,346 a unit"),
     (79.89, "%", "79.89%"), (1.5, "years", "1.5 years")],
)  # fmt: skip
def test_values_stand_with_their_unit_in_words(value: float, unit: str, words: str) -> None:
    assert shown({"is_unbounded": False, "value": value, "measure_unit": unit}) == words


@pytest.mark.parametrize(
    ("value", "unit", "se", "bounds", "words"),
    [(64.0, "%", 2.0, (None, None), "90% interval 60.71 to 67.29"), (99.0, "%", 2.0, (None, None), "90% interval 95.71 to 100"),
     (0.1, "share", 0.0, (0.08, 0.28), "0.08 to 0.28, by what is missing"), (5.0, "days", None, (None, None), "")],
)  # fmt: skip
def test_values_stand_with_what_is_known_of_their_error(
    value: float, unit: str, se: float | None, bounds: tuple[float | None, float | None], words: str
) -> None:
    row = {"is_unbounded": False, "value": value, "measure_unit": unit, "value_se": se}
    assert between({**row, "value_low": bounds[0], "value_high": bounds[1]}) == words


def test_a_withheld_index_says_why() -> None:
    said = sentences("Kites", {**INDEX, "score": None, "withheld_reason": "family_too_small"}, [])
    assert said == ["No index is published of Kites. Fewer than ten bodies of the family qualify."]


def test_judgements_stand_beside_the_scores_with_their_evidence(released_site: Path) -> None:
    page = (released_site / "reports" / "scorecards" / "dept-of-kites.html").read_text(encoding="utf-8")
    assert "What assessors judged" in page
    assert "Amber-green." in page
    assert "Plans &lt;were&gt; read." in page
    assert "Not verified." in page
    assert "none is registered" not in page


def test_too_early_is_said_as_that() -> None:
    promise = {"target_title": "Wait less", "verdict": "too_early", "p_hit": None}
    assert sentences("Kites", INDEX, [promise])[-1] == "“Wait less”: too early to judge."


def test_measures_without_a_value_are_listed_with_the_reason() -> None:
    about = {"measure_id": "C1", "measure_name": "lag"}
    row = {
        "measure_id": "C1",
        "value_status": "missing",
        "status_reason": "no open source at hand",
        "value": None,
        "is_unbounded": False,
    }
    card = scorecard("Kites", [row], [INDEX], [], {"C1": about})
    assert card["missing"] == [{"about": about, "why": "no open source at hand"}]
    assert card["there"] == []


def test_text_in_a_picture_is_never_markup() -> None:
    picture = intervals("p", "<b>", "&", [Line("<script>", 1.0, None, None, None, None, "<i>")])
    assert "<script>" not in picture
    assert "<b>" not in picture
    assert "&lt;script&gt;" in picture


@pytest.mark.parametrize("dataset", datasets(), ids=lambda one: one.name)
def test_a_dataset_with_a_rank_holds_its_interval_and_says_so(dataset: Any) -> None:
    names = {field.name for field in dataset.fields}
    assert ("rank" in names) == dataset.do_not_rank_without_interval
    if "rank" in names:
        assert {"rank_low", "rank_high"} <= names
