from __future__ import annotations

import hashlib
import stat
from datetime import datetime
from pathlib import Path

import pytest

from sources import snapshots
from sources.inputs import Distribution
from sources.snapshots import NoAccessError, SnapshotStore, TooLargeError

ONE = Distribution("north-hill", "spend/north-hill/april.csv", url="https://example.org/april.csv")
OTHER = Distribution("north-hill", "spend/north-hill/copy.csv")


def _file(folder: Path, content: bytes, name: str = "april.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_bytes_are_kept_under_their_hash_and_cannot_be_written(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "store")
    snapshot = store.add(ONE, _file(tmp_path, b"amount\n1\n"), {"etag": "x"})
    assert snapshot.sha256 == hashlib.sha256(b"amount\n1\n").hexdigest()
    assert snapshot.byte_count == 9
    assert snapshot.address == "https://example.org/april.csv"
    assert snapshot.headers == {"etag": "x"}
    assert datetime.fromisoformat(snapshot.fetched_at).tzinfo is not None
    kept = store.object_path(snapshot.sha256)
    assert kept.read_bytes() == b"amount\n1\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444
    assert kept.parent.name == snapshot.sha256[:2]


def test_same_bytes_are_stored_once(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "store")
    first = store.add(ONE, _file(tmp_path, b"same"))
    inode = store.object_path(first.sha256).stat().st_ino
    second = store.add(OTHER, _file(tmp_path, b"same", "copy.csv"))
    assert second.sha256 == first.sha256
    assert store.object_path(first.sha256).stat().st_ino == inode
    assert len([path for path in (tmp_path / "store/objects").rglob("*") if path.is_file()]) == 1
    assert list((tmp_path / "store/incoming").iterdir()) == []


def test_changed_bytes_at_one_address_supersede_and_the_old_stay(tmp_path: Path) -> None:
    with SnapshotStore(tmp_path / "store") as store:
        old = store.add(ONE, _file(tmp_path, b"old"))
        new = store.add(ONE, _file(tmp_path, b"newer"))
    again = SnapshotStore(tmp_path / "store")
    assert again.latest(ONE.distribution_id) == new
    assert again.history(ONE.distribution_id) == [old, new]
    assert again.object_path(old.sha256).read_bytes() == b"old"


def test_a_file_unchanged_since_is_not_hashed_again(tmp_path: Path) -> None:
    path = _file(tmp_path, b"content")
    with SnapshotStore(tmp_path / "store") as store:
        store.add(ONE, path)
        assert store.hashed_files == 1
    with SnapshotStore(tmp_path / "store") as store:
        store.add(ONE, path)
        assert store.hashed_files == 0
    assert len((tmp_path / "store/ledger.jsonl").read_text().splitlines()) == 1


def test_a_lost_object_is_stored_again_although_the_file_is_unchanged(tmp_path: Path) -> None:
    path = _file(tmp_path, b"content")
    with SnapshotStore(tmp_path / "store") as store:
        kept = store.object_path(store.add(ONE, path).sha256)
    kept.unlink()
    with SnapshotStore(tmp_path / "store") as store:
        store.add(ONE, path)
    assert kept.read_bytes() == b"content"


def test_a_ledger_line_torn_by_a_kill_costs_that_line_only(tmp_path: Path) -> None:
    with SnapshotStore(tmp_path / "store") as store:
        first = store.add(ONE, _file(tmp_path, b"one"))
    with (tmp_path / "store/ledger.jsonl").open("ab") as ledger:
        ledger.write(b'{"publisher_id": "north-h')
    with SnapshotStore(tmp_path / "store") as store:
        assert store.damaged_ledger_lines == 1
        assert store.latest(ONE.distribution_id) == first
        second = store.add(OTHER, _file(tmp_path, b"two", "copy.csv"))
    assert SnapshotStore(tmp_path / "store").latest(OTHER.distribution_id) == second


def test_what_a_kill_left_half_written_is_swept(tmp_path: Path) -> None:
    SnapshotStore(tmp_path / "store")
    (tmp_path / "store/incoming/tmpabc").write_bytes(b"half")
    SnapshotStore(tmp_path / "store")
    assert list((tmp_path / "store/incoming").iterdir()) == []


def test_a_file_over_the_limit_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_BYTES", 4)
    store = SnapshotStore(tmp_path / "store")
    with pytest.raises(TooLargeError) as caught:
        store.add(ONE, _file(tmp_path, b"12345"))
    assert caught.value.byte_count == 5
    assert store.hashed_files == 0


def test_a_file_that_is_gone_is_told_from_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(NoAccessError):
        SnapshotStore(tmp_path / "store").add(ONE, tmp_path / "gone.csv")


def test_our_own_copy_becomes_another_name_of_the_stored_bytes(tmp_path: Path) -> None:
    path, twin = _file(tmp_path, b"amount\n1\n"), _file(tmp_path, b"amount\n1\n", "twin.csv")
    with SnapshotStore(tmp_path / "store") as store:
        kept = store.object_path(store.add(ONE, path, shares_bytes=True).sha256)
        store.add(OTHER, twin, shares_bytes=True)
    assert path.samefile(kept)
    assert twin.samefile(kept)
    assert list((tmp_path / "store" / "incoming").iterdir()) == []
    with SnapshotStore(tmp_path / "store") as again:  # the twin moved the change time of both
        again.add(ONE, path, shares_bytes=True)
        again.add(OTHER, twin, shares_bytes=True)
        assert again.hashed_files == 0
    aside = _file(tmp_path, b"amount\n2\n", "aside.csv")
    aside.replace(path)
    with SnapshotStore(tmp_path / "store") as again:
        assert again.add(ONE, path, shares_bytes=True).byte_count == 9
    assert kept.read_bytes() == b"amount\n1\n"
    assert twin.read_bytes() == b"amount\n1\n"


def test_where_the_disk_knows_no_second_names_the_copy_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("not here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = _file(tmp_path, b"amount\n1\n")
    with SnapshotStore(tmp_path / "store") as store:
        kept = store.object_path(store.add(ONE, path, shares_bytes=True).sha256)
    assert path.read_bytes() == kept.read_bytes() == b"amount\n1\n"
    assert not path.samefile(kept)


def test_files_that_are_not_ours_are_never_linked(tmp_path: Path) -> None:
    path = _file(tmp_path, b"amount\n1\n")
    with SnapshotStore(tmp_path / "store") as store:
        kept = store.object_path(store.add(ONE, path).sha256)
    assert path.stat().st_nlink == 1
    assert not path.samefile(kept)
