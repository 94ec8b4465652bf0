"""A running server under requests while a new release appears."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import httpx
import pandas as pd
import uvicorn

from published import store
from published.serve import _listen, open_release
from published.site.live import Live

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection
    from starlette.types import Receive, Scope, Send

    from published.release import ReleaseResult


def test_a_running_server_moves_on_without_a_failed_request_and_tools_read_its_files(
    warehouse: DuckDBPyConnection, build: Callable[..., ReleaseResult]
) -> None:
    first = build("one").path
    closed: list[str] = []
    latest = first.with_name(store.LATEST)

    def opened(release: Path) -> object:
        served = open_release(release)
        inner = served.close
        served.close = lambda: (closed.append(release.name), inner())[1]
        return served

    live = Live(opened(first), latest, opened, every=0.05)  # type: ignore[arg-type]
    listening = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(live, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def requests() -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not stop.is_set():
                answer = client.get("/status.json")
                seen.append((answer.status_code, answer.json()["release"]["version"]))

    asking = threading.Thread(target=requests)
    try:
        asking.start()
        warehouse.execute("UPDATE core_transactions SET description = 'changed' WHERE transaction_id = 't1'")
        second = build("two")
        assert second.version != "1.0.0"
        until = time.monotonic() + 60
        while time.monotonic() < until and (not seen or seen[-1][1] != second.version):
            time.sleep(0.05)
        url = f"{address}/latest/transactions.parquet"
        assert len(pd.read_parquet(url)) == 4
        with duckdb.connect() as con:
            for extension in ("httpfs",):
                try:
                    con.load_extension(extension)
                except duckdb.Error:
                    break
            else:
                assert con.execute(f"SELECT count(*) FROM read_parquet('{url}')").fetchall() == [(4,)]
    finally:
        stop.set()
        asking.join(timeout=60)
        server.should_exit = True
        thread.join(timeout=60)
        listening.close()
    assert {status for status, _ in seen} == {200}
    assert {version for _, version in seen} == {"1.0.0", second.version}
    assert closed == ["1.0.0", second.version]


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
