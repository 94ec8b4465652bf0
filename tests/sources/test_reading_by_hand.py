"""Real files read by the code and by a person. What the person saw is reading_by_hand.yaml."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.inputs import Distribution
from sources.reading import Reading, read_distribution
from sources.registry import load_registry

MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
SEEN: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("reading_by_hand.yaml").read_text("utf-8"))
BOTH = pytest.mark.parametrize("seen", SEEN, ids=[seen["file"] for seen in SEEN])

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not MIRROR, reason="PUBLICVALUE_REAL_MIRROR does not name the folder of real files"),
]


@cache
def reading_of(file: str) -> Reading:
    data = (Path(str(MIRROR)) / "spend" / file).read_bytes()
    publisher = file.split("/", maxsplit=1)[0]
    distribution = Distribution(publisher, f"spend/{file}")
    return read_distribution(data, distribution, load_registry().get(publisher), hashlib.sha256(data).hexdigest())


@BOTH
def test_the_account_of_the_file_is_what_a_person_sees(seen: dict[str, Any]) -> None:
    file = reading_of(seen["file"]).file
    assert [file["container"], file["encoding"], file["delimiter"]] == seen["format"]
    assert file["header_line"] == seen["heading"]
    assert file["transaction_count"] == seen["payments"]
    assert file["total_gbp"] == Decimal(seen["total"])
    assert [file["first_date"], file["last_date"]] == seen["dates"]
    assert [file["file_status"], file["file_reason_code"]] == seen.get("status", ["read", None])
    if "period" in seen:
        assert [file["period_start"], file["period_end"]] == seen["period"]


@BOTH
def test_rows_are_set_aside_for_the_reasons_a_person_gives(seen: dict[str, Any]) -> None:
    classes = Counter(reading_of(seen["file"]).rows["row_class"].to_pylist())
    classes.pop("transaction", None)
    assert classes == seen["aside"]


@BOTH
def test_single_payments_say_what_the_line_says(seen: dict[str, Any]) -> None:
    names = ["line_number", "supplier_name", "amount_gbp", "payment_date", "transaction_number", "row_class"]
    found = {row["line_number"]: row for row in reading_of(seen["file"]).rows.select(names).to_pylist()}
    for line, supplier, amount, day, number in seen["rows"]:
        expected = [line, supplier, None if amount is None else Decimal(amount), day, number, "transaction"]
        assert list(found[line].values()) == expected
