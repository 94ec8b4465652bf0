"""Real processes: what dies comes back, what is told to stop leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.operation import supervise
from pipelines.operation.supervise import Process, Supervisor

LIVES = "import os,sys,time,pathlib; pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n'); time.sleep(600)"
WITH_CHILD = (
    "import subprocess,sys,time,pathlib; c=subprocess.Popen([sys.executable,'-c','import time; time.sleep(600)']);"
    "pathlib.Path(sys.argv[1]).open('a').write(f'{c.pid}\\n'); time.sleep(600)"
)
DEAF = (
    "import signal,os,sys,time,pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n'); time.sleep(600)"
)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc").exists() else True
    )


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "did not come about"
        time.sleep(0.02)


def supervised(tmp_path: Path, *programs: str) -> tuple[Supervisor, list[Path], list[str]]:
    notes = [tmp_path / f"pids-{number}" for number in range(len(programs))]
    words: list[str] = []
    processes = [
        Process(f"part {number}", [sys.executable, "-c", program, str(note)], tmp_path)
        for number, (program, note) in enumerate(zip(programs, notes, strict=True))
    ]
    return Supervisor(processes, words.append), notes, words


def while_running(supervisor: Supervisor, act: Callable[[], None]) -> None:
    """`act` in a thread, as only the main thread takes signals."""
    failures: list[BaseException] = []

    def acting() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)
        finally:
            supervisor.stop()

    thread = threading.Thread(target=acting)
    thread.start()
    supervisor.run(interval=0.02)
    thread.join()
    if failures:
        raise failures[0]


def test_what_dies_is_started_again_and_the_other_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "FIRST_PAUSE", 0.05)
    supervisor, notes, words = supervised(tmp_path, LIVES, LIVES)
    for process in supervisor.processes:
        process.pause = 0.05

    def kill_one() -> None:
        until(lambda: all(pids(note) for note in notes))
        os.kill(pids(notes[0])[0], signal.SIGKILL)
        until(lambda: len(pids(notes[0])) == 2)

    while_running(supervisor, kill_one)
    assert len(pids(notes[1])) == 1
    assert words == ["part 0 was killed by signal 9; starting it again in 0 s"]
    assert not any(is_alive(pid) for note in notes for pid in pids(note))


def test_stopping_takes_the_children_of_the_children_too(tmp_path: Path) -> None:
    supervisor, notes, words = supervised(tmp_path, WITH_CHILD)
    while_running(supervisor, lambda: until(lambda: bool(pids(notes[0]))))
    until(lambda: not is_alive(pids(notes[0])[0]))
    assert words == []


def test_what_does_not_stop_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "GRACE", 0.3)
    supervisor, notes, words = supervised(tmp_path, DEAF)
    while_running(supervisor, lambda: until(lambda: bool(pids(notes[0]))))
    assert not is_alive(pids(notes[0])[0])
    assert words == ["part 0 did not stop within 0 s and was stopped"]


def test_pauses_grow_while_a_process_keeps_dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor, _, words = supervised(tmp_path, "raise SystemExit(3)")
    moments = iter(range(0, 10_000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(moments)))
    monkeypatch.setattr(supervise, "STEADY", 1e9)
    process = supervisor.processes[0]
    for _ in range(7):
        while process.running is None:
            supervisor._keep(process, time.monotonic())
        process.running.wait()
        supervisor._keep(process, time.monotonic())
    assert [words_.rpartition(" in ")[2] for words_ in words] == ["1 s", "2 s", "4 s", "8 s", "16 s", "30 s", "30 s"]


def test_a_signal_stops_everything(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    program = (
        "import sys; from pathlib import Path; from pipelines.operation.supervise import Process, Supervisor;"
        f"Supervisor([Process('part', [sys.executable, '-c', {LIVES!r}, {str(note)!r}], Path({str(tmp_path)!r}))], print).run()"
    )
    running = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[3])
    until(lambda: bool(pids(note)))
    running.send_signal(signal.SIGTERM)
    assert running.wait(30) == 0
    assert not is_alive(pids(note)[0])
