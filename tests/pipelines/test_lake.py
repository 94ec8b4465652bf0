from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines import lake_files
from pipelines.home import Home, open_home
from pipelines.ingest import Holdings, safe_name, take_snapshots
from pipelines.lake import PublisherLake, collect_garbage, plan, update
from sources import snapshots
from sources.mirror import MirrorSource
from sources.registry import load_registry

REGISTER = load_registry()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def _hold(home: Home, mirror: Path, only: tuple[str, ...] = ()) -> Holdings:
    return take_snapshots(home, MirrorSource(mirror), only).holdings


def _update(home: Home, holdings: Holdings) -> dict[str, PublisherLake]:
    return {part.publisher_id: part for part in update(home, holdings, REGISTER)}


def _accounts(part: PublisherLake) -> dict[str, dict[str, object]]:
    return {account["file_name"]: account for account in pq.read_table(part.files).to_pylist()}


def test_every_file_gives_an_account_and_its_rows_in_order(home: Home, mirror: Path) -> None:
    parts = _update(home, _hold(home, mirror))
    assert list(parts) == ["north-hill", "south-hill"]
    rows = pq.read_table(parts["north-hill"].rows).to_pylist()
    assert [str(row["amount_gbp"]) for row in rows if row["row_class"] == "transaction"] == [
        "30000.00", "50000.00", "70000.00", "150000.50",
    ]  # fmt: skip
    accounts = _accounts(parts["south-hill"])
    assert accounts["south-hill-spend-april-2024.csv"]["file_status"] == "read"
    assert accounts["south-hill-spend-may-2024.csv"]["file_status"] == "unreadable"
    assert accounts["south-hill-spend-may-2024.csv"]["file_reason_code"] == "pdf"


def test_nothing_is_read_twice(home: Home, mirror: Path) -> None:
    first = _update(home, _hold(home, mirror))
    assert {one: part.read_files for one, part in first.items()} == {"north-hill": 2, "south-hill": 2}
    second = _update(home, _hold(home, mirror))
    assert [(part.read_files, part.is_new) for part in second.values()] == [(0, False), (0, False)]
    assert [part.rows for part in second.values()] == [part.rows for part in first.values()]


def test_a_changed_file_is_read_alone_and_its_publisher_put_together_anew(home: Home, mirror: Path) -> None:
    first = _update(home, _hold(home, mirror))
    changed = mirror / "spend/south-hill/south-hill-spend-april-2024.csv"
    changed.write_bytes(changed.read_bytes().replace(b"100000.00", b"100000.99"))
    second = _update(home, _hold(home, mirror))
    assert {one: part.read_files for one, part in second.items()} == {"north-hill": 0, "south-hill": 1}
    assert second["north-hill"].rows == first["north-hill"].rows
    assert second["south-hill"].rows != first["south-hill"].rows


def test_garbage_goes_and_what_another_channel_needs_stays(home: Home, mirror: Path) -> None:
    holdings = _hold(home, mirror)
    parts = _update(home, holdings)
    assert collect_garbage(home, "mirror", holdings, REGISTER) == 0
    (home.lake / "rows/left.parquet.1.part").write_bytes(b"half")
    limited = {"north-hill": holdings["north-hill"]}
    assert collect_garbage(home, "live", limited, REGISTER) == 1
    assert parts["south-hill"].rows.exists()
    removed = collect_garbage(home, "mirror", limited, REGISTER)
    assert removed == 4  # two files and the two parts of the publisher that nobody holds now
    assert not parts["south-hill"].rows.exists()
    assert parts["north-hill"].rows.exists()


