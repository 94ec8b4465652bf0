"""A few minutes of the real thing: `publicvalue up --live` on the replay server, its schedule set to every minute.

python -m benchmarks.daily

Nothing is called from here: Dagster's own daemon goes from schedule to ingest to release, and the site moves on by itself. Told
are the seconds until the first release is served, and until the next one is after another file was published; its feed and the
metrics have to tell of it, and no release comes without a cause. Most of the minutes are spent waiting for the next to turn.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx

from benchmarks.measure import folder, machine, say
from benchmarks.soak import HEADER, REPLAY, ROOT, SoakError, tell_server
from tests.replay import corpus

BODY = "hm-treasury"
MOST_SECONDS = 240.0
ENTRY = "{http://www.w3.org/2005/Atom}entry"


def publish(place: Path, months: int) -> None:
    """Lists for so many months of 2026, a payment each."""
    documents, files = [], {}
    for month in range(1, months + 1):
        title = f"Spend over £25,000: {date(2026, month, 1):%B %Y}"
        url, path = corpus.asset(BODY, f"spend-{month}.csv"), place / f"{month}.csv"
        path.write_text(
            f"{HEADER}\n{BODY},{BODY},03/0{month}/2026,IT,Digital,Kites Ltd,T{month},30000.00\n", encoding="utf-8"
        )
        files[url] = path
        attached = [corpus.attachment(url, title)]
        documents.append(
            corpus.document(
                f"/government/publications/{month}", title, BODY, date(2026, month + 1, 20), attachments=attached
            )
        )
    corpus.write(place, documents, files)


def until(what: str, found: Callable[[], bool]) -> None:
    """Says how long it took. Raises SoakError where it did not come about in MOST_SECONDS."""
    begun = time.monotonic()
    while not found():
        if time.monotonic() - begun > MOST_SECONDS:
            raise SoakError(f"{what}: not within {MOST_SECONDS:.0f} seconds")
        time.sleep(0.5)
    say(f"{what}: {time.monotonic() - begun:.0f} s")


def answer(address: str) -> str:
    """Its text; empty where there is no answer."""
    try:
        return httpx.get(address, timeout=10).text
    except httpx.TransportError:
        return ""


def metric(site: str, name: str) -> float | None:
    found = re.search(rf"^publicvalue_{name} (\S+)$", answer(f"{site}/metrics"), re.MULTILINE)
    return float(found[1]) if found else None


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main(root: Path) -> None:
    say(machine())
    world, home = root / "world", root / "home"
    world.mkdir()
    home.mkdir()
    publish(world, 1)
    with subprocess.Popen([sys.executable, str(REPLAY), str(world)], stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip() if server.stdout else ""
        port = free_port()
        settings = {
            "GOVUK_SEARCH": f"{address}/api/search.json", "GOVUK_CONTENT": f"{address}/api/content", "GOVUK_ASSETS": address,
            "FETCH_ALLOW_LOOPBACK": "1", "FETCH_RATE": "0", "FETCH_WAIT": "0.01", "FETCH_ATTEMPTS": "2",
            "SCHEDULE": "* * * * *", "WEB_PORT": str(port), "DAGSTER_PORT": str(free_port()),
        }  # fmt: skip
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment = clean | {f"PUBLICVALUE_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "pipelines.cli", "up", "--live", "--home", str(home)]
        with (root / "said.txt").open("w", encoding="utf-8") as said:
            up = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        site = f"http://127.0.0.1:{port}"
        try:
            watch(site, world, address)
        except SoakError:
            say((root / "said.txt").read_text(encoding="utf-8")[-4000:])
            raise
        finally:
            up.send_signal(signal.SIGTERM)
            code = up.wait(60)
            server.kill()
    say(f"told to stop, it ended with {code}")


def watch(site: str, world: Path, address: str) -> None:
    until("from the start to the first release served", lambda: '"version":"1.0.0"' in answer(f"{site}/health"))
    publish(world, 2)
    tell_server(address, "reload", None)
    until("from another file published to its release served", lambda: '"1.1.0"' in answer(f"{site}/health"))
    entries = ET.fromstring(answer(f"{site}/departments/{BODY}/feed.atom")).findall(ENTRY)  # noqa: S314 - our own
    if len(entries) != 1 or "1 new or replaced file" not in "".join(entries[0].itertext()):
        raise SoakError("the publisher's feed does not tell of the file")
    until("a run that succeeded is told", lambda: metric(site, "last_run_success") == 1)
    if (version := answer(f"{site}/health")).count('"1.1.0"') != 1:
        raise SoakError(f"released again without a cause: {version}")


if __name__ == "__main__":
    with folder() as place:
        main(place)
