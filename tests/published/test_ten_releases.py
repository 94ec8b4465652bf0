"""Ten releases in a row: the versions that follow from the changes, deltas that lead from each to the next, and back again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from published import store
from published.datasets import datasets
from published.deltas import apply_delta
from published.diff import diff_releases, in_words
from published.errors import NoReleaseError, ReleaseError
from published.metadata.checksums import read_checksums
from published.release import ReleaseResult, build_release
from published.restoring import restore
from published.retention import Rule, prune, rule, to_drop, whole_files
from published.standing import Standing, read_standing, write_standing
from published.version import Version

SEVENS = """UPDATE core_transactions SET amount_gbp = 7; INSERT INTO core_transactions BY NAME
SELECT * REPLACE ('t9' AS transaction_id) FROM core_transactions WHERE transaction_id = 't2'"""
STEPS = [
    ("", "1.0.0", {}),
    ("UPDATE core_transactions SET description = 'Kite tails' WHERE transaction_id = 't1'", "1.0.1", {"transactions": (0, 1, 0)}),
    ("INSERT INTO core_publishers (publisher_id, publisher_name) VALUES ('yarn', 'Yarn')", "1.1.0", {"publishers": (1, 0, 0)}),
    ("UPDATE core_publishers SET publisher_name = 'Wool' WHERE publisher_id = 'yarn'", "1.1.1", {"publishers": (0, 1, 0)}),
    ("DELETE FROM core_publishers WHERE publisher_id = 'yarn'", "1.2.0", {"publishers": (0, 0, 1)}),
    (SEVENS, "1.3.0", {"transactions": (1, 4, 0)}),
    ("INSERT INTO mart_measures (measure_id, method_version) VALUES ('m1', '1')", "1.4.0", {"measures": (1, 0, 0)}),
    ("UPDATE mart_measures SET method_version = '2'", "2.0.0", {"measures": (0, 1, 0)}),
    ("DELETE FROM core_transactions WHERE transaction_id IN ('t2', 't9')", "2.1.0", {"transactions": (0, 0, 2)}),
    ("UPDATE core_transactions SET flags = ['amount_zero'] WHERE transaction_id = 't4'", "2.1.1", {"transactions": (0, 1, 0)}),
]  # fmt: skip
VERSIONS = [version for _, version, _ in STEPS]


NewWarehouse = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory, new_warehouse: NewWarehouse) -> Path:
    root = tmp_path_factory.mktemp("ten")
    with new_warehouse() as con:
        for number, (sql, version, _) in enumerate(STEPS):
            con.execute(sql or "SELECT 1")
            day = date(2024, 7, 1 + number)
            result: ReleaseResult = build_release(
                con, root, channel="sample", provenance={"as_of": day.isoformat()}, inputs_digest=str(number),
                is_sample=True, as_of=day,
            )  # fmt: skip
            assert (result.version, result.changed, result.held) == (version, True, ())
    return root / "sample"


def digests(release: Path) -> dict[str, str]:
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file() and path.name != "provenance.json"
    }


@pytest.mark.parametrize("place", range(1, len(STEPS)))
def test_each_delta_counts_what_changed_and_leads_to_the_next_release(
    channel: Path, place: int, tmp_path: Path
) -> None:
    before, now = channel / VERSIONS[place - 1], channel / VERSIONS[place]
    index = json.loads((now / "deltas/deltas.json").read_text())
    assert (index["from"], index["to"]) == (before.name, now.name)
    counted = {name: (one["added"], one["modified"], one["deleted"]) for name, one in index["datasets"].items()}
    assert counted == STEPS[place][2]
    for dataset in datasets():
        wanted = (now / f"{dataset.name}.parquet").read_bytes()
        if dataset.name not in counted:
            assert (before / f"{dataset.name}.parquet").read_bytes() == wanted
            continue
        with duckdb.connect() as con:
            delta, out = now / "deltas" / f"{dataset.name}.parquet", tmp_path / "out.parquet"
            apply_delta(con, dataset, before / f"{dataset.name}.parquet", delta, out)
        assert out.read_bytes() == wanted


def test_a_difference_over_several_releases_is_told_in_figures_and_lines(channel: Path) -> None:
    found = diff_releases(channel / "1.0.1", channel / "1.3.0")
    assert list(found["datasets"]) == ["transactions"]
    transactions = found["datasets"]["transactions"]
    assert [transactions[kind] for kind in ("added", "modified", "deleted")] == [1, 4, 0]
    assert transactions["money"] == {"amount_gbp": {"before": "26334.49", "now": "35.00"}}
    lines = diff_releases(channel / "1.0.0", channel / "1.0.1", dataset="transactions")
    assert lines["datasets"]["transactions"]["lines"] == [
        {"op": "modified", "key": {"transaction_id": "t1"}, "changed": {"description": {"before": "Kite strings", "now": "Kite tails"}}}
    ]  # fmt: skip
    assert "description: Kite strings -> Kite tails" in in_words(lines)
    assert in_words(diff_releases(channel / "1.0.0", channel / "1.0.0")).endswith("the data are the same.")


def test_the_rule_keeps_first_newest_newest_of_each_major_latest_and_held() -> None:
    stand = [Version.parse(text) for text in VERSIONS]
    chosen = Rule(keep_newest=1, keep_first=True, keep_newest_of_each_major=True)
    dropped = to_drop(chosen, stand, stand[3], Standing(held={"1.2.0": ["why"]}))
    assert [str(one) for one in dropped] == ["1.0.1", "1.1.0", "1.3.0", "2.0.0", "2.1.0"]
    assert to_drop(rule(), stand, stand[-1], Standing()) == []


def test_dropped_files_are_built_again_from_deltas_to_the_byte(channel: Path) -> None:
    before = {version: digests(channel / version) for version in VERSIONS}
    chosen = Rule(keep_newest=1, keep_first=True, keep_newest_of_each_major=False)
    assert list(prune(channel, date(2026, 1, 1), chosen)) == VERSIONS[1:-1]
    assert prune(channel, date(2026, 1, 1), chosen) == {}
    kept = digests(channel / "1.3.0")
    assert {
        "deltas/deltas.json",
        "deltas/transactions.parquet",
        "datapackage.json",
        "reports/index.html",
    } <= kept.keys()
    assert "transactions.csv" not in kept
    with pytest.raises(NoReleaseError, match=r"publicvalue releases --restore 1\.3\.0"):
        store.find_release(channel.parent, "sample", "1.3.0")
    names = restore(channel, Version.parse("1.3.0"))
    assert set(names) == set(whole_files(channel / "1.3.0"))
    assert digests(channel / "1.3.0") == before["1.3.0"]
    killed_before_its_note = read_standing(channel)
    assert "1.3.0" not in killed_before_its_note.dropped
    killed_before_its_note.dropped["1.3.0"] = {"date": "2026-01-01"}
    write_standing(channel, killed_before_its_note)
    assert restore(channel, Version.parse("1.3.0")) == []
    assert "1.3.0" not in read_standing(channel).dropped
    (channel / "1.4.0" / "deltas" / "measures.parquet").write_bytes(
        (channel / "2.0.0" / "deltas" / "measures.parquet").read_bytes()
    )
    with pytest.raises(ReleaseError, match="would differ from what was released"):
        restore(channel, Version.parse("1.4.0"))
    assert "transactions.csv" not in digests(channel / "1.4.0")
    assert not [path for path in channel.iterdir() if path.name.startswith(".")]


def test_checksums_name_the_deltas(channel: Path) -> None:
    assert "deltas/publishers.parquet" in read_checksums(channel / "1.1.0")
