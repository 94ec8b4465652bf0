from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from duckdb import DuckDBPyConnection

from published import building, store, verify
from published import release as release_module
from published.datasets import datasets
from published.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2024, 7, 1)
Build = Callable[..., release_module.ReleaseResult]


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "provenance.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_first_release_holds_every_dataset_three_times_and_is_latest(build: Build) -> None:
    result = build("one")
    assert (result.version, result.changed) == ("1.0.0", True)
    names = {path.name for path in result.path.iterdir()}
    for dataset in ("transactions", "set_aside_rows", "publications", "distributions", "payments", "suppliers", "publishers",
                    "spend_by_publisher_month", "spend_by_supplier_year", "spend_by_expense_type"):  # fmt: skip
        assert {f"{dataset}.csv", f"{dataset}.parquet"} <= names
    assert {"public-value.sqlite", "datapackage.json", "README.md", "SHA256SUMS", "provenance.json"} <= names
    assert (result.path.parent / "latest").resolve() == result.path.resolve()


def test_csv_holds_iso_dates_words_for_booleans_joined_lists_and_exact_pounds(build: Build) -> None:
    rows = pd.read_csv(build("one").path / "transactions.csv", dtype=str, keep_default_na=False).set_index(
        "transaction_id"
    )
    assert rows.loc["t1", "payment_date"] == "2024-04-03"
    assert rows.loc["t1", "amount_gbp"] == "25000.00"
    assert rows.loc["t1", "is_counted"] == "true"
    assert rows.loc["t4", "is_counted"] == "false"
    assert rows.loc["t2", "flags"] == "date_ambiguous|amount_zero"
    assert rows.loc["t2", "description"] == 'A "quoted", two\nline note'
    assert rows.loc["t3", "amount_gbp"] == ""
    assert rows.loc["t3", "supplier_name"] == "=1+1"


def test_parquet_is_typed_and_sorted_for_duckdb_and_pandas(build: Build) -> None:
    path = build("one").path / "transactions.parquet"
    assert list(pd.read_parquet(path)["transaction_id"]) == ["t1", "t2", "t3", "t4"]
    total = duckdb.sql(f"SELECT sum(amount_gbp) FROM '{path}' WHERE is_counted").fetchall()[0][0]
    assert total == Decimal("26234.50")


def test_sqlite_holds_whole_pence_with_pounds_beside_them(build: Build) -> None:
    with closing(sqlite3.connect(build("one").path / "public-value.sqlite")) as con:
        rows = con.execute("SELECT amount_pence, amount_gbp FROM transactions ORDER BY transaction_id").fetchall()
        assert rows == [(2500000, 25000.0), (123450, 1234.5), (None, None), (9999, 99.99)]
        assert con.execute("SELECT value FROM about_release WHERE name = 'title'").fetchone() == (
            "SAMPLE DATA: Public Value 1.0.0",
        )
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_same_rows_give_the_same_bytes(build: Build, tmp_path: Path) -> None:
    first = content(build("one").path)
    (tmp_path / "releases").rename(tmp_path / "elsewhere")
    assert content(build("another digest").path) == first


def test_checksums_cover_every_file_but_provenance(build: Build) -> None:
    folder = build("one").path
    lines = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(lines) == content(folder).keys() - {"SHA256SUMS"}
    assert "reports/dept-of-kites/index.html" in lines
    for name, digest in lines.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_the_same_inputs_and_the_same_content_make_no_release(build: Build) -> None:
    build("one")
    assert build("one").changed is False
    again = build("two")
    assert (again.version, again.changed) == ("1.0.0", False)
    assert [path.name for path in sorted(again.path.parent.iterdir())] == ["1.0.0", "latest"]


def test_a_corrected_value_is_a_patch_and_another_row_is_minor(build: Build, warehouse: DuckDBPyConnection) -> None:
    build("one")
    warehouse.execute("UPDATE core_transactions SET description = 'Kite tails' WHERE transaction_id = 't1'")
    assert build("two").version == "1.0.1"
    warehouse.execute("INSERT INTO core_publishers (publisher_id, publisher_name) VALUES ('dept-of-yarn', 'Yarn')")
    third = build("three")
    assert third.version == "1.1.0"
    assert store.find_release(third.path.parents[1], None, None) == ("sample", third.path)


def test_another_version_of_a_method_is_major(build: Build, warehouse: DuckDBPyConnection) -> None:
    warehouse.execute("INSERT INTO mart_measures (measure_id, method_version) VALUES ('m1', '1')")
    build("one")
    warehouse.execute("UPDATE mart_measures SET method_version = '2'")
    assert build("two").version == "2.0.0"
    deltas = json.loads((build("two").path / "deltas/deltas.json").read_text())
    assert (deltas["from"], deltas["to"], list(deltas["datasets"])) == ("1.0.0", "2.0.0", ["measures"])
    assert deltas["datasets"]["measures"]["modified"] == 1


