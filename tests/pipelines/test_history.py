"""Replaced and withdrawn files: what the ledger keeps of them, over several runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.choose import RunOptions
from pipelines.run import run

HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
APRIL, MAY = "hm-treasury-spend-april-2024.csv", "hm-treasury-spend-may-2024.csv"


class Place:
    """A mirror of one publisher, and a home."""

    def __init__(self, root: Path, up_to_the_warehouse: Callable[[RunOptions], Path]) -> None:
        self.root, self.home = root / "mirror", root / "home"
        self.options = RunOptions(mirror=self.root, home=self.home, as_of=date(2024, 9, 15))
        self.up_to_the_warehouse = up_to_the_warehouse
        self.folder = self.root / "spend" / "hm-treasury"
        self.folder.mkdir(parents=True)

    def write(self, name: str, month: int, *amounts: str) -> None:
        lines = (
            f"Treasury,Treasury,{day:02}/{month:02}/2024,Consultancy,Finance,Supplier {day} Ltd,{month}{day:03},{amount}\n"
            for day, amount in enumerate(amounts, start=1)
        )
        (self.folder / name).write_text(HEADER + "".join(lines))

    def run(self) -> list[tuple[Any, ...]]:
        """Kind, amounts before and after of every line of the ledger."""
        self.up_to_the_warehouse(self.options)
        return self.ledger()

    def release(self) -> list[tuple[Any, ...]]:
        """The same by a whole run."""
        self.summary = run(self.options)
        return self.ledger()

    def ledger(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT revision_kind, amount_before_gbp::VARCHAR, amount_after_gbp::VARCHAR FROM core_revisions ORDER BY 1, 2, 3"
        )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.home / "warehouse.duckdb", read_only=True) as con:
            return con.execute(sql).fetchall()

    def status(self, month: str) -> str:
        (found,) = self.ask(f"SELECT calendar_status FROM core_publication_calendar WHERE due_month = '{month}'")
        return str(found[0])


@pytest.fixture
def place(tmp_path: Path, up_to_the_warehouse: Callable[[RunOptions], Path]) -> Place:
    made = Place(tmp_path, up_to_the_warehouse)
    made.write(APRIL, 4, "30000.00", "50000.00", "60000.00")
    made.write(MAY, 5, "70000.00", "80000.00", "90000.00")
    assert made.run() == []
    return made


REPLACED = [("changed", "50000.00", "55000.00"), ("file_replaced", "140000.00", "145000.00")]


def test_a_replaced_file_stays_in_the_ledger_over_later_runs(place: Place) -> None:
    place.write(APRIL, 4, "30000.00", "55000.00", "60000.00")
    assert place.release() == REPLACED
    assert place.release() == REPLACED
    assert place.summary.read_files == 0
    assert not place.summary.is_new_release


def test_the_ledger_can_be_rebuilt_from_the_snapshots(place: Place) -> None:
    place.write(APRIL, 4, "30000.00", "55000.00", "60000.00")
    place.release()
    shutil.rmtree(place.home / "lake")
    (place.home / "lake").mkdir()
    (place.home / "warehouse.duckdb").unlink()
    (place.home / "runs" / "built-mirror.json").unlink()
    assert place.release() == REPLACED


def test_a_file_replaced_and_put_back_has_two_steps(place: Place) -> None:
    before = (place.folder / APRIL).read_bytes()
    place.write(APRIL, 4, "30000.00", "55000.00", "60000.00")
    place.run()
    (place.folder / APRIL).write_bytes(before)
    assert place.run() == [
        ("changed", "50000.00", "55000.00"),
        ("changed", "55000.00", "50000.00"),
        ("file_replaced", "140000.00", "145000.00"),
        ("file_replaced", "145000.00", "140000.00"),
    ]


def test_a_withdrawn_file_is_told_and_its_lines_are_kept_as_removed(place: Place) -> None:
    (place.folder / MAY).unlink()
    found = place.run()
    assert ("file_withdrawn", "240000.00", "0.00") in found
    assert [kind for kind, *_ in found].count("removed") == 3
    assert place.status("2024-05-01") == "withdrawn"
    assert place.ask("SELECT count(*) FROM core_transactions") == [(3,)]
    assert place.run() == found


def test_a_file_that_comes_back_is_no_longer_withdrawn(place: Place) -> None:
    kept = (place.folder / MAY).read_bytes()
    (place.folder / MAY).unlink()
    place.run()
    (place.folder / MAY).write_bytes(kept)
    assert place.run() == []
    assert place.status("2024-05-01") == "published"


def test_a_file_that_only_moved_is_not_withdrawn(place: Place) -> None:
    (place.folder / MAY).rename(place.folder / "spend-2024-05-hm-treasury.csv")
    assert place.run() == []
    assert place.status("2024-05-01") == "published"


def test_another_copy_of_which_no_file_was_held_withdraws_nothing(place: Place) -> None:
    for name in (APRIL, MAY):
        (place.folder / name).unlink()
    place.write("hm-treasury-spend-june-2024.csv", 6, "70000.00", "80000.00", "90000.00")
    assert place.run() == []
    assert place.status("2024-05-01") == "not_observed"


def test_a_declared_search_makes_an_absent_month_missing(place: Place) -> None:
    text = "publisher_id,series,month,searched\nhm-treasury,spend_over_threshold,2024-06,2024-08-02\n"
    (place.root / "searches.csv").write_text(text)
    place.run()
    assert place.status("2024-06-01") == "missing"
    assert place.status("2024-07-01") == "not_observed"
