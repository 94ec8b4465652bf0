"""`publicvalue up` itself, on free ports: the site waits, comes, comes back, and all of it stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from click.testing import CliRunner

from pipelines.choose import RunOptions
from pipelines.commands.up import command
from pipelines.run import run
from sources.errors import UsageError

T = TypeVar("T")
WHAT_RUNS = (
    """{ repositoriesOrError { ... on RepositoryConnection { nodes { schedules { name } sensors { name } } } } }"""
)


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(found: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (one := found()) is not None:
            return one
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come about in {seconds:.0f} s")


def answers(address: str, status: int = 200) -> bool | None:
    try:
        return httpx.get(address, timeout=5).status_code == status or None
    except httpx.TransportError:
        return None


def child(parent: int, word: str) -> int | None:
    """Process of `parent` whose command holds `word`."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
            return int(pid)
    return None


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][1] != "Z"


def what_runs(dagster: str) -> set[str] | None:
    """Schedules and sensors that Dagster's web interface has under way; None where it does not answer yet."""
    try:
        answer = httpx.post(f"{dagster}/graphql", json={"query": WHAT_RUNS}, timeout=20).json()
    except (httpx.TransportError, ValueError):
        return None
    found = answer["data"]["repositoriesOrError"].get("nodes")
    return {one["name"] for node in found for one in (*node["schedules"], *node["sensors"])} if found else None


@pytest.fixture
def up(mirror: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, str, Path]]:
    """The command over the small mirror, its site's address, Dagster's, and its home."""
    home, port, dagster_port = tmp_path / "home", free_port(), free_port()
    ports = {"PUBLICVALUE_WEB_PORT": str(port), "PUBLICVALUE_DAGSTER_PORT": str(dagster_port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "up", "--mirror", str(mirror), "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **ports},
    )  # fmt: skip
    try:
        yield process, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{dagster_port}", home
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
def test_the_site_waits_for_a_release_serves_it_and_comes_back_after_a_kill_and_all_stops(
    up: tuple[subprocess.Popen[str], str, str, Path], mirror: Path
) -> None:
    process, address, dagster, home = up
    site = until(lambda: child(process.pid, "serve"), "the site's process")
    run(RunOptions(mirror=mirror, home=home, as_of=date(2025, 1, 31)))
    until(lambda: answers(address), "the site")
    assert child(process.pid, "serve") == site, "it waited for the first release, and did not die meanwhile"
    assert httpx.get(f"{address}/latest/datapackage.json", follow_redirects=True).json()["channel"] == "mirror"
    os.kill(site, signal.SIGKILL)
    again = until(lambda: pid if (pid := child(process.pid, "serve")) != site else None, "another process of the site")
    until(lambda: answers(address), "the site again")
    running = until(lambda: what_runs(dagster), "Dagster with the jobs loaded")
    assert {"daily", "release_after_ingest", "tell_of_failure", "watch_govuk"} <= running
    webserver, daemon = child(process.pid, "dagster_webserver"), child(process.pid, "dagster._daemon")
    assert webserver is not None
    assert daemon is not None
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert not any(is_alive(pid) for pid in (again, webserver, daemon))
    assert process.stdout is not None
    assert process.stdout.read().splitlines()[-1] == "stopped."


def test_two_inputs_and_a_folder_that_is_not_there_are_refused(tmp_path: Path) -> None:
    for options, words in (
        (["--live", "--mirror", str(tmp_path)], "two inputs"),
        (["--mirror", "nowhere"], "no such folder"),
    ):
        result = CliRunner().invoke(command, ["--home", str(tmp_path / "home"), *options])
        assert isinstance(result.exception, UsageError)
        assert words in str(result.exception)
    assert not (tmp_path / "home").exists()