def test_a_file_on_which_our_reader_fails_is_an_account_and_is_tried_again(home: Home, mirror: Path) -> None:
    holdings = _hold(home, mirror)
    sha256 = holdings["north-hill"][0].sha256
    assert sha256 is not None
    lost = home.snapshots / "objects" / sha256[:2] / sha256
    content = lost.read_bytes()
    lost.unlink()
    part = _update(home, holdings)["north-hill"]
    account = _accounts(part)["north-hill-spend-april-2024.csv"]
    assert (account["file_status"], account["file_reason_code"]) == ("unreadable", "damaged")
    assert "our reader failed on this file" in str(account["notes"])
    lost.write_bytes(content)
    mended = _update(home, holdings)["north-hill"]
    assert mended.read_files == 1
    assert _accounts(mended)["north-hill-spend-april-2024.csv"]["file_status"] == "read"


def test_a_file_over_the_limit_or_out_of_reach_is_an_account(
    home: Home, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MAX_BYTES", 250)
    source = MirrorSource(mirror)
    (mirror / "spend/south-hill/south-hill-spend-may-2024.csv").unlink()
    parts = _update(home, take_snapshots(home, source).holdings)
    reasons = {
        name: account["file_reason_code"] for part in parts.values() for name, account in _accounts(part).items()
    }
    assert reasons == {
        "north-hill-spend-april-2024.csv": "too_large",
        "north-hill-spend-may-2024.csv": "too_large",
        "south-hill-spend-april-2024.csv": None,
        "south-hill-spend-may-2024.csv": "no_access",
    }


def test_looking_at_one_publisher_leaves_the_others_held(home: Home, mirror: Path) -> None:
    _hold(home, mirror)
    (mirror / "spend/north-hill/north-hill-spend-may-2024.csv").unlink()
    (mirror / "spend/south-hill/south-hill-spend-may-2024.csv").unlink()
    limited = _hold(home, mirror, only=("north-hill",))
    assert {one: len(files) for one, files in limited.items()} == {"north-hill": 1, "south-hill": 2}
    assert {one: len(files) for one, files in _hold(home, mirror).items()} == {"north-hill": 1, "south-hill": 1}


def test_a_member_that_a_power_cut_emptied_is_read_again(home: Home, mirror: Path) -> None:
    holdings = _hold(home, mirror)
    part = _update(home, holdings)["north-hill"]
    member = min((home.lake / "rows/north-hill").glob("*.parquet"))
    member.write_bytes(b"")
    part.rows.unlink()
    with pytest.raises(Exception, match="run again: damaged files were removed"):
        _update(home, holdings)
    assert _update(home, holdings)["north-hill"].row_count() == 6


@pytest.mark.parametrize("hostile", ["../../etc", "A b", "caf\u00e9", "x" * 300, "", "a\nb"])
def test_any_publisher_id_gives_a_file_name_of_its_own(hostile: str) -> None:
    name = safe_name(hostile)
    assert "/" not in name
    assert name.isascii()
    assert len(name) < 120
    assert name != safe_name(hostile + "2")
    assert safe_name("hm-treasury") == "hm-treasury"


def test_a_publishers_only_large_file_is_written_once_and_reads_like_any_other(
    home: Home, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holdings = _hold(home, mirror, ("north-hill",))
    (first, _) = plan(home, holdings, REGISTER).missing
    parts = []
    for name, rows in (("usual", lake_files.GROUP_ROWS), ("large", 2)):
        monkeypatch.setattr(lake_files, "GROUP_ROWS", rows)
        member = home.lake / name / "member.parquet"
        lake_files.read_into(replace(first, target=member))
        part = lake_files.CompactTask([member], member.with_name("rows.parquet"), member.with_name("files.parquet"))
        lake_files.compact(part)
        parts.append(part)
    usual, large = parts
    assert large.rows.samefile(large.members[0])
    assert not usual.rows.samefile(usual.members[0])
    assert pq.read_table(large.rows).to_pylist() == pq.read_table(usual.rows).to_pylist()
    assert pq.read_table(large.files) == pq.read_table(usual.files)
    assert pq.read_metadata(large.rows).row_group(0).column(0).is_stats_set
