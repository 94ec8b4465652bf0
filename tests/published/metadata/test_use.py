from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from published.metadata.use import bibtex, citation, load_code

PACKAGE = {
    "version": "3.2.0",
    "channel": "live",
    "isSample": False,
    "asOf": "2026-11-25",
    "resources": [
        {"name": "transactions-parquet", "title": "Transactions (Parquet)"},
        {"name": "transactions", "title": "Transactions", "schema": {}},
    ],
}


def code(tool: str, base: str = "") -> str:
    return next(snippet.code for snippet in load_code("transactions", base) if snippet.id == tool)


def run(source: str) -> Any:
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 - our own snippet is what is tested
    return names["transactions"]


def test_pandas_code_loads_the_file_with_exact_money(released: Path) -> None:
    rows = run(code("pandas", f"{released}/")).set_index("transaction_id")
    assert rows.loc["t1", "amount_gbp"] == Decimal("25000.00")


def test_csv_code_loads_text_as_it_stands(released: Path) -> None:
    rows = run(code("csv", f"{released}/")).set_index("transaction_id")
    assert rows.loc["t3", "supplier_name"] == "=1+1"
    assert rows.loc["t1", "amount_gbp"] == "25000.00"


def test_duckdb_code_runs_as_it_stands(released: Path) -> None:
    assert len(duckdb.sql(code("duckdb", f"{released}/")).fetchall()) == 4


def test_r_code_reads_the_address_it_is_given() -> None:
    assert code("r", "https://example.org/1.0.0/") == (
        'transactions <- arrow::read_parquet("https://example.org/1.0.0/transactions.parquet")'
    )


def test_code_for_r_alone_reads_the_text_of_the_csv() -> None:
    assert 'transactions <- read.csv("https://example.org/1.0.0/transactions.csv", colClasses = "character"' in code(
        "r-alone", "https://example.org/1.0.0/"
    )


@pytest.mark.parametrize("base", ['https://x/"+evil+"', "https://x/'; drop", "https://x/\n"])
def test_an_address_that_could_end_a_string_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        load_code("transactions", base)


def test_a_citation_names_dataset_version_and_channel() -> None:
    assert citation(PACKAGE) == "Public Value (2026). Public Value 3.2.0 (live)."
    assert citation(PACKAGE, "transactions", "https://example.org/3.2.0") == (
        "Public Value (2026). Transactions. Public Value 3.2.0 (live). https://example.org/3.2.0"
    )
    assert citation({**PACKAGE, "isSample": True}).endswith("SAMPLE DATA, invented.")


def test_a_bibtex_entry_says_the_same() -> None:
    entry = bibtex(PACKAGE, "transactions", "https://example.org/3.2.0")
    assert entry.startswith("@misc{public-value-3.2.0-transactions,\n  author = {{Public Value}},")
    assert "version = {3.2.0}" in entry
    assert "url = {https://example.org/3.2.0}" in entry


def test_a_dataset_that_is_not_there_cannot_be_cited() -> None:
    with pytest.raises(KeyError, match="transactions-parquet"):
        citation(PACKAGE, "transactions-parquet")
