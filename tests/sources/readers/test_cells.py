from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.readers.cells import cell_text, number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        (" as typed ", " as typed "),
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (5, "5"),
        (30000.0, "30000"),
        (30000.000000000004, "30000"),
        (-3457.18, "-3457.18"),
        (0.1 + 0.2, "0.3"),
        (123456789012.34, "123456789012.34"),
        (0.00001, "0.00001"),
        (-0.0, "0"),
        (1e20, "1e+20"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, tzinfo=None), "2020-01-02"),  # noqa: DTZ001 - worksheets know no time zones
        (datetime(2020, 1, 2, 3, 4, 5), "2020-01-02 03:04:05"),  # noqa: DTZ001 - as above
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30, minutes=1), "30:01:00"),
        (timedelta(minutes=-90), "-1:30:00"),
    ],
)
def test_a_typed_cell_becomes_the_text_a_person_saw(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_zone_does_not_disturb_a_date() -> None:
    assert cell_text(datetime(2020, 1, 2, tzinfo=UTC)) == "2020-01-02"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_pence_survive_the_spreadsheets_floating_point(amount: Decimal) -> None:
    assert Decimal(number_text(float(amount))) == amount
