"""A release whose totals jump is built and held; `latest` moves when it may, and a kill in between changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from published import store
from published.datasets import datasets
from published.errors import ReleaseError
from published.hold import bounds
from published.release import ReleaseResult
from published.standing import NAME, Standing, read_standing, wanted_latest, write_standing
from published.version import Version

Build = Callable[..., ReleaseResult]
MONTH = "INSERT INTO mart_spend_by_publisher_month (publisher_id, payment_month, payee_kind, amount_gbp) VALUES "


def latest(result: ReleaseResult) -> str:
    return (result.path.parent / "latest").readlink().name


@pytest.fixture
def spending(warehouse: DuckDBPyConnection) -> DuckDBPyConnection:
    warehouse.execute(MONTH + "('dept-of-kites', '2024-04-01', 'external_supplier', 60000000)")
    warehouse.execute(MONTH + "('dept-of-kites', '2024-05-01', 'external_supplier', 1000)")
    return warehouse


def test_every_bound_names_a_dataset_and_fields_that_are_there() -> None:
    declared = {dataset.name: {field.name for field in dataset.fields} for dataset in datasets()}
    for bound in bounds():
        assert {*bound.match, *bound.by} <= declared[bound.dataset]
        assert bound.value == "lines" or bound.value in declared[bound.dataset]
        assert bound.rise_pct or bound.fall_pct


def test_months_that_are_new_are_no_jump(build: Build, spending: DuckDBPyConnection) -> None:
    build("one")
    spending.execute(MONTH + "('dept-of-kites', '2024-06-01', 'external_supplier', 900000000)")
    assert build("two").held == ()


def test_a_jump_is_held_says_why_and_stays_held_until_approved(build: Build, spending: DuckDBPyConnection) -> None:
    build("one")
    spending.execute("UPDATE mart_spend_by_publisher_month SET amount_gbp = 6000000000 WHERE amount_gbp > 1000")
    two = build("two")
    assert (two.version, two.changed, two.latest, latest(two)) == ("1.0.1", True, "1.0.0", "1.0.0")
    assert list(two.held) == [
        "Counted spending of the months that both releases hold: rises by 9,900 %, from £60,001,000.00 to £6,000,001,000.00; the bound is 25 % (spending_revised)",
        "Counted spending of one body in one month (dept-of-kites, 2024-04-01): rises by 9,900 %, from £60,000,000.00 to £6,000,000,000.00; the bound is 900 % (month_multiplied)",
    ]
    again = build("two")
    assert (again.changed, again.held, latest(again)) == (False, two.held, "1.0.0")
    spending.execute("UPDATE mart_spend_by_publisher_month SET amount_gbp = 61000000 WHERE amount_gbp > 1000")
    three = build("three")
    assert (three.version, three.held, latest(three)) == ("1.0.2", (), "1.0.2")


def test_a_kill_before_the_name_or_before_the_link_never_serves_what_is_held(
    build: Build, spending: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = build("one")
    spending.execute("UPDATE mart_spend_by_publisher_month SET amount_gbp = amount_gbp * 100")

    settle, calls = store.settle, [0]

    def killed(channel_dir: Path, *_: object) -> Version | None:
        calls[0] += 1
        if calls[0] == 1:  # the look before the build
            return settle(channel_dir)
        raise KeyboardInterrupt

    for step in ("settle", "install"):
        calls[0] = 0 if step == "settle" else 1
        monkeypatch.setattr(store, step, killed)
        with pytest.raises(KeyboardInterrupt):
            build("two")
        monkeypatch.undo()
        assert latest(one) == "1.0.0"
        shutil.rmtree(one.path.parent / "1.0.1", ignore_errors=True)
    assert build("two").held
    assert latest(one) == "1.0.0"


@pytest.mark.parametrize(
    ("standing", "wanted"),
    [
        (Standing(), "1.2.0"),
        (Standing(held={"1.2.0": ["why"]}), "1.1.0"),
        (Standing(rolled_back={"to": "1.0.0", "newest": "1.2.0"}), "1.0.0"),
        (Standing(rolled_back={"to": "1.0.0", "newest": "1.1.0"}), "1.2.0"),
        (Standing(rolled_back={"to": "1.0.0", "newest": "1.1.0"}, held={"1.2.0": ["why"]}), "1.0.0"),
        (Standing(rolled_back={"to": "9.0.0", "newest": "1.2.0"}), "1.2.0"),
    ],
)
def test_latest_is_the_newest_that_is_free_or_the_one_rolled_back_to(standing: Standing, wanted: str) -> None:
    stand = [Version.parse(text) for text in ("1.0.0", "1.1.0", "1.2.0")]
    assert str(wanted_latest(standing, stand)) == wanted
    assert wanted_latest(standing, []) is None


def test_a_roll_back_outlives_a_run_without_a_change_and_ends_with_the_next_release(
    build: Build, warehouse: DuckDBPyConnection
) -> None:
    one = build("one")
    warehouse.execute("UPDATE core_transactions SET description = 'x'")
    assert build("two").latest == "1.0.1"
    write_standing(one.path.parent, Standing(rolled_back={"to": "1.0.0", "newest": "1.0.1"}))
    assert build("two").latest == "1.0.0"
    assert build("another digest").latest == "1.0.0"
    warehouse.execute("UPDATE core_transactions SET description = 'y'")
    assert build("three").latest == latest(one) == "1.0.2"


def test_an_account_is_written_whole_read_back_and_never_guessed(tmp_path: Path) -> None:
    noted = Standing(held={"1.0.1": ["a"]}, approved={"1.0.0": {"date": "2026-01-01"}})
    write_standing(tmp_path, noted)
    assert read_standing(tmp_path) == noted
    write_standing(tmp_path, Standing())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / NAME).write_text("{")
    with pytest.raises(ReleaseError, match="cannot be read"):
        read_standing(tmp_path)
