from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

from pipelines.choose import RunOptions
from pipelines.operation.records import Records
from pipelines.run import run


def records(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_run_leaves_records_that_name_run_publisher_and_snapshot(mirror: Path, tmp_path: Path) -> None:
    out = io.StringIO()
    run(RunOptions(mirror=mirror, home=tmp_path / "home", as_of=date(2025, 1, 31)), Records(out))
    found = records(out)
    assert len({one["run"] for one in found}) == 1
    assert all(one["timestamp"] and one["level"] for one in found)
    kept = [one for one in found if one["event"] == "snapshot kept"]
    assert {one["publisher"] for one in kept} == {"north-hill", "south-hill"}
    assert all(len(str(one["snapshot"])) == 64 for one in kept)
    assert {one["publisher"] for one in found if one["event"] == "publisher read"} == {"north-hill", "south-hill"}
    assert [one["stage"] for one in found if one["event"] == "stage ended"][-1] == "Release"
    assert found[-1]["event"] == "run ended"
    assert found[-1]["release"] == "1.0.0"


def test_a_line_break_in_what_is_noted_does_not_break_the_record() -> None:
    out = io.StringIO()
    Records(out).note("problem", problem='a\nb "c"')
    (one,) = records(out)
    assert one["problem"] == 'a\nb "c"'
    assert one["level"] == "warning"


def test_what_is_below_the_level_is_left_out() -> None:
    out = io.StringIO()
    log = Records(out, "warning")
    log.note("publisher read", publisher="x")
    log.note("problem", problem="y")
    assert [one["event"] for one in records(out)] == ["problem"]
