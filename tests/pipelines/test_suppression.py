"""A takedown leaves nothing behind, anywhere, and is applied again to what the source offers later."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.choose import RunOptions
from pipelines.cli import cli
from pipelines.run import run
from published.datasets import datasets
from published.metadata.checksums import read_checksums
from sources.errors import UsageError

DAY = date(2025, 1, 31)
WHY = ["--reason", "names a patient", "--authority", "ICO, case 12", "--date", "2025-02-01"]
MAY = "spend/north-hill/north-hill-spend-may-2024.csv"


def held(home: Path, text: str) -> list[str]:
    """Files of the home that hold the text, Parquet by value. The warehouse is built from the lake, which is looked at."""
    found = []
    with duckdb.connect() as con:
        for path in sorted(home.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            if path.suffix == ".parquet":
                holds = text in repr(con.execute(f"SELECT * FROM '{path}'").fetchall())
            else:
                holds = text.encode() in path.read_bytes()
            if holds:
                found.append(path.relative_to(home).as_posix())
    return found


def file_of(month: int, *payments: str) -> bytes:
    head = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    lines = [f"Hills,Hill,0{day}/0{month}/2024,Fees,Finance,{one}\n" for day, one in enumerate(payments, start=1)]
    return (head + "".join(lines)).encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirror of five payments, one of them to Quillfeather, and a home with two releases that hold it."""
    root = tmp_path_factory.mktemp("made")
    files = {
        "spend/north-hill/north-hill-spend-april-2024.csv": file_of(4, "Ash,4001,30000", "Beech,4002,50000"),
        MAY: file_of(5, "Ash,5001,70000", "Quillfeather,5002,150000.50"),
        "spend/south-hill/south-hill-spend-april-2024.csv": file_of(4, "Cedar,4009,100000"),
    }
    for name, content in files.items():
        (root / "mirror" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "mirror" / name).write_bytes(content)
    run(RunOptions(mirror=root / "mirror", home=root / "home", as_of=DAY))
    april = root / "mirror/spend/south-hill/south-hill-spend-april-2024.csv"
    april.write_bytes(april.read_bytes().replace(b"100000", b"100001"))
    assert run(RunOptions(mirror=root / "mirror", home=root / "home", as_of=DAY)).release == "1.1.0"
    return root


@pytest.fixture
def mirror(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "mirror", tmp_path / "mirror"))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "home", tmp_path / "home", symlinks=True))


def line_of(home: Path, supplier: str) -> dict[str, Any]:
    with duckdb.connect() as con:
        path = home / "releases/mirror/1.0.0/transactions.parquet"
        (row,) = con.execute(
            f"SELECT transaction_id, snapshot_sha256 FROM '{path}' WHERE supplier_name = ?", [supplier]
        ).fetchall()
    return dict(zip(("id", "sha256"), row, strict=True))


def ways(home: Path) -> dict[str, Callable[[], list[str]]]:
    line = line_of(home, "Quillfeather")
    return {
        "transaction": lambda: ["--transaction", line["id"]],
        "supplier": lambda: ["--supplier", "QUILLFEATHER "],
        "snapshot": lambda: ["--snapshot", line["sha256"]],
    }


@pytest.mark.parametrize(("kind", "left"), [("transaction", 4), ("supplier", 4), ("snapshot", 3)])
def test_nothing_is_left_in_the_home_and_nothing_comes_back(home: Path, mirror: Path, kind: str, left: int) -> None:
    assert held(home, "Quillfeather")
    asked = ["suppress", *ways(home)[kind](), *WHY, "--home", str(home)]
    result = CliRunner().invoke(cli, asked, input="n\n")
    assert (result.exit_code, len(held(home, "Quillfeather")) > 5) == (1, True)
    result = CliRunner().invoke(cli, [*asked, "--yes"])
    assert result.exit_code == 0, result.exception
    assert f"mirror/1.0.0: {5 - left} lines taken out" in result.output
    assert held(home, "Quillfeather") == []
    for version in ("1.0.0", "1.1.0"):
        release = home / "releases/mirror" / version
        (tombstone,) = json.loads((release / "TOMBSTONES.json").read_text())
        assert tombstone == {
            "date": "2025-02-01", "authority": "ICO, case 12", "reason": "names a patient", "kind": kind,
            "lines": str(5 - left),
        }  # fmt: skip
        sums = read_checksums(release)
        assert "TOMBSTONES.json" in sums
        assert all(hashlib.sha256((release / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
        with duckdb.connect() as con:
            (count,) = con.execute(f"SELECT count(*) FROM '{release}/transactions.parquet'").fetchall()[0]
        assert count == left
    assert not [path for path in (home / "releases/mirror").iterdir() if path.name.startswith(".")]
    assert "0 releases built again" in CliRunner().invoke(cli, [*asked, "--yes"]).output

    after = run(RunOptions(mirror=mirror, home=home, as_of=DAY))
    assert (after.holds.transactions, held(home, "Quillfeather")) == (left, [])
    may = mirror / MAY
    may.write_bytes(may.read_bytes() + b"Hills,Hill,09/05/2024,Fees,Finance,Ash,5009,26000\n")
    later = run(RunOptions(mirror=mirror, home=home, as_of=DAY))
    if kind != "snapshot":  # another file is another snapshot
        assert (later.holds.transactions, held(home, "Quillfeather")) == (5, [])


def test_killed_at_any_moment_whole_releases_are_served_and_the_next_run_ends_it(
    home: Path, mirror: Path, kill: Callable[[int, Path, tuple[str, ...]], int]
) -> None:
    command = ("suppress", "--supplier", "Quillfeather", *WHY, "--yes")
    # Before anything is purged, while a release is built again, and while the one that it replaced is removed.
    for number, left in ((12, True), (80, True), (220, False)):
        assert kill(number, home, command) == -9
        for version in ("1.0.0", "1.1.0"):
            release = home / "releases/mirror" / version
            sums = read_checksums(release)
            assert [
                name for name in sums if hashlib.sha256((release / name).read_bytes()).hexdigest() != sums[name]
            ] == []
        assert (home / "releases/mirror/latest").readlink().name == "1.1.0"
        assert ("releases/mirror/1.0.0/transactions.csv" in held(home, "Quillfeather")) is left
    run(RunOptions(mirror=mirror, home=home, as_of=DAY))
    assert held(home, "Quillfeather") == []
    assert not [path for path in (home / "releases/mirror").iterdir() if path.name.startswith(".")]


def test_wrong_use_has_a_remedy(home: Path) -> None:
    for wrong, words in (
        ([], "give one of --transaction ID, --snapshot SHA256 and --supplier NAME"),
        (["--transaction", "1", "--supplier", "x"], "give one of"),
        (["--snapshot", "abc"], "a SHA-256 has 64 digits"),
        (["--transaction", "nothing"], "no line with the id nothing"),
        (["--supplier", " - "], "a name needs letters or digits"),
    ):
        error = CliRunner().invoke(cli, ["suppress", *wrong, *WHY, "--home", str(home), "--yes"]).exception
        assert isinstance(error, UsageError)
        assert words in str(error)
    assert {dataset.name for dataset in datasets()} >= {"revisions", "distributions", "set_aside_rows", "findings"}
