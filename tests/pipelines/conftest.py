"""A small mirror, what is compared of a release, and commands killed at a moment of choice."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

KILLING = """
import json, os, signal, sys
import pipelines.commands.approve, pipelines.commands.rollback, pipelines.suppression
from pipelines.cli import cli

CHANGES = {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.link"}

def killed_before(number, home):
    def look(event, args):
        nonlocal number
        changes = event in CHANGES or (event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if changes and any(home in os.fsdecode(one) for one in args[:2] if isinstance(one, (str, bytes))):
            number -= 1
            if number == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)

for line in sys.stdin:
    number, home, arguments = json.loads(line)
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)
        killed_before(number, home)
        cli([*arguments, "--home", home])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"


def spend_csv(month: int, *amounts: str) -> str:
    return HEADER + "".join(
        f"Hills,North Hill Department,{day:02}/{month:02}/2024,Consultancy,Finance,Supplier {day} Ltd,{month}{day:03},{amount}\n"
        for day, amount in enumerate(amounts, start=1)
    )


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Two publishers, three files with five payments of 400,000.50 pounds together, and a PDF."""
    root = tmp_path / "mirror"
    files: dict[str, bytes] = {
        "spend/north-hill/north-hill-spend-april-2024.csv": spend_csv(4, "30000.00", "50000.00").encode(),
        "spend/north-hill/north-hill-spend-may-2024.csv": spend_csv(5, "70000.00", "150000.50").encode(),
        "spend/south-hill/south-hill-spend-april-2024.csv": spend_csv(4, "100000.00").encode(),
        "spend/south-hill/south-hill-spend-may-2024.csv": b"%PDF-1.7\n1 0 obj\n",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.fixture
def release_bytes() -> Callable[[Path], dict[str, str]]:
    """SHA-256 of each file of a release but the provenance, which alone may differ."""
    return lambda release: {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.name != "provenance.json"
    }


@pytest.fixture(scope="session")
def kill() -> Iterator[Callable[[int, Path, tuple[str, ...]], int]]:
    """kill(number, home, command): runs the command as a process of its own, killed with signal 9 before the change to the
    home of that number (files opened for writing, renamed, removed ...); gives the process's exit code, -9 where it was killed.
    """
    with subprocess.Popen(
        [sys.executable, "-c", KILLING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin
        assert running.stdout
        stdin, stdout = running.stdin, running.stdout

        def kill(number: int, home: Path, command: tuple[str, ...]) -> int:
            stdin.write(json.dumps([number, str(home), command]) + "\n")
            stdin.flush()
            return int(stdout.readline())

        yield kill
        stdin.close()
