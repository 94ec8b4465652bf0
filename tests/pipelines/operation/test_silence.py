from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines.home import Home, open_home
from pipelines.ingest import take_snapshots
from pipelines.operation.silence import silent_publishers
from sources.mirror import MirrorSource

TODAY = datetime.now(UTC).date()


def held(mirror: Path, home: Path) -> Home:
    opened = open_home(home)
    take_snapshots(opened, MirrorSource(mirror, is_known=lambda _: False))
    return opened


def silent(home: Home, day: date) -> list[tuple[str, date]]:
    return [(one.publisher_id, one.last_new) for one in silent_publishers(home, "mirror", as_of=day, days=45)]


def test_a_publisher_is_silent_once_the_days_are_over_and_not_on_the_last_of_them(mirror: Path, tmp_path: Path) -> None:
    home = held(mirror, tmp_path / "home")
    assert silent(home, TODAY + timedelta(days=45)) == []
    assert silent(home, TODAY + timedelta(days=46)) == [("north-hill", TODAY), ("south-hill", TODAY)]


def test_a_home_that_holds_nothing_has_nobody_silent(tmp_path: Path) -> None:
    assert silent(open_home(tmp_path / "home"), TODAY) == []
