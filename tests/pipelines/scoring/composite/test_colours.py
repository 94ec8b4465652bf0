from __future__ import annotations

import numpy as np

from pipelines.scoring.composite.colours import anchor_label, colours


def test_limits_belong_to_the_better_colour() -> None:
    scores = np.array([0, 24.99, 25, 49.99, 50, 74.99, 75, 100, np.nan])
    named = ["red", "red", "amber-red", "amber-red", "amber-green", "amber-green", "green", "green", None]
    assert colours(scores) == named


def test_an_interval_over_three_colours_makes_it_uncertain_and_over_two_does_not() -> None:
    scores = np.array([40.0, 40.0, np.nan, 40.0])
    low, high = np.array([20.0, 26.0, 0.0, np.nan]), np.array([55.0, 70.0, 100.0, np.nan])
    assert colours(scores, low, high) == ["uncertain", "amber-red", None, "amber-red"]


def test_one_anchor_of_our_own_labels_the_whole() -> None:
    assert anchor_label(["NAO 3-year line", "project"]) == "project anchor"
    assert anchor_label(["identity", "CI excludes 1"]) is None
