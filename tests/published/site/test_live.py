"""A running server under requests while a new release appears."""

from __future__ import annotations

import asyncio
import itertools
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import fsspec
import httpx
import pandas as pd
import pyarrow.parquet as pq
from fsspec.implementations.http import HTTPFileSystem

from published import store
from published.serve import open_release
from published.site.live import Live
from published.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duckdb import DuckDBPyConnection
    from starlette.types import Receive, Scope, Send

    from published.release import ReleaseResult

LOOKING_OFTEN = "from published.site import live; live.LOOK_EVERY = 0.05; from pipelines.cli import main; main()"
SWITCHES = 10
MOST_GROWTH_MIB = 8
"""What ten switches may leave in memory: 1.5 MiB were measured, and 22 where closed releases waited for Python to notice."""


@contextmanager
def running(home: Path) -> Iterator[tuple[str, int]]:
    """`publicvalue serve` in a process of its own that looks at `latest` twenty times a second: its address and id."""
    with subprocess.Popen(
        [sys.executable, "-c", LOOKING_OFTEN, "serve", "--home", str(home), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process.stdout.readline().split()[0].rstrip("/"), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=30)
            finally:
                process.kill()


def memory(pid: int) -> float:
    """MiB that the process has for itself; pages of files not counted."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def open_files(pid: int, version: str) -> int:
    targets = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            targets.append(str(link.readlink()))
    return sum(f"/{version}/" in target for target in targets)


def test_a_running_server_moves_on_ten_times_without_a_failed_request_or_more_memory_and_tools_read_its_files(
    warehouse: DuckDBPyConnection, build: Callable[..., ReleaseResult], tmp_path: Path
) -> None:
    channel = build("one").path.parent
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def requests(address: str) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            for path in itertools.cycle(
                ("/status.json", "/departments/dept-of-kites.json", "/download/datapackage.json")
            ):
                if stop.is_set():
                    return
                try:
                    answer = client.get(path)
                    release = answer.json().get("release") or answer.json()
                    seen.append((answer.status_code, release["version"]))
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    seen.append((0, f"{path}: {error!r}"))

    def until_served(version: str, pid: int, gone: str) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and (seen[-1:] != [(200, version)] or open_files(pid, gone)):
            time.sleep(0.02)
        assert seen[-1] == (200, version)

    with running(tmp_path) as (address, pid):
        asking = threading.Thread(target=requests, args=(address,))
        asking.start()
        try:
            warehouse.execute("UPDATE core_transactions SET description = 'changed' WHERE transaction_id = 't1'")
            second = build("two").version
            assert second == "1.0.1"
            until_served(second, pid, "1.0.0")
            sizes = []
            for number in range(SWITCHES + 2):
                wanted, other = ("1.0.0", second) if number % 2 == 0 else (second, "1.0.0")
                store.point_latest(channel, Version.parse(wanted))
                until_served(wanted, pid, other)
                sizes.append(memory(pid))
        finally:
            stop.set()
            asking.join(timeout=60)
        url = f"{address}/latest/transactions.parquet"
        assert len(pd.read_parquet(url)) == 4
        assert in_ranges(url) == [25000_00, 1234_50, None, 99_99]
        with duckdb.connect() as con:
            try:
                con.load_extension("httpfs")
            except duckdb.Error:  # not installed here; DuckDB then asks through Python
                con.register_filesystem(Web())
            counted = f"SELECT count(*), sum(amount_gbp) FROM read_parquet('{url}') WHERE is_counted"
            assert con.execute(counted).fetchall() == [(3, Decimal("26234.50"))]
    assert {status for status, _ in seen} == {200}
    assert {version for _, version in seen} == {"1.0.0", second}
    assert sizes[-1] - sizes[1] < MOST_GROWTH_MIB


class Web(HTTPFileSystem):
    """Files of the web for DuckDB, which also asks when one was written."""

    def modified(self, path: str) -> datetime:
        return datetime(2024, 7, 1, tzinfo=UTC)


def in_ranges(url: str) -> list[int | None]:
    """Pence of the lines, in the order of their ids, read as a program does that asks for parts of the file alone."""
    with fsspec.open(url, block_size=4096).open() as remote:
        table = pq.read_table(remote, columns=["transaction_id", "amount_gbp"]).sort_by("transaction_id")
    return [None if one is None else int(one * 100) for one in table["amount_gbp"].to_pylist()]


@dataclass
class Fake:
    release: Path
    is_closed: bool = False

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            await receive()

    def ahead(self) -> list[str]:
        return ["/ahead"]

    def close(self) -> None:
        self.is_closed = True


def test_a_request_that_began_on_the_old_release_ends_on_it_before_it_is_closed(tmp_path: Path) -> None:
    for name in ("1.0.0", "1.1.0", "1.2.0"):
        (tmp_path / name).mkdir()
    latest = tmp_path / "latest"
    latest.symlink_to("1.0.0")
    old = Fake(tmp_path / "1.0.0")
    live = Live(old, latest, Fake)

    async def run() -> None:
        finish = asyncio.Event()

        async def receive() -> dict[str, str]:
            await finish.wait()
            return {"type": "http.request"}

        async def send(message: object) -> None:
            raise AssertionError(message)

        slow = asyncio.create_task(live({"type": "http", "path": "/slow"}, receive, send))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        latest.unlink()
        latest.symlink_to("1.1.0")
        assert await live.look()
        assert live.current.release.name == "1.1.0"
        assert not old.is_closed
        latest.unlink()
        latest.symlink_to("1.2.0")
        assert not await live.look()  # two open at most
        finish.set()
        await slow
        assert old.is_closed
        assert await live.look()

    asyncio.run(run())


def test_a_damaged_release_is_not_taken(tmp_path: Path, released: Path, caplog: object) -> None:
    (tmp_path / "1.0.0").symlink_to(released)
    (tmp_path / "2.0.0").mkdir()
    latest = tmp_path / "latest"
    latest.symlink_to("2.0.0")
    live = Live(Fake(released), latest, open_release)
    assert asyncio.run(live.look()) is False
    assert live.current.release == released
