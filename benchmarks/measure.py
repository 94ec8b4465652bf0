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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

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
    return Path(path).read_text().splitlines() if Path(path).exists() else []


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="publicvalue-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run_once(home: Path, *arguments: str) -> Took:
    """`publicvalue run` in a process of its own. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "pipelines.cli", "run", "--home", str(home), *arguments]
    wall, peak = timed(command)
    summary: dict[str, Any] = json.loads((home / "runs" / "last.json").read_text())
    return Took(wall, peak, summary["seconds"])


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds of a command, and MiB of its largest process. Its output goes to where it can be read on failure."""
    code = (
        "import resource,subprocess,sys,time\n"
        "t=time.perf_counter(); r=subprocess.run(sys.argv[1:],capture_output=True,text=True); t=time.perf_counter()-t\n"
        "sys.stderr.write(r.stderr if r.returncode else '')\n"
        "print(t, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024); sys.exit(r.returncode)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], check=True, stdout=subprocess.PIPE, text=True)
    wall, peak = map(float, done.stdout.split())
    return wall, peak


def median(values: list[float]) -> float:
    return statistics.median(values)


def say(words: str) -> None:
    print(words, flush=True)
