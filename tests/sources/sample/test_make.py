"""The small sample: the same bytes from the same seed, every quirk used, and read as it was meant."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sources.inputs import Distribution
from sources.reading import read_distribution
from sources.registry import load_registry
from sources.sample import make_sample
from sources.sample.make import plan
from sources.sample.quirks import quirks
from sources.sample.world import bodies
from sources.schema.model import codes

MEANT = ("payment_date", "date_precision", "amount_gbp", "supplier_name", "transaction_number")
TEXTS = ("department_family", "entity", "expense_type", "expense_area")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample(tmp_path_factory.mktemp("sample") / "one").root


def _digests(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    assert _digests(make_sample(tmp_path / "two").root) == _digests(sample)


def test_another_seed_gives_other_money(sample: Path, tmp_path: Path) -> None:
    name = "spend/sample-buttons/sample-buttons-spend-over-25000-april-2022.csv"
    assert (make_sample(tmp_path / "other", seed=7).root / name).read_bytes() != (sample / name).read_bytes()


def test_every_quirk_is_used_and_every_planned_one_is_there() -> None:
    planned = {name for entry in plan()["files"] for name in entry["quirks"]}
    planned |= {name for names in plan()["styles"].values() for name in names}
    assert planned == set(quirks())
    assert all(quirk.__doc__ for quirk in quirks().values())


def test_twelve_bodies_of_each_kind_say_that_they_are_sample() -> None:
    kinds = [body.kind for body in bodies()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"ministerial_department": 12, "council": 12, "nhs_trust": 12}
    assert all(body.name.endswith("(sample)") and body.id.startswith("sample-") for body in bodies())


@pytest.mark.real
def test_no_body_bears_the_name_of_a_real_one() -> None:
    mirror = os.environ.get("PUBLICVALUE_REAL_MIRROR")
    if mirror is None:
        pytest.skip("PUBLICVALUE_REAL_MIRROR is not set")
    listed = json.loads((Path(mirror) / "codelists/govuk-organisations/organisations.json").read_text(encoding="utf-8"))
    text = json.dumps(listed).casefold()
    assert [body.name for body in bodies() if f'"{body.name.removesuffix(" (sample)").casefold()}"' in text] == []


def test_all_row_classes_that_a_table_can_have_occur(sample: Path) -> None:
    classes = {"transaction", *pq.read_table(sample / "truth/set_aside.parquet")["reason_code"].to_pylist()}
    # A cell cut at the limit, a table without amounts and a row that cannot be mended are fixtures of their own tests.
    assert set(codes("row_classes")) - classes == {"misaligned", "unmapped", "overlong_cell", "row_count"} & set(
        codes("row_classes")
    )


def test_every_text_file_of_the_sample_says_so_itself(sample: Path) -> None:
    texts = [
        path for path in sorted((sample / "spend").rglob("*.csv")) if (data := path.read_bytes()) and data[:1] < b"\x80"
    ]
    assert len(texts) > 1200
    assert [path.name for path in texts if b"SAMPLE DATA" not in path.read_bytes()] == []


def test_every_file_is_read_as_it_was_meant(sample: Path) -> None:
    registry = load_registry(sample / "register")
    meant: dict[str, dict[tuple[str, int], dict[str, Any]]] = defaultdict(dict)
    for table in ("transactions", "set_aside"):
        for row in pq.read_table(sample / f"truth/{table}.parquet").to_pylist():
            meant[row["path"]][row["sheet"], row["line_number"]] = row
    wrong: list[tuple[object, ...]] = []
    for file in pq.read_table(sample / "truth/files.parquet").to_pylist():
        path = file["path"]
        data = (sample / path).read_bytes()
        publisher = registry.get(file["publisher_id"])
        reading = read_distribution(data, Distribution(publisher.id, path), publisher, hashlib.sha256(data).hexdigest())
        facts = (
            "container",
            "file_status",
            "file_reason_code",
            "row_count",
            "transaction_count",
            "set_aside_count",
            "total_gbp",
        )
        wrong += [(path, fact, reading.file[fact], file[fact]) for fact in facts if reading.file[fact] != file[fact]]
        left = dict(meant[path])
        for row in reading.rows.to_pylist():
            truth = left.pop((row["sheet"], row["line_number"]), None)
            if truth is None or row["row_class"] != truth.get("reason_code", "transaction"):
                wrong.append((path, row["sheet"], row["line_number"], row["row_class"], truth))
            elif row["row_class"] == "transaction":
                for name in (*MEANT, *(name for name in TEXTS if truth[name] is not None)):
                    if row[name] != truth[name]:
                        wrong.append((path, row["line_number"], name, row[name], truth[name]))
        wrong += [(path, place, "is not in the reading") for place in left]
    assert wrong == []


def test_a_sample_of_another_size_has_the_same_results_beside_its_spending(sample: Path, tmp_path: Path) -> None:
    plain = make_sample(tmp_path / "plain", rows=100).root
    results = {path.relative_to(sample): path.read_bytes() for path in (sample / "outcomes").rglob("*.csv")}
    assert {path.relative_to(plain): path.read_bytes() for path in (plain / "outcomes").rglob("*.csv")} == results
    with (plain / "manifest.csv").open(encoding="utf-8", newline="") as file:
        named = {row["path"] for row in csv.DictReader(file)}
    assert {path.as_posix() for path in results} < named
    assert len(named) == len(results) + 2  # and two files of fifty lines
