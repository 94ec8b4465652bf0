"""`python -m benchmarks full|small`: every figure that the documentation states, with the machine it was measured on.

full is what `make bench` prints; small is a quick look, and what CI can afford.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import quality, reports
from benchmarks.measure import Took, folder, lake_once, machine, median, run_once, say
from sources.sample.scale import make_large, make_many, make_rows


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured, and how often."""

    many: tuple[int, int]
    large: tuple[int, int]
    rows: int
    grown: int
    runs: int
    peer_files: int
    reports: tuple[int, int]


SIZES = {
    "full": Size(
        many=(2_000, 1_000),
        large=(4, 500_000),
        rows=2_000_000,
        grown=20_000_000,
        runs=3,
        peer_files=100,
        reports=reports.SHAPE,
    ),
    "small": Size(
        many=(100, 1_000), large=(2, 50_000), rows=100_000, grown=400_000, runs=1, peer_files=10, reports=(60, 200_000)
    ),
}
READING = ("Keep the files' bytes", "Read the files")
AS_OF = ("--as-of", "2026-01-31")


def main(size: Size) -> None:
    say(machine())
    reading("reader to lake, many small files", size.many, make_many, size)
    reading("reader to lake, few large files", size.large, make_large, size)
    after_the_lake(size)
    growth(size)


def reading(title: str, shape: tuple[int, int], make: Callable[[Path, int, int], object], size: Size) -> None:
    """Seconds from the mirror's bytes to the lake, by the run's own stages."""
    files, rows_each = shape
    with folder() as root:
        make(root / "mirror", files, rows_each)
        took = [_fresh_lake(root) for _ in range(size.runs)]
        rates = [files * rows_each / sum(one.stages[stage] for stage in READING) for one in took]
        say(
            f"{title}: {files:,} x {rows_each:,} rows: {median(rates):,.0f} rows/s; peak {_peak(took):,.0f} MiB (median of {size.runs})"
        )
        for tool in ("pandas", "frictionless"):
            count = min(files, size.peer_files if tool == "frictionless" else files)
            count = min(count, 1) if tool == "frictionless" and rows_each > 10_000 else count
            out = subprocess.run(
                [sys.executable, "-m", "benchmarks.peers", tool, str(root / "mirror"), str(count)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            rows, seconds = out.stdout.split()
            say(f"  beside it, {tool}, one process, {count:,} of these files: {int(rows) / float(seconds):,.0f} rows/s")


def after_the_lake(size: Size) -> None:
    """Everything after the lake, and a second run over the same input."""
    with folder() as root:
        make_rows(root / "mirror", size.rows)
        mirror = ("--mirror", str(root / "mirror"))
        took = [_fresh(root, *mirror) for _ in range(size.runs)]
        after = [
            sum(seconds for stage, seconds in one.stages.items() if stage not in (*READING, "Look at the input"))
            for one in took
        ]
        say(
            f"after the lake, {size.rows:,} rows: {median(after):.1f} s; whole run {median([one.wall for one in took]):.1f} s; peak {_peak(took):,.0f} MiB"
        )
        for stage in took[0].stages:
            say(f"  {stage}: {median([one.stages[stage] for one in took]):.1f} s")
        release = next(root.glob("home/releases/*/latest"))
        steps = json.loads((release / "provenance.json").read_text(encoding="utf-8"))["seconds"]
        say(
            "  of the release, side by side: " + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps.items())
        )
        subprocess.run([sys.executable, "-m", "benchmarks.sqlite_alone", str(release)], check=True)
        say("rules, reports and other checkers on the same warehouse, once:")
        quality.all_tools(root / "home" / "warehouse.duckdb", size.rows)
        say(f"  {reports.measured(root / 'home' / 'warehouse.duckdb', *size.reports)}")
        again = [run_once(root / "home", *mirror, *AS_OF) for _ in range(size.runs)]
        work = [sum(one.stages.values()) for one in again]
        say(
            f"second run, nothing changed: {median(work):.1f} s of work, {median([one.wall for one in again]):.1f} s with start-up"
        )


def growth(size: Size) -> None:
    """Once, at ten times the rows."""
    with folder() as root:
        make_rows(root / "mirror", size.grown)
        took = _fresh(root, "--mirror", str(root / "mirror"))
        say(f"{size.grown:,} rows, once: whole run {took.wall:.0f} s; peak {took.peak_mib:,.0f} MiB")
        for stage, seconds in took.stages.items():
            say(f"  {stage}: {seconds:.1f} s")


def _fresh(root: Path, *arguments: str) -> Took:
    shutil.rmtree(root / "home", ignore_errors=True)
    return run_once(root / "home", *arguments, *AS_OF)


def _fresh_lake(root: Path) -> Took:
    shutil.rmtree(root / "home", ignore_errors=True)
    return lake_once(root / "mirror", root / "home")


def _peak(took: list[Took]) -> float:
    return median([one.peak_mib for one in took])


if __name__ == "__main__":
    main(SIZES[sys.argv[1] if len(sys.argv) > 1 else "full"])
