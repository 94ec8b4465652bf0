import csv
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sources.sample.scale import make_large, make_many, make_rows

TITLE, TOTAL = "SAMPLE DATA", "Total"


def _truth(root: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(root / "truth" / "files.parquet").to_pylist()
    return rows


def _payments(path: Path, encoding: str) -> tuple[int, Decimal]:
    with path.open(encoding=encoding, newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 9 and row[0] not in {"Department Family", TOTAL}]
    return len(rows), sum((Decimal(row[7]) for row in rows), Decimal(0))


@pytest.mark.parametrize("rows", [1, 49, 1_000, 7_777])
def test_exactly_as_many_rows_as_asked_for(tmp_path: Path, rows: int) -> None:
    info = make_rows(tmp_path, rows)
    truth = _truth(tmp_path)
    assert info.rows == rows
    assert info.files == len(truth) == len(list((tmp_path / "spend").glob("*/*.csv")))
    assert sum(file["transaction_count"] for file in truth) == rows


def test_every_file_holds_the_lines_and_the_money_that_the_truth_says(tmp_path: Path) -> None:
    make_rows(tmp_path, 2_500)
    truth = _truth(tmp_path)
    assert len(truth) == 50
    for file in truth:
        count, total = _payments(tmp_path / file["path"], file["encoding"])
        assert (count, total) == (file["transaction_count"], file["total_gbp"])


def test_a_total_row_adds_up_the_lines_above_it(tmp_path: Path) -> None:
    make_rows(tmp_path, 2_500)
    totalled = [file for file in _truth(tmp_path) if "total_row" in file["quirks"]]
    assert totalled
    for file in totalled:
        with (tmp_path / file["path"]).open(encoding=file["encoding"], newline="") as lines:
            last = list(csv.reader(lines))[-1]
        assert (last[0], Decimal(last[7])) == (TOTAL, file["total_gbp"])


def test_rows_set_aside_and_payments_are_all_lines_of_the_file(tmp_path: Path) -> None:
    make_rows(tmp_path, 2_500)
    for file in _truth(tmp_path):
        lines = (tmp_path / file["path"]).read_bytes().count(b"\n")
        assert lines == file["row_count"] == file["transaction_count"] + file["set_aside_count"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_rows(tmp_path / name, 600, seed=5)
    one, two = (
        {
            str(path.relative_to(tmp_path / name)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


def test_many_and_large_files_have_the_size_asked_for(tmp_path: Path) -> None:
    many, large = make_many(tmp_path / "many", 80, 20), make_large(tmp_path / "large", 2, 3_000)
    assert (many.files, many.rows) == (80, 1_600)
    assert (large.files, large.rows) == (2, 6_000)
    assert {file["transaction_count"] for file in _truth(tmp_path / "large")} == {3_000}


def test_more_files_than_publishers_have_months_still_have_names_of_their_own(tmp_path: Path) -> None:
    make_many(tmp_path, 1_300, 1)
    assert len(list((tmp_path / "spend").glob("*/*.csv"))) == 1_300


@pytest.mark.parametrize("rows", [0, -1, 50_000_001])
def test_a_number_of_rows_out_of_bounds_is_refused(tmp_path: Path, rows: int) -> None:
    with pytest.raises(ValueError, match="give a number from 1 to 50,000,000"):
        make_rows(tmp_path, rows)
