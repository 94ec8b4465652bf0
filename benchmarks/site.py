"""The site under load: `python -m benchmarks.site HOME [RATE] [SECONDS]`, and plain Datasette over the same rows beside it.

Requests leave at their time whether or not earlier ones were answered, as readers do; a time counts from when a request
should have left. The mix is drawn from what the release holds with a fixed seed, and most addresses come once: what the
server keeps helps as much as it would on a day with many readers of different pages. Told are the percentiles a kind of page,
errors, the server's processor time a request, and its memory with that of the process which draws.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
from datasette.utils import tilde_encode

from benchmarks.measure import folder, machine, median, say

SEED = 20_260_131
TABLE = "/public-value/transactions"
MIX = {
    "home": 10, "departments": 4, "department": 12, "department json": 6, "supplier": 12, "supplier json": 6,
    "suppliers": 5, "search": 5, "datasets": 4, "dataset": 3, "outcomes": 2, "quality": 3, "compare": 2, "table": 5,
    "table json": 10, "sql json": 4, "row": 3, "range": 4,
}  # fmt: skip
"""Requests of each kind in a hundred."""
PLAIN = ("table", "table json", "sql json", "row")
"""Kinds that Datasette has by itself."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, and what kind of page it is."""

    kind: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds by kind, in order; statuses or errors that were no success; processor seconds and MiB of the server."""

    seconds: dict[str, list[float]]
    failed: list[str]
    processor: float
    peak_mib: float

    @property
    def all(self) -> list[float]:
        return sorted(one for some in self.seconds.values() for one in some)


def requests(sqlite: Path, count: int, kinds: Sequence[str] = tuple(MIX), prefix: str = TABLE) -> list[Asked]:
    """`count` requests of the mix, in a random order that is the same each time. Raises ValueError where nothing is held."""
    rng = random.Random(SEED)  # noqa: S311 - a mix of requests, no secret
    with closing(sqlite3.connect(f"{sqlite.absolute().as_uri()}?immutable=1", uri=True)) as con:
        bodies = [
            one for (one,) in con.execute("select publisher_id from publishers order by counted_total_pence desc")
        ]
        payees = list(
            con.execute(
                "select supplier_key, supplier_name from suppliers where supplier_key <> '' order by amount_pence desc limit 2000"
            )
        )
        lines = [one for (one,) in con.execute("select transaction_id from transactions limit 500")]
    if not (bodies and payees and lines):
        raise ValueError(f"{sqlite} holds no payments")
    weights = [MIX[kind] for kind in kinds]
    return [_one(rng, kind, bodies, payees, lines, prefix) for kind in rng.choices(kinds, weights, k=count)]


def _one(  # noqa: PLR0917 - what one request is drawn from
    rng: random.Random, kind: str, bodies: list[str], payees: list[tuple[str, str]], lines: list[str], table: str
) -> Asked:
    body, (key, name) = rng.choice(bodies), rng.choice(payees)
    word = rng.choice(name.split())[:5]
    sql = "select financial_year, count(*) as n from transactions where publisher_id = :p group by financial_year"
    chosen = {
        "home": "/",
        "departments": "/departments",
        "department": f"/departments/{tilde_encode(body)}",
        "department json": f"/departments/{tilde_encode(body)}.json",
        "supplier": f"/suppliers/{tilde_encode(key)}",
        "supplier json": f"/suppliers/{tilde_encode(key)}.json",
        "suppliers": f"/suppliers?{urlencode({'q': word})}",
        "search": f"/search?{urlencode({'q': word})}",
        "datasets": "/datasets",
        "dataset": f"/datasets/{rng.choice(('transactions', 'payments', 'suppliers', 'findings'))}",
        "outcomes": "/outcomes",
        "quality": "/quality",
        "compare": "/compare",
        "table": f"{table}?publisher_id={quote(body)}"
        if rng.random() < 0.5
        else f"{table}?{urlencode({'supplier_key': key})}",
        "table json": f"{table}.json?{urlencode({'supplier_key': key, '_shape': 'objects', '_size': 50})}",
        "sql json": f"{table.rpartition('/')[0]}.json?{urlencode({'sql': sql, 'p': body, '_shape': 'array'})}",
        "row": f"{table}/{rng.choice(lines)}",
        "range": "/releases/latest-version/transactions.parquet",
    }[kind]
    if kind == "range":
        begin = rng.randrange(1000)
        return Asked(kind, "/download/transactions.parquet", {"Range": f"bytes={begin}-{begin + 65_535}"})
    return Asked(kind, chosen)


@contextmanager
def serving(command: Sequence[str], said: str = "http://") -> Iterator[tuple[str, int]]:
    """Address and process id of a server that prints its address."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            for line in process.stdout or ():
                if said in line:
                    yield "http" + line.split("http", 1)[1].split()[0].rstrip("/"), process.pid
                    break
            else:
                raise RuntimeError(f"{command}: did not start")
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def processes(pid: int) -> list[int]:
    """`pid` and all below it."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def processor(pid: int) -> float:
    """Seconds of processor time of a process and those below it."""
    spent = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def memory(pid: int) -> float:
    """MiB that a process and those below it have in memory for themselves, pages of files not counted."""
    total = 0
    for one in processes(pid):
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                total += int(line.split()[1])
    return total / 1024


async def load(address: str, pid: int, asked: Sequence[Asked], rate: float) -> Loaded:
    """Sends `asked`, `rate` a second."""
    seconds: dict[str, list[float]] = {}
    failed: list[str] = []
    peak, before, begun = memory(pid), processor(pid), time.perf_counter()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:

        async def send(number: int, one: Asked) -> None:
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                answer = await client.get(one.path, headers=one.headers)
            except httpx.HTTPError as error:
                failed.append(f"{one.path}: {error!r}")
                return
            seconds.setdefault(one.kind, []).append(time.perf_counter() - due)
            if answer.status_code not in {200, 206}:
                failed.append(f"{one.path}: {answer.status_code}")

        async def watch() -> None:
            nonlocal peak
            while True:
                await asyncio.sleep(1)
                peak = max(peak, memory(pid))

        watching = asyncio.create_task(watch())
        await asyncio.gather(*(send(number, one) for number, one in enumerate(asked)))
        watching.cancel()
    return Loaded({kind: sorted(some) for kind, some in seconds.items()}, failed, processor(pid) - before, peak)


def tell(title: str, loaded: Loaded, rate: float) -> None:
    times = loaded.all
    say(
        f"{title}: {len(times):,} requests at {rate:g}/s, {len(loaded.failed)} errors; median {at(times, 0.5):.0f} ms, "
        f"99% under {at(times, 0.99):.0f} ms; {loaded.processor / max(len(times), 1) * 1000:.0f} ms of processor a request; "
        f"{loaded.peak_mib:,.0f} MiB"
    )
    for kind, some in sorted(loaded.seconds.items(), key=lambda one: -at(one[1], 0.99)):
        say(f"  {kind}: {len(some):,}, median {at(some, 0.5):.0f} ms, 99% under {at(some, 0.99):.0f} ms")
    for words in loaded.failed[:5]:
        say(f"  failed: {words}")


def at(times: Sequence[float], share: float) -> float:
    """Milliseconds that `share` of the sorted `times` stay under."""
    return times[min(len(times) - 1, int(share * len(times)))] * 1000 if times else 0.0


def each_kind(address: str, pid: int, sqlite: Path, samples: int = 5) -> None:
    """Processor time of the server for pages of each kind that nobody asked for before, and of one asked for again."""
    say("  kind: processor time when first asked for, wall time; asked for again")
    with httpx.Client(base_url=address, timeout=60) as client:
        for kind in MIX:
            first, wall, again = [], [], []
            for one in dict.fromkeys((one.path, tuple(one.headers.items())) for one in requests(sqlite, 40, (kind,))):
                if len(first) == samples:
                    break
                for spent in (first, again):
                    before, begun = processor(pid), time.perf_counter()
                    client.get(one[0], headers=dict(one[1])).raise_for_status()
                    if spent is first:
                        wall.append(time.perf_counter() - begun)
                    spent.append(processor(pid) - before)
            say(
                f"  {kind}: {sum(first) / len(first) * 1000:.0f} ms (most {max(first) * 1000:.0f}), "
                f"{median(wall) * 1000:.0f} ms (most {max(wall) * 1000:.0f}); {sum(again) / len(again) * 1000:.0f} ms"
            )


def site(home: Path, rate: float, seconds: float) -> Loaded:
    """The newest release of `home` under the mix."""
    sqlite = next(iter(sorted(home.glob("releases/*/latest/public-value.sqlite"))))
    with serving([sys.executable, "-m", "pipelines.cli", "serve", "--home", str(home), "--port", "0"]) as (
        address,
        pid,
    ):
        _home_page(address)
        loaded = asyncio.run(load(address, pid, requests(sqlite, int(rate * seconds)), rate))
        tell("site", loaded, rate)
        return loaded


def _home_page(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        times, size = [], 0
        for _ in range(5):
            begun = time.perf_counter()
            page = client.get("/").raise_for_status()
            times.append(time.perf_counter() - begun)
        sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
        size = len(page.content) + len(client.get(sheet).content)
    say(f"home page: {size / 1000:.0f} kB with its style sheet, uncompressed; {median(times) * 1000:.0f} ms")


def plain(home: Path, rate: float, seconds: float) -> Loaded:
    """Datasette as it comes over a database that sqlite-utils made of the same transactions."""
    release = next(iter(sorted(home.glob("releases/*/latest"))))
    with folder() as aside:
        database = aside / "plain.db"
        begun = time.perf_counter()
        make_plain(release / "transactions.csv", database)
        say(f"sqlite-utils makes its database of the transactions alone in {time.perf_counter() - begun:.0f} s")
        asked = requests(release / "public-value.sqlite", int(rate * seconds), PLAIN, "/plain/transactions")
        command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(database), "--port", "0"]
        with serving(command, "Uvicorn running on") as (address, pid):
            loaded = asyncio.run(load(address, pid, asked, rate))
        tell("plain Datasette, its own kinds of pages alone", loaded, rate)
        return loaded


def make_plain(lines: Path, database: Path) -> None:
    """The transactions with a key, three indexes and search, as its documentation shows."""
    import sqlite_utils

    found = sqlite_utils.Database(database)
    with lines.open(encoding="utf-8", newline="") as text:
        table = found["transactions"]
        table.insert_all(csv.DictReader(text), pk="transaction_id", batch_size=1000)
    for column in ("publisher_id", "supplier_key", "payment_date"):
        table.create_index([column])
    table.enable_fts(["supplier_name", "description"])
    found.close()


def main(home: Path, rate: float, seconds: float) -> None:
    site(home, rate, seconds)
    plain(home, rate, min(seconds, 30))


if __name__ == "__main__":
    say(machine())
    if sys.argv[2:3] == ["kinds"]:
        where = Path(sys.argv[1])
        with serving([sys.executable, "-m", "pipelines.cli", "serve", "--home", str(where), "--port", "0"]) as (
            url,
            number,
        ):
            each_kind(url, number, next(iter(sorted(where.glob("releases/*/latest/public-value.sqlite")))))
            say(f"  memory {memory(number):,.0f} MiB")
    else:
        main(Path(sys.argv[1]), *(float(one) for one in (sys.argv[2:4] or ("50", "120"))))
