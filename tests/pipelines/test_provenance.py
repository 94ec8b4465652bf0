from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines import provenance as module
from pipelines.choose import RunOptions
from pipelines.run import run


def released(mirror: Path, home: Path) -> dict[str, object]:
    summary = run(RunOptions(mirror=mirror, home=home, as_of=date(2024, 8, 1)))
    loaded: dict[str, object] = json.loads((Path(summary.release_path) / "provenance.json").read_text(encoding="utf-8"))
    return loaded


def test_provenance_names_every_file_with_checksum_origin_and_time(mirror: Path, tmp_path: Path) -> None:
    found = released(mirror, tmp_path / "home")
    snapshots = {one["path"]: one for one in found["snapshots"]}  # type: ignore[attr-defined]
    assert snapshots.keys() == {path.relative_to(mirror).as_posix() for path in mirror.rglob("*") if path.is_file()}
    for path, one in snapshots.items():
        assert one["sha256"] == hashlib.sha256((mirror / path).read_bytes()).hexdigest()
        assert one["bytes"] == (mirror / path).stat().st_size
        assert one["fetched_at"]
        assert one["state"] == "current"
    assert snapshots["spend/north-hill/north-hill-spend-april-2024.csv"]["publisher_id"] == "north-hill"
    assert found["as_of"] == "2024-08-01"
    assert found["parameters"] == {"mirror": str(mirror), "publishers": [], "sample_rows": None}
    assert found["lock"] == {
        "file": "requirements.lock",
        "sha256": hashlib.sha256(Path("requirements.lock").read_bytes()).hexdigest(),
    }
    assert len(str(found["code"])) == 64
    assert found["rules"]
    assert found["measures"]


def test_a_replaced_file_stands_there_with_what_it_was(mirror: Path, tmp_path: Path) -> None:
    path = mirror / "spend/north-hill/north-hill-spend-april-2024.csv"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    released(mirror, tmp_path / "home")
    path.write_bytes(path.read_bytes().replace(b"30000.00", b"31000.00"))
    found = released(mirror, tmp_path / "home")
    states = [
        (one["sha256"], one["state"])
        for one in found["snapshots"]  # type: ignore[attr-defined]
        if one["path"].endswith("april-2024.csv") and one["publisher_id"] == "north-hill"
    ]
    assert states == [(before, "superseded"), (hashlib.sha256(path.read_bytes()).hexdigest(), "current")]


def test_outside_a_repository_no_commit_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    assert module._commit() is None
