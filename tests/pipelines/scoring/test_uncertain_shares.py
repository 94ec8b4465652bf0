"""Attributed and assumed shares, drawn: money stays, errors follow confidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.scoring.attribution import Attribution
from pipelines.scoring.fill import create_empty, give
from pipelines.scoring.rows import ValueRow
from pipelines.scoring.uncertain_shares import (
    amounts_between,
    drawn_shares,
    with_fragmentation_errors,
    with_mismatch_errors,
)

KEY = ("d", "p", "2024-25")


def split(alphas: list[float], confidence: str) -> list[Attribution]:
    return [Attribution("d", "p", f"o{at}", "2024-25", alpha, "", confidence) for at, alpha in enumerate(alphas)]


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.sampled_from(["high", "medium", "low"]))
def test_every_draw_spreads_the_whole(weights: list[float], confidence: str) -> None:
    drawn = drawn_shares(KEY, split([one / sum(weights) for one in weights], confidence))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)))
    assert (drawn >= 0).all()


def test_low_confidence_is_wider_than_high_and_holds_the_registered_amount() -> None:
    widths = {}
    for confidence in ("high", "medium", "low"):
        low, high = amounts_between({KEY: 100_00}, split([0.5, 0.5], confidence))[*KEY, "o0"]
        assert low < 50 < high
        widths[confidence] = high - low
    assert widths["high"] < widths["medium"] < widths["low"]


def test_a_refund_is_spread_with_its_ends_in_order() -> None:
    low, high = amounts_between({KEY: -100_00}, split([0.5, 0.5], "low"))[*KEY, "o0"]
    assert -100 < low < high < 0


def test_one_outcome_alone_has_no_uncertain_share() -> None:
    assert amounts_between({KEY: 123_45}, split([1.0], "low"))[*KEY, "o0"] == (Decimal("123.45"), Decimal("123.45"))


def test_errors_come_to_the_values_they_belong_to() -> None:
    with duckdb.connect() as con:
        create_empty(con)
        end = date(2025, 3, 31)
        give(
            con,
            {
                "attributions": [
                    ["a", "p", "x", end, 0.5, "low", 100.0],
                    ["a", "p", "y", end, 0.5, "low", 100.0],
                    ["b", "q", "x", end, 1.0, "high", 50.0],
                ],
                "burdens": [
                    ["a", "tax", "payers", end, 0.6, 0.2],
                    ["a", "tax", "others", end, 0.4, 0.8],
                ],
            },
        )
        (row,) = with_fragmentation_errors(con, [ValueRow("a", end, 0.25)])
        assert row.se is not None
        assert 0 < row.se < 0.2
        (row,) = with_mismatch_errors(con, [ValueRow("a", end, 0.4)])
        # Beta(2, 8): the standard deviation of a share of 0.2 is sqrt(0.16/11) = 0.12, which the mismatch has too.
        assert row.se == pytest.approx(0.12, abs=0.015)
