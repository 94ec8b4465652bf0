from __future__ import annotations

import pytest

from sources.layout.series import series_of


@pytest.mark.parametrize(
    ("name", "titles", "headers", "series"),
    [
        ("spend-over-25k-april-2024.csv", [], ["Supplier"], "spend_over_threshold"),
        ("Quarter-2-Government-Procurement-Card-spend.csv", [], ["Supplier"], "purchasing_card"),
        ("CSV_GPC__25K_August_Data.csv", [], ["Supplier"], "spend_over_threshold"),
        ("april.csv", ["Purchasing card transactions"], ["Supplier"], "purchasing_card"),
        ("april.csv", [], ["Date", "Merchant Name", "Amount"], "purchasing_card"),
        ("epcs-april.csv", [], [], "purchasing_card"),
        ("april.csv", [], ["Date", "Merchant Category", "Amount"], "purchasing_card"),
        ("april.csv", ["Department of Food and Farms procurement card spend"], ["Supplier"], "purchasing_card"),
        ("over-500-april.csv", [], ["Supplier Name", "Merchant Category", "Amount"], "spend_over_threshold"),
        ("over-500-april.csv", [], ["Beneficiary", "Merchant Category", "Amount"], "spend_over_threshold"),
        ("april.csv", ["Purchase card payments are published separately"], ["Supplier"], "spend_over_threshold"),
        ("april.csv", ["Payments to suppliers, including purchasing card"], ["Supplier"], "spend_over_threshold"),
        ("payments-excluding-purchase-card-april.csv", [], ["Supplier"], "spend_over_threshold"),
        ("pepcsi.csv", [], [], "spend_over_threshold"),
    ],
)
def test_a_card_list_is_known_by_its_name_title_or_merchants(name: str, titles: list[str], headers: list[str], series: str) -> None:  # fmt: skip
    assert series_of(name, titles, headers) == series
