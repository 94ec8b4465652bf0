"""The main job from end to end, through the command where the command matters."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.choose import RunOptions
from pipelines.home import open_home
from pipelines.progress import Progress
from pipelines.run import run

DAY = date(2025, 1, 31)
ReleaseBytes = Callable[[Path], dict[str, str]]


def _options(mirror: Path, home: Path, *publishers: str) -> RunOptions:
    return RunOptions(mirror=mirror, home=home, publishers=publishers, as_of=DAY)


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", "run", "--as-of", DAY.isoformat(), *map(str, arguments)]


def test_a_mirror_becomes_a_release_a_second_run_reads_nothing_and_a_restored_home_holds_the_same(
    mirror: Path, tmp_path: Path, release_bytes: ReleaseBytes
) -> None:
    first = run(_options(mirror, tmp_path / "home"))
    assert first.holds.files == {"read": 3, "unreadable": 1}
    assert first.holds.file_reasons == {"pdf": 1}
    assert (first.holds.rows, first.holds.transactions, first.holds.set_aside) == (8, 5, {"header": 3})
    assert first.holds.counted_gbp == "400000.50"
    assert first.holds.unregistered == ["north-hill", "south-hill"]
    assert (first.hashed_files, first.read_files, first.is_new_release) == (4, 4, True)
    assert (Path(first.release_path) / "SHA256SUMS").exists()

    progress = Progress()
    second = run(_options(mirror, tmp_path / "home"), progress)
    assert (second.hashed_files, second.read_files, second.is_new_release) == (0, 0, False)
    assert second.release == first.release
    assert second.holds == first.holds
    assert "Build the warehouse" not in progress.seconds

    told = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    precious = re.findall(r"`([a-z.]+)/?`", told.partition("\nPrecious: ")[2].partition(".\n")[0])
    assert "releases" in precious
    (tmp_path / "restored").mkdir()
    archive = [
        "tar",
        "-C",
        str(tmp_path / "home"),
        "-cf",
        "-",
        *(one for one in precious if (tmp_path / "home" / one).exists()),
    ]
    with subprocess.Popen(archive, stdout=subprocess.PIPE) as packing:
        subprocess.run(["tar", "-C", str(tmp_path / "restored"), "-xf", "-"], stdin=packing.stdout, check=True)
    again = run(_options(mirror, tmp_path / "restored"))
    assert (again.release, again.is_new_release, again.hashed_files, again.read_files) == (first.release, False, 0, 4)
    assert again.holds == first.holds
    assert release_bytes(Path(again.release_path)) == release_bytes(Path(first.release_path))
    assert (tmp_path / "restored" / "warehouse.duckdb").exists()


def test_a_limited_run_keeps_what_was_read_of_the_others(mirror: Path, tmp_path: Path) -> None:
    alone = run(_options(mirror, tmp_path / "home", "south-hill"))
    assert alone.holds.counted_gbp == "100000.00"
    whole = run(_options(mirror, tmp_path / "home"))
    assert whole.read_files == 2
    changed = mirror / "spend/south-hill/south-hill-spend-april-2024.csv"
    changed.write_bytes(changed.read_bytes().replace(b"100000.00", b"200000.00"))
    limited = run(_options(mirror, tmp_path / "home", "south-hill"))
    assert limited.holds.counted_gbp == "500000.50"
    assert limited.read_files == 1


def test_the_command_gives_the_same_bytes_as_the_plain_function(
    mirror: Path, tmp_path: Path, release_bytes: ReleaseBytes
) -> None:
    plain = run(_options(mirror, tmp_path / "plain"))
    done = subprocess.run(
        _command("--mirror", mirror, "--home", tmp_path / "dagster"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Money           £400,000.50 counted" in done.stdout
    assert "4 of 2 publishers: 3 read, 0 explained, 1 unreadable; 4 read anew" in done.stdout
    assert "dagster" not in done.stderr.replace(str(tmp_path), "").lower()
    assert release_bytes(tmp_path / "dagster/releases/mirror/latest") == release_bytes(Path(plain.release_path))


@pytest.mark.parametrize("attempt", range(1))
def test_killed_at_any_moment_a_rerun_gives_the_bytes_of_an_undisturbed_run(
    attempt: int, mirror: Path, tmp_path: Path, release_bytes: ReleaseBytes
) -> None:
    undisturbed = run(_options(mirror, tmp_path / "undisturbed"))
    home = tmp_path / "killed"
    moments = random.Random(attempt)  # noqa: S311 - moments, not secrets
    code = (
        "from pathlib import Path\nfrom datetime import date\nfrom pipelines.choose import RunOptions\n"
        "from pipelines.run import run\n"
        "if __name__ == '__main__':\n"
        f"    run(RunOptions(mirror=Path({str(mirror)!r}), home=Path({str(home)!r}), as_of=date(2025, 1, 31)))\n"
    )
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", code]) as running:
            time.sleep(0.3 + moments.random() * 2)
            running.kill()
    rerun = run(_options(mirror, home))
    assert release_bytes(Path(rerun.release_path)) == release_bytes(Path(undisturbed.release_path))
    assert rerun.release == undisturbed.release
    assert rerun.holds == undisturbed.holds
    assert [path.name for path in (home / "tmp").iterdir() if path.name != "spill"] == []


def test_of_two_runs_at_once_the_second_says_so_in_one_line(mirror: Path, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    with home.locked():
        done = subprocess.run(
            _command("--mirror", mirror, "--home", home.root), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "another run is using this home; wait until it ends" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mirror", "gone"], "gone: no such folder"),
        (["--mirror", "empty"], "empty: the folder is empty; expected spend/<publisher>/<files>"),
        (["--mirror", "mirror", "--publisher", "nrth-hill"], "not in the input; did you mean north-hill"),
        (["--mirror", "mirror", "--publisher", "hm-treasury"], "in the register, but the input holds nothing of it"),
        (["--mirror", "mirror", "--sample-rows", "5"], "--sample-rows belongs to the embedded sample"),
        (["--sample-rows", "50000001", "--home", "home"], "give a number of rows from 1 to 50,000,000"),
        (["--mirror", "mirror", "--home", "file"], "a file stands where the home should be"),
    ],
)
def test_wrong_usage_is_one_line_with_a_remedy_and_exit_code_2(
    arguments: list[str], words: str, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner  # noqa: PLC0415

    from pipelines.commands.run import command  # noqa: PLC0415
    from sources.errors import UsageError  # noqa: PLC0415

    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)


def test_status_tells_releases_last_run_and_sizes(mirror: Path, tmp_path: Path) -> None:
    from pipelines.commands.status import in_words, status  # noqa: PLC0415

    root = tmp_path / "home"
    assert "not there yet" in in_words(status(root))
    assert not root.exists()
    done = run(_options(mirror, root))
    found = json.loads(json.dumps(status(root)))
    assert found["releases"]["mirror"]["latest"] == done.release == "1.0.0"
    assert found["last_run"]["holds"]["counted_gbp"] == "400000.50"
    assert found["sizes"]["warehouse"] > 0
    assert f"release {done.release}" in in_words(found)


def test_the_embedded_sample_becomes_a_release_that_says_what_it_is(tmp_path: Path) -> None:
    options = RunOptions(sample_rows=2000, home=tmp_path / "home", as_of=DAY)
    done = run(options)
    assert done.channel == "sample"
    assert done.holds.transactions > 1000
    assert done.holds.unregistered == []
    assert done.problems == []
    assert "SAMPLE DATA" in (Path(done.release_path) / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "home/releases/mirror").exists()
    again = run(options)
    assert (again.hashed_files, again.read_files, again.is_new_release) == (0, 0, False)
