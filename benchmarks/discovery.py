"""How long finding takes: publishers by years of monthly pages, from the replay server, first and when nothing changed.

python -m benchmarks.discovery [PUBLISHERS] [YEARS]     60 and 15 are what the documentation states
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.measure import folder, machine, say
from sources.discovery import Found
from sources.fetch import Fetcher, FetchSettings
from sources.live import look
from sources.owners import Owner
from sources.places import Places
from sources.registry import Registry
from tests.replay import corpus

REPLAY = Path(__file__).parent.parent / "tests" / "replay"
TODAY = date(2026, 11, 25)


def discovery(publishers: int, years: int) -> tuple[float, float]:
    """Seconds of the first look and of one when nothing changed; processor time is told beside."""
    slugs = [f"body-{number:03d}" for number in range(publishers)]
    with folder() as root:
        corpus.many(root / "corpus", slugs, years)
        command = [sys.executable, str(REPLAY / "server.py"), str(root / "corpus")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            address = server.stdout.readline().strip() if server.stdout else ""
            settings = FetchSettings(
                govuk_search=f"{address}/api/search.json", govuk_content=f"{address}/api/content", govuk_assets=address,
                fetch_allow_loopback=True, fetch_rate=0, fetch_concurrency=20,
            )  # fmt: skip
            owners = [Owner(slug, "spend", Places(govuk_organisations=(slug,))) for slug in slugs]
            times = [_timed(settings, owners, root, publishers * years * 12) for _ in range(2)]
            server.kill()
    return times[0], times[1]


def _timed(settings: FetchSettings, owners: list[Owner], root: Path, expected: int) -> float:
    begun, cpu = time.perf_counter(), time.process_time()
    found, requests = asyncio.run(_look(settings, owners, root))
    seconds = time.perf_counter() - begun
    taken = sum(offer.is_taken for one in found for offer in one.offers)
    if taken != expected:
        raise SystemExit(f"discovery: {taken:,} files taken of {expected:,} offered")
    say(
        f"discovery: {len(owners)} publishers, {taken:,} files: {seconds:.1f} s, {requests:,} requests; "
        f"{time.process_time() - cpu:.1f} s of processor, the server's not counted"
    )
    return seconds


async def _look(settings: FetchSettings, owners: list[Owner], root: Path) -> tuple[list[Found], int]:
    async with Fetcher(settings) as fetcher:
        found = await look(fetcher, owners, Registry([]), root, today=TODAY)
        return found, fetcher.counts.requests


if __name__ == "__main__":
    say(machine())
    discovery(*(int(one) for one in sys.argv[1:3] or ("60", "15")))
