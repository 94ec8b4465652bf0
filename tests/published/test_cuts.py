from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from published.cuts import write_cuts
from published.datasets import datasets
from published.formats.csv_file import write_csv
from published.metadata.data_package import Stored

TRANSACTIONS = next(dataset for dataset in datasets() if dataset.name == "transactions")
FOLDER = "transactions-by-body-and-year"


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cut(release: Path, out: Path, *, sheet_rows: int = 100, is_sample: bool = False) -> dict[str, Stored]:
    if release != out:
        shutil.copy(release / "transactions.parquet", out)
    with duckdb.connect() as con:
        write_csv(con, TRANSACTIONS, out / "transactions.parquet", out / "transactions.csv")
        return write_cuts(con, TRANSACTIONS, out, is_sample=is_sample, sheet_rows=sheet_rows)


def test_each_body_and_year_has_a_file_and_lines_without_a_year_have_their_own(released: Path) -> None:
    found = {path.relative_to(released).as_posix() for path in (released / FOLDER).rglob("*.csv")}
    assert found == {f"{FOLDER}/index.csv", f"{FOLDER}/dept-of-kites/SAMPLE-dept-of-kites-2024-25.csv"}


def test_a_cut_begins_with_a_byte_order_mark_and_holds_the_columns_of_the_whole(released: Path) -> None:
    path = released / FOLDER / "dept-of-kites" / "SAMPLE-dept-of-kites-2024-25.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbftransaction_id,publisher_id,")
    rows = lines_of(path)
    assert [row["transaction_id"] for row in rows] == ["t1", "t2", "t3", "t4"]
    assert rows[0]["amount_gbp"] == "25000.00"
    assert rows[0]["payment_date"] == "2024-04-03"
    assert rows[0]["is_counted"] == "true"
    assert rows[1]["flags"] == "date_ambiguous|amount_zero"
    assert rows[1]["description"] == 'A "quoted", two\nline note'


def test_a_cell_that_could_be_a_formula_has_an_apostrophe_in_front_and_others_have_not(released: Path) -> None:
    rows = lines_of(released / FOLDER / "dept-of-kites" / "SAMPLE-dept-of-kites-2024-25.csv")
    assert rows[2]["supplier_name"] == "'=1+1"
    assert rows[0]["supplier_name"] == "Smith & Sons Ltd"


@pytest.mark.parametrize(
    ("published", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-5.00", "'-5.00"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t1", "'\t1"),
        ("＝1", "'＝1"),
        ("A=1", "A=1"),
        ("1-2", "1-2"),
        ("", ""),
        ("'=1", "'=1"),
        ("Zürich", "Zürich"),
        ("éclair", "éclair"),
        ("{x}", "{x}"),
    ],
)
def test_formulas_are_neutralised_and_nothing_else_is(
    released: Path, tmp_path: Path, published: str, written: str
) -> None:
    table = pq.read_table(released / "transactions.parquet").slice(0, 1)
    place = table.schema.get_field_index("supplier_name")
    changed = table.set_column(place, "supplier_name", pa.array([published]))
    pq.write_table(changed, tmp_path / "transactions.parquet")
    cut(tmp_path, tmp_path)
    (path,) = (tmp_path / FOLDER / "dept-of-kites").iterdir()
    assert lines_of(path)[0]["supplier_name"] == written


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), min_size=1, max_size=30)
)
def test_no_text_is_lost_and_none_begins_a_formula(released: Path, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        table = pq.read_table(released / "transactions.parquet").slice(0, 1)
        many = pa.concat_tables([table] * len(texts))
        many = many.set_column(0, "transaction_id", pa.array([f"t{number}" for number in range(len(texts))]))
        place = table.schema.get_field_index("supplier_name")
        pq.write_table(many.set_column(place, "supplier_name", pa.array(texts)), out / "transactions.parquet")
        cut(out, out)
        (path,) = (out / FOLDER / "dept-of-kites").iterdir()
        written = [row["supplier_name"] for row in lines_of(path)]
    assert len(written) == len(texts)
    for before, after in zip(texts, written, strict=True):
        assert after in {before, f"'{before}"}
        assert after.strip(" \t\r\n")[:1] not in set("=+-@")


def test_a_cut_that_does_not_fit_a_sheet_goes_on_in_a_second_file(released: Path, tmp_path: Path) -> None:
    found = cut(released, tmp_path, sheet_rows=4)
    root = tmp_path / FOLDER / "dept-of-kites"
    assert [row["transaction_id"] for row in lines_of(root / "dept-of-kites-2024-25.csv")] == ["t1", "t2", "t3"]
    assert [row["transaction_id"] for row in lines_of(root / "dept-of-kites-2024-25-part-2.csv")] == ["t4"]
    assert [found[name].rows for name in sorted(found)] == [1, 3, 2]


def test_a_body_whose_lines_come_back_later_goes_on_in_its_own_file(released: Path, tmp_path: Path) -> None:
    table = pq.read_table(released / "transactions.parquet")
    years = pa.array(["2023-24", None, "2023-24", "2022-23"])
    place = table.schema.get_field_index("financial_year")
    pq.write_table(table.set_column(place, "financial_year", years), tmp_path / "transactions.parquet")
    cut(tmp_path, tmp_path)
    root = tmp_path / FOLDER / "dept-of-kites"
    assert [row["transaction_id"] for row in lines_of(root / "dept-of-kites-2023-24.csv")] == ["t1", "t3"]
    assert [row["transaction_id"] for row in lines_of(root / "dept-of-kites-2022-23.csv")] == ["t4"]
    undated = lines_of(root / "dept-of-kites-without-financial-year.csv")
    assert [row["transaction_id"] for row in undated] == ["t2"]


def test_an_id_with_strange_characters_stays_inside_the_folder(released: Path, tmp_path: Path) -> None:
    table = pq.read_table(released / "transactions.parquet").slice(0, 1)
    place = table.schema.get_field_index("publisher_id")
    changed = table.set_column(place, "publisher_id", pa.array(["../../Etc & co"]))
    pq.write_table(changed, tmp_path / "transactions.parquet")
    found = cut(tmp_path, tmp_path)
    assert all(".." not in name for name in found)
    assert (tmp_path / FOLDER / "index.csv").read_text().splitlines()[1].startswith("../../Etc & co,2024-25,etc-co-")


def test_the_index_lists_every_file_with_rows_size_and_checksum(released: Path) -> None:
    (row,) = lines_of(released / FOLDER / "index.csv")
    stored = (released / FOLDER / row["path"]).read_bytes()
    assert (row["publisher_id"], row["financial_year"], row["rows"]) == ("dept-of-kites", "2024-25", "4")
    assert row["bytes"] == str(len(stored))
    assert row["sha256"] == hashlib.sha256(stored).hexdigest()


def test_the_same_rows_give_the_same_cuts(released: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert cut(released, tmp_path / "one") == cut(released, tmp_path / "two")
