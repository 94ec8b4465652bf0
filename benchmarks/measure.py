"""Runs a command of ours as a user would, several times, and tells what it took: seconds by stage, and peak memory.

Does not belong here: what is measured (the other modules of this folder).
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.work import MEMORY

LIBRARIES = ("duckdb", "pyarrow", "pandas", "dagster", "datasette", "frictionless")


@dataclass(frozen=True, slots=True)
class Took:
    """One run: seconds of the whole process, of each stage, and MiB of memory at the most (the largest process)."""

    wall: float
    peak_mib: float
    stages: dict[str, float]


def machine() -> str:
    """Processor, cores, memory, versions: what a figure has to be read with."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next(
        (int(line.split()[1]) // 1024**2 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{model}, {os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {libraries}"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:  # another system, or a process that has ended
        return []


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="publicvalue-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def warehouse(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opened as a run opens its own; what does not fit in memory goes beside it."""
    config: dict[str, Any] = {"memory_limit": MEMORY, "threads": 2, "temp_directory": str(path.with_name("spill"))}
    with duckdb.connect(str(path), read_only=read_only, config=config) as con:
        yield con


def run_once(home: Path, *arguments: str) -> Took:
    """`publicvalue run` in a process of its own. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "pipelines.cli", "run", "--home", str(home), *arguments]
    wall, peak = timed(command)
    summary: dict[str, Any] = json.loads((home / "runs" / "last.json").read_text())
    return Took(wall, peak, summary["seconds"])


def lake_once(mirror: Path, home: Path) -> Took:
    """The same up to the lake."""
    wall, peak, said = _timed([sys.executable, "-m", "benchmarks.lake", str(mirror), str(home)])
    return Took(wall, peak, json.loads(said.splitlines()[-1]))


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds of a command, and MiB of its largest process. Its errors go to where they can be read on failure."""
    wall, peak, _ = _timed(command)
    return wall, peak


def _timed(command: list[str]) -> tuple[float, float, str]:
    """Looks at all processes of the command's session: those of a pool are nobody's whom it waits for."""
    begun = time.perf_counter()
    highest = 0
    with (
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=said, stderr=errors, text=True, start_new_session=True) as process,
    ):
        while process.poll() is None:
            highest = max(highest, *map(_highest_memory, _of_session(process.pid)), 0)
            time.sleep(0.3)  # looking costs processor time that the command wants
        wall = time.perf_counter() - begun
        if process.returncode:
            errors.seek(0)
            sys.stderr.write(errors.read())
            raise subprocess.CalledProcessError(process.returncode, command)
        said.seek(0)
        return wall, highest / 1024, said.read()


def _of_session(session: int) -> list[str]:
    """Process ids."""
    fields = {path.parent.name: _lines(str(path)) for path in Path("/proc").glob("[0-9]*/stat")}
    return [pid for pid, lines in fields.items() if lines and lines[0].rpartition(")")[2].split()[3] == str(session)]


def _highest_memory(pid: str) -> int:
    """KiB that the process held at the most; 0 where it has ended."""
    return next((int(line.split()[1]) for line in _lines(f"/proc/{pid}/status") if line.startswith("VmHWM")), 0)


def median(values: list[float]) -> float:
    return statistics.median(values)


def say(words: str) -> None:
    print(words, flush=True)