def test_other_reports_of_the_same_data_are_a_patch_and_another_day_is_none(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build("one")
    assert build("two", as_of=date(2024, 7, 2)).changed is False
    made = building._write_reports

    def other(con: Any, build: building.Build, *rest: Any) -> None:
        made(con, build, *rest)
        (build.folder / "reports" / "index.html").write_text("other words")

    monkeypatch.setattr(building, "_write_reports", other)
    assert build("three").version == "1.0.1"
    assert build("four").changed is False


def test_a_sample_cannot_enter_another_channel(warehouse: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="sample release cannot go into channel live"):
        release_module.build_release(
            warehouse, tmp_path, channel="live", provenance={}, inputs_digest="x", is_sample=True, as_of=AS_OF
        )
    assert not (tmp_path / "live").exists()


def test_a_real_release_says_nothing_of_samples_and_names_the_open_government_licence(build: Build) -> None:
    folder = build("one", channel="mirror").path
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    texts = [path for path in folder.iterdir() if path.suffix in {".md", ".json", ".jsonld", ".cff"}]
    assert len(texts) == 11
    assert all("SAMPLE" not in path.read_text() for path in texts)


def test_every_text_of_a_sample_says_so(build: Build) -> None:
    folder = build("one").path
    for name in ("README.md", "datapackage.json", "datasette-metadata.json"):
        assert "SAMPLE DATA" in (folder / name).read_text()


def test_every_parquet_file_of_a_sample_says_so_in_its_metadata(build: Build, warehouse: DuckDBPyConnection) -> None:
    build("one")
    warehouse.execute("UPDATE core_transactions SET description = 'x'")
    folder = build("two").path
    files = list(folder.rglob("*.parquet"))
    assert folder / "deltas" / "transactions.parquet" in files
    assert all(b"SAMPLE DATA." in pq.read_schema(path).metadata[b"notice"] for path in files)


def test_formats_that_disagree_with_the_warehouse_release_nothing(
    build: Build, monkeypatch: pytest.MonkeyPatch, warehouse: DuckDBPyConnection
) -> None:
    first = build("one")
    warehouse.execute("UPDATE core_transactions SET amount_gbp = 1 WHERE transaction_id = 't1'")
    monkeypatch.setattr(verify, "sqlite_control", lambda path, dataset: verify.Control(0, {}))
    with pytest.raises(ReleaseError, match="SQLite holds 0 rows"):
        build("two")
    assert sorted(path.name for path in first.path.parent.iterdir()) == ["1.0.0", "latest"]


def test_a_repeated_key_releases_nothing(build: Build, warehouse: DuckDBPyConnection) -> None:
    warehouse.execute("INSERT INTO core_publishers SELECT * FROM core_publishers")
    with pytest.raises(ReleaseError, match="publishers: 1 rows repeat the key publisher_id"):
        build("one")


def test_a_key_or_link_that_does_not_hold_is_not_declared(build: Build, warehouse: DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO mart_spend_by_expense_type (publisher_id, financial_year) VALUES ('nobody', '2024-25')"
    )
    package = json.loads((build("one").path / "datapackage.json").read_text())
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"] if "schema" in resource}
    assert "primaryKey" not in schemas["spend_by_expense_type"]
    assert "foreignKeys" not in schemas["spend_by_expense_type"]
    assert schemas["transactions"]["primaryKey"] == ["transaction_id"]
    assert schemas["transactions"]["foreignKeys"][0]["reference"] == {
        "resource": "publishers",
        "fields": ["publisher_id"],
    }


@pytest.mark.parametrize("step", ["write_csv", "_describe", "write_json"])
def test_a_failure_at_any_step_leaves_the_release_before(
    build: Build, warehouse: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = build("one")
    before = content(first.path)
    warehouse.execute("UPDATE core_transactions SET description = 'x'")

    def fail(*args: Any, **kwargs: Any) -> NoReturn:
        raise OSError("no space left")

    monkeypatch.setattr(building, step, fail)
    with pytest.raises(OSError, match="no space"):
        build("two")
    assert content(first.path.parent / "latest") == before
    assert sorted(path.name for path in first.path.parent.iterdir()) == ["1.0.0", "latest"]


def test_what_a_killed_run_left_is_swept_and_its_finished_release_becomes_latest(
    build: Build, warehouse: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build("one")
    channel = first.path.parent
    (channel / ".building-dead").mkdir()
    (channel / ".building-dead" / "transactions.csv").write_text("half")
    (channel / ".latest-dead").symlink_to("1.0.0")
    warehouse.execute("UPDATE core_transactions SET description = 'x'")
    monkeypatch.setattr(store, "point_latest", lambda channel, version: None)
    build("two")
    monkeypatch.undo()
    assert (channel / "latest").resolve().name == "1.0.0"
    assert build("two").changed is False
    assert (channel / "latest").resolve().name == "1.0.1"
    assert sorted(path.name for path in channel.iterdir()) == ["1.0.0", "1.0.1", "latest"]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # frictionless leaves compressed files open
def test_frictionless_finds_the_package_valid(build: Build) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = build("one").path
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])
    package = json.loads((folder / "datapackage.json").read_text())
    assert report.stats["tasks"] == len(package["resources"]) > 3 * len(datasets())
    checked = {task.name: task.stats.get("rows") for task in report.tasks}
    assert checked["transactions"] == 4


def test_every_question_can_be_asked(build: Build) -> None:
    with closing(sqlite3.connect(build("one").path / "public-value.sqlite")) as con:
        for dataset in datasets():
            for question in dataset.questions:
                asked = dict.fromkeys(re.findall(r":([a-z_]+)", question.sql), "dept-of-kites")
                names = {**asked, "transaction_id": "t2", "supplier_key": "script"}
                rows = con.execute(question.sql, names).fetchall()
                if ":transaction_id" in question.sql:
                    assert rows[0][3:7] == ("kites-april-2024.csv", "https://example.org/kites-april-2024.csv", "", 3)


def test_the_changelog_tells_what_each_release_changed(build: Build, warehouse: DuckDBPyConnection) -> None:
    build("one")
    warehouse.execute("UPDATE core_transactions SET amount_gbp = 24999.99 WHERE transaction_id = 't1'")
    text = (build("two").path / "CHANGELOG.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## 1.0.1", "## 1.0.0"]
    assert "Only values were corrected in transactions." in text
    assert "| Transactions | 4 | 0 | 1 | 0 | amount_gbp: -£0.01 |" in text
