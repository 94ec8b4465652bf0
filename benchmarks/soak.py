"""Many simulated days of `publicvalue run --live`: files come, change and go, hosts fail and processes are killed at random.

python -m benchmarks.soak [DAYS] [SEED]     60 days are what the documentation states

The world is a replay server with a few publishers. After each day every release that stands has to be whole, and a new one
has to have a cause; at the end, after one quiet day, the newest release has to hold exactly the lines that are offered.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import folder, machine, say
from published import store
from published.metadata.checksums import read_checksums, sha256
from published.release_deltas import read_index
from tests.replay import corpus

ROOT = Path(__file__).parent.parent
REPLAY = ROOT / "tests" / "replay" / "server.py"
BODIES = ("hm-treasury", "home-office", "cabinet-office")
FAULTS = ("busy", "broken", "cut", "wrong_length", "wrong_type", "not_json", "drip")
HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount"
FIRST_DAY, FIRST_MONTH = date(2026, 1, 5), date(2024, 4, 1)
RECHECK_DAYS = 7
"""As the setting `discover_recheck_days` has it."""
GROWTH = 1.15
"""How much the memory of a run may grow between the first and the last third of the days; the data grow meanwhile."""


class SoakError(AssertionError):
    """Something that has to hold did not."""


@dataclass
class World:
    """What is published: lines by file, each file a publication of its own, and those that were withdrawn."""

    place: Path
    chance: random.Random
    files: dict[tuple[str, date], dict[str, int]] = field(default_factory=dict)
    notes: dict[tuple[str, date], list[date]] = field(default_factory=dict)
    """Days on which the publication announced a change, oldest first; else its edits are quiet."""
    withdrawn: set[tuple[str, date]] = field(default_factory=set)
    number: int = 0
    quiet_until: date = date.min
    """Until when the last quiet edit may stay unseen."""

    def add(self, body: str, today: date) -> None:
        months = sum(1 for owner, _ in self.files if owner == body)
        month = date(FIRST_MONTH.year + (3 + months) // 12, (3 + months) % 12 + 1, 1)
        self.files[body, month] = {}
        for _ in range(12):
            self.number += 1
            self.files[body, month][f"T{self.number:06d}"] = self.chance.randrange(2_500_000, 90_000_000)
        self.notes[body, month] = [today]

    def correct(self, today: date) -> None:
        key = self.chance.choice(sorted(self.files.keys() - self.withdrawn))
        lines = self.files[key]
        lines[self.chance.choice(sorted(lines))] += 100
        if self.chance.random() < 0.8:
            self.notes[key].append(today)
        else:
            self.quiet_until = today + timedelta(days=RECHECK_DAYS)

    def withdraw(self, today: date) -> None:
        key = self.chance.choice(sorted(self.files.keys() - self.withdrawn))
        self.withdrawn.add(key)
        self.notes[key].append(today)

    def expected(self) -> Counter[tuple[str, str, int]]:
        """Publisher, number of the transaction and pence of each line that is offered."""
        return Counter(
            (body, name, pence)
            for (body, month), lines in self.files.items()
            if (body, month) not in self.withdrawn
            for name, pence in lines.items()
        )

    def write(self) -> None:
        documents, files = [], {}
        for (body, month), lines in self.files.items():
            title = f"Spend over £25,000: {calendar.month_name[month.month]} {month.year}"
            url = corpus.asset(body, f"{body}-spend-{month:%Y-%m}.csv")
            path = self.place / f"{body}-{month:%Y-%m}.csv"
            rows = [
                f"{body},{body},{month:%d/%m/%Y},Consultancy,Finance,Supplier {name[-2:]} Ltd,{name},{pence // 100}.{pence % 100:02d}"
                for name, pence in lines.items()
            ]
            path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
            files[url] = path
            moments = [f"{day}T09:30:00+00:00" for day in reversed(self.notes[body, month])]
            notice = {"explanation": "<p>Replaced.</p>", "withdrawn_at": moments[0]}
            documents.append(
                corpus.document(
                    f"/government/publications/{body}-{month:%Y-%m}",
                    title,
                    body,
                    month + timedelta(days=60),
                    attachments=[corpus.attachment(url, title)],
                    public_updated_at=moments[0],
                    change_history=[{"public_timestamp": one, "note": "Changed."} for one in moments],
                    withdrawn_notice=notice if (body, month) in self.withdrawn else {},
                )
            )
        corpus.write(self.place, documents, files)


@dataclass
class Account:
    """What happened."""

    days: int = 0
    runs: int = 0
    kills: int = 0
    faults: int = 0
    troubled: int = 0
    changes: int = 0
    quiet: int = 0
    releases: int = 0
    for_the_calendar: int = 0
    memory: list[int] = field(default_factory=list)
    """Peak of each finished run, MiB."""
    processor: float = 0.0
    disk: dict[str, int] = field(default_factory=dict)
    """Bytes by part of the home at the end."""


def soak(days: int, seed: int, root: Path) -> Account:
    """Raises SoakError where something was lost, doubled, left half done or released without a cause."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    world, account, home = World(root / "world", chance), Account(), root / "home"
    for body in BODIES:
        for _ in range(3):
            world.add(body, FIRST_DAY)
    world.place.mkdir(parents=True)
    world.write()
    with subprocess.Popen([sys.executable, str(REPLAY), str(world.place)], stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip() if server.stdout else ""
        try:
            _days(days, world, account, home, address)
        finally:
            server.kill()
    account.disk = {
        part.name: sum(path.stat().st_size for path in part.rglob("*") if path.is_file() and not path.is_symlink())
        for part in sorted(home.iterdir())
        if part.is_dir()
    }
    _memory_is_flat(account)
    return account


def _days(days: int, world: World, account: Account, home: Path, address: str) -> None:
    chance, pending, doubtful = world.chance, True, False
    for number in range(days + 1):
        is_last = number == days
        # The last look comes after the days within which quiet edits are found.
        today = FIRST_DAY + timedelta(days=number + RECHECK_DAYS * is_last)
        changed = number > 0 and not is_last and _change(world, account, today)
        pending = pending or changed
        world.write()
        tell_server(address, "reload", None)
        faults = [] if is_last or number == 0 else _faults(chance)
        account.faults += sum(one["times"] for one in faults)
        tell_server(address, "faults", faults)
        before = store.versions(home / "releases" / "live")
        if number and not is_last and chance.random() < 0.4:
            _run(home, address, today, account, kill_after=chance.uniform(0.3, 6.0))
            _releases_are_whole(home)
        code = _run(home, address, today, account)
        troubled = code != 0 or bool(json.loads((home / "runs" / "last.json").read_text(encoding="utf-8"))["problems"])
        account.days += 1
        account.troubled += troubled
        if code not in {0, 1} or (code and not troubled):
            raise SoakError(f"{today}: the run ended with {code}")
        _releases_are_whole(home)
        fresh = [one for one in store.versions(home / "releases" / "live") if one not in before]
        account.releases += len(fresh)
        if len(fresh) > 1:
            raise SoakError(f"{today}: {len(fresh)} releases in a day, {', '.join(map(str, fresh))}")
        if fresh and not (pending or troubled or doubtful):
            index = read_index(home / "releases" / "live" / str(fresh[0])) or {"datasets": {}}
            if "publication_calendar" not in index["datasets"]:
                raise SoakError(
                    f"{today}: release {fresh[0]} without a cause; it changed {', '.join(index['datasets'])}"
                )
            account.for_the_calendar += 1
        account.quiet += not (fresh or pending)
        # A quiet edit is found within some days, so that its release may come on any of them.
        pending, doubtful = (pending and troubled) or world.quiet_until >= today, troubled
    _nothing_is_lost(home, world)


def _change(world: World, account: Account, today: date) -> bool:
    """On six days of seven."""
    kind = world.chance.random()
    if kind < 1 / 7:
        return False
    if kind < 0.5:
        world.add(world.chance.choice(BODIES), today)
    elif kind < 0.93 or len(world.files) - len(world.withdrawn) < 2 * len(BODIES):
        world.correct(today)
    else:
        world.withdraw(today)
    account.changes += 1
    return True


def _faults(chance: random.Random) -> list[dict[str, Any]]:
    """On half of the days; some pass with another attempt, some last the day."""
    if chance.random() < 0.5:
        return []
    body = chance.choice(BODIES)
    places = (
        "/api/search.json",
        f"filter_organisations={body}",
        f"/api/content/.*{body}",
        "/media/",
        r"-spend-.*\.csv",
    )
    found = []
    for _ in range(chance.randint(1, 2)):
        match, kind = chance.choice(places), chance.choice(FAULTS)
        # Half a file under a right length is another file, and nobody could tell; half a document is seen.
        match = "/api/content/" if kind == "not_json" else match
        found.append({"match": match, "kind": kind, "times": chance.choice((1, 2, 5, 200))})
    return found


def _run(home: Path, address: str, today: date, account: Account, kill_after: float = 0.0) -> int:
    """The command as a person or a timer starts it. Returns its exit code; 0 where it was killed."""
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "run",
        "--live",
        "--home",
        str(home),
        "--as-of",
        today.isoformat(),
    ]
    for body in BODIES:
        command += ["--publisher", body]
    settings = {
        "GOVUK_SEARCH": f"{address}/api/search.json", "GOVUK_CONTENT": f"{address}/api/content", "GOVUK_ASSETS": address,
        "FETCH_ALLOW_LOOPBACK": "1", "FETCH_RATE": "0", "FETCH_WAIT": "0.01", "FETCH_ATTEMPTS": "3", "FETCH_TOTAL_SECONDS": "2",
    }  # fmt: skip
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = clean | {f"PUBLICVALUE_{name}": value for name, value in settings.items()}
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "said.txt").open("a", encoding="utf-8") as said:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True)
        account.runs += 1
        if kill_after:
            try:
                running.wait(kill_after)
            except subprocess.TimeoutExpired:
                account.kills += 1
            os.killpg(running.pid, signal.SIGKILL) if running.poll() is None else None
            running.wait()
            return 0
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    account.memory.append(usage.ru_maxrss // 1024)
    account.processor += usage.ru_utime + usage.ru_stime
    return running.returncode


def _releases_are_whole(home: Path) -> None:
    channel = home / "releases" / "live"
    for version in store.versions(channel):
        release = channel / str(version)
        for name, digest in read_checksums(release).items():
            if not (release / name).is_file() or sha256(release / name) != digest:
                raise SoakError(f"{release}: {name} is not what SHA256SUMS says")
    link = channel / store.LATEST
    if link.is_symlink() and not link.resolve().is_dir():
        raise SoakError(f"{link} leads nowhere")


def _nothing_is_lost(home: Path, world: World) -> None:
    import duckdb

    channel = home / "releases" / "live"
    newest = channel / store.LATEST / "transactions.parquet"
    held = Counter(
        (str(body), str(name), int(pence))
        for body, name, pence in duckdb.execute(
            "SELECT publisher_id, transaction_number, (amount_gbp * 100)::BIGINT FROM read_parquet(?)", [str(newest)]
        ).fetchall()
    )
    expected = world.expected()
    if held != expected:
        raise SoakError(f"{newest}: {len(expected - held):,} lines are lost, {len(held - expected):,} too many")
    objects = {path.name for path in (home / "snapshots" / "objects").rglob("*") if path.is_file()}
    for line in (home / "snapshots" / "ledger.jsonl").read_text(encoding="utf-8").splitlines():
        noted = set(re.findall(r"\b[0-9a-f]{64}\b", line)) & {json.loads(line).get("sha256")}
        if noted - objects:
            raise SoakError(f"the ledger names bytes that are gone: {line[:200]}")
    for name in objects:
        path = home / "snapshots" / "objects" / name[:2] / name
        if hashlib.sha256(path.read_bytes()).hexdigest() != name:
            raise SoakError(f"{path}: not the bytes that its name says")
    if left := [path for path in channel.iterdir() if path.name.startswith(".")]:
        raise SoakError(f"{channel}: {left[0].name} was left behind")


def _memory_is_flat(account: Account) -> None:
    third = len(account.memory) // 3
    if third < 3:
        return
    first, last = median(account.memory[:third]), median(account.memory[-third:])
    if last > first * GROWTH:
        raise SoakError(f"a run took {first:.0f} MiB in the first third of the days and {last:.0f} in the last")


def tell_server(address: str, what: str, body: object) -> None:
    request = urllib.request.Request(f"{address}/_replay/{what}", json.dumps(body).encode())  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - as above
        pass


def main(days: int, seed: int) -> None:
    say(machine())
    begun = time.perf_counter()
    with folder() as root:
        try:
            account = soak(days, seed, root)
        except SoakError:
            kept = Path.cwd() / f"soak-{seed}"
            shutil.copytree(root, kept, symlinks=True)
            say(f"what was there is kept in {kept}")
            raise
    say(
        f"soak: {account.days} days, {account.runs} runs, {account.kills} killed, {account.faults} faults set on, {account.troubled} days "
        f"with trouble; {account.changes} changes, {account.releases} releases ({account.for_the_calendar} for the calendar alone), "
        f"{account.quiet} days without either; nothing lost, doubled or half done"
    )
    say(
        f"soak: peak memory {min(account.memory)} to {max(account.memory)} MiB; {account.processor:.0f} s of processor, "
        f"{time.perf_counter() - begun:.0f} s in all; home at the end: "
        + ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in account.disk.items() if size > 1e5)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
