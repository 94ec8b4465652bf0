"""The lake: every held file read into rows once, cached by content, and put together per publisher.

Belongs here: what has to be read, what can be taken as it is, and what is in the way. Does not belong here: how a file is
read (sources.reading) or written (pipelines.lake_files).

    lake/rows/<publisher>/<key>.parquet                    one file's rows, its account in the Parquet metadata
    lake/compact/<publisher>-<hash>.rows.parquet           the rows of all of a publisher's files
    lake/compact/<publisher>-<hash>.files.parquet          the accounts of all of a publisher's files
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.home import Home
from pipelines.ingest import Holding, Holdings, safe_name
from pipelines.lake_files import CompactTask, ReadTask, compact, is_whole, read_into, row_count, write_unread
from pipelines.pool import WORKERS, each
from sources.errors import PublicValueError
from sources.one_step import replace_file
from sources.reading import reader_version
from sources.registry import Publisher, Registry
from sources.snapshots import EMPTY, redactions, stored_bytes

CHUNK_BYTES = 2 * 1024**2
RETRY = ".retry.parquet"
"""Ending of the account of a file on which our reader failed: perhaps the machine's fault, so the next run tries again."""


@dataclass(frozen=True, slots=True)
class PublisherLake:
    """One publisher's part. The names of the files change with their content, and with nothing else."""

    publisher_id: str
    rows: Path
    files: Path
    read_files: int
    """Files that this run had to read."""
    is_new: bool
    """Whether this run put it together; else it stood already."""

    def row_count(self) -> int:
        return row_count(self.rows)

    def file_count(self) -> int:
        return row_count(self.files)


@dataclass(slots=True)
class Plan:
    """What each publisher's part is made of, and what is missing."""

    members: dict[str, list[Path]]
    missing: list[ReadTask]
    unread: list[tuple[Holding, Publisher, Path]]


def plan(home: Home, holdings: Holdings, registry: Registry) -> Plan:
    """Compare what is held with what the lake has. Reads no file."""
    made = Plan({}, [], [])
    version = reader_version()
    taken_down = redactions(home.snapshots)
    for publisher_id, held_files in holdings.items():
        publisher = registry.get(publisher_id)
        fingerprint = publisher.fingerprint()
        folder = home.lake / "rows" / safe_name(publisher_id)
        present = {path.name for path in folder.glob("*.parquet")} if folder.is_dir() else set()
        made.members[publisher_id] = []
        for holding in held_files:
            redaction = taken_down.get(holding.sha256 or "")
            if redaction == EMPTY:
                holding = replace(holding, reason="taken_down", detail="the file was taken down from the store")  # noqa: PLW2901
            target = folder / f"{_key(holding, fingerprint, version, redaction)}.parquet"
            made.members[publisher_id].append(target)
            if target.name in present:
                continue
            if holding.sha256 is None or redaction == EMPTY:
                made.unread.append((holding, publisher, target))
            else:
                stored, _ = stored_bytes(home.snapshots, holding.sha256)
                object_path = stored or home.snapshots / "objects" / holding.sha256[:2] / holding.sha256
                made.missing.append(
                    ReadTask(
                        holding.distribution, publisher, holding.sha256, holding.byte_count or 0, object_path, target
                    )
                )
    return made


def update(
    home: Home,
    holdings: Holdings,
    registry: Registry,
    *,
    begin: Callable[[int], None] = lambda _bytes: None,
    tick: Callable[[int], None] = lambda _bytes: None,
    workers: int = WORKERS,
) -> Iterator[PublisherLake]:
    """Read what is missing and put each publisher's part together; yield the parts in order of publisher.

    `begin` is told how many bytes there are to read, `tick` how many were. A file that cannot be read, or on which our own
    reader fails, becomes an account with the reason. Raises PublicValueError, after all that could be done was, where a
    publisher's part could not be put together.
    """
    work = plan(home, holdings, registry)
    begin(sum(task.byte_count for task in work.missing))
    for holding, publisher, target in work.unread:
        write_unread(target, holding, publisher)
    _read(work.missing, tick, workers)
    counts = Counter(task.distribution.publisher_id for task in work.missing)
    parts = {publisher_id: _part(home, publisher_id, members) for publisher_id, members in work.members.items()}
    new = {publisher_id for publisher_id, part in parts.items() if not (part.rows.exists() and part.files.exists())}
    failed = _compact({publisher_id: parts[publisher_id] for publisher_id in new}, workers)
    for publisher_id, part in parts.items():
        if publisher_id not in failed:
            yield PublisherLake(publisher_id, part.rows, part.files, counts[publisher_id], publisher_id in new)
    if failed:
        raise PublicValueError("\n".join(failed.values()))


def read_members(home: Home, holdings: Holdings, registry: Registry, workers: int = WORKERS) -> list[Path]:
    """Read what is missing of `holdings`, whose snapshots need not be the newest; the path of each one's rows, in order."""
    work = plan(home, holdings, registry)
    for holding, publisher, target in work.unread:
        write_unread(target, holding, publisher)
    _read(work.missing, lambda _bytes: None, workers)
    return _actual([path for members in work.members.values() for path in members])


def collect_garbage(home: Home, channel: str, holdings: Holdings, registry: Registry, also: Iterable[Path] = ()) -> int:
    """Remove what no channel needs any more, and what killed runs left. Returns the number of files removed.

    `also` are files of the lake that the channel needs beside the parts of its publishers.

    Each channel's needs are kept beside the lake, since they depend on the register that its run had.
    """
    needs = [path.relative_to(home.lake).as_posix() for path in also]
    for publisher_id, members in plan(home, holdings, registry).members.items():
        part = _part(home, publisher_id, members)
        needs += [path.relative_to(home.lake).as_posix() for path in (*part.members, part.rows, part.files)]
    replace_file(home.lake / f"needs-{channel}.json", json.dumps(needs, indent=0))
    lists = sorted(home.lake.glob("needs-*.json"))
    needed = {home.lake / name for path in lists for name in json.loads(path.read_text(encoding="ascii"))}
    removed = 0
    for path in sorted(home.lake.rglob("*")):
        if path.is_file() and path not in needed and path not in lists:
            path.unlink()
            removed += 1
    return removed


def _key(holding: Holding, publisher_fingerprint: str, version: str, redaction: str | None) -> str:
    """Everything that the rows and the account of a file depend on."""
    one = holding.distribution
    parts = (
        holding.sha256, holding.reason, holding.detail, version, publisher_fingerprint,
        one.publisher_id, one.distribution_id, one.path, one.url, one.published_date, one.title, one.page_title,
    )  # fmt: skip
    words = repr(parts) if redaction is None else repr((*parts, redaction))
    return hashlib.sha256(words.encode()).hexdigest()[:40]


def _read(missing: list[ReadTask], tick: Callable[[int], None], workers: int) -> None:
    for task, error in each(
        read_into, missing, weigh=lambda task: task.byte_count, chunk_weight=CHUNK_BYTES, workers=workers
    ):
        if error is not None:
            detail = f"our reader failed on this file: {error}"
            unread = Holding(task.distribution, task.sha256, task.byte_count, "damaged", detail)
            write_unread(task.target.with_suffix(RETRY), unread, task.publisher)
        tick(task.byte_count)


def _part(home: Home, publisher_id: str, members: list[Path]) -> CompactTask:
    actual = _actual(members)
    digest = hashlib.sha256("\n".join(path.name for path in actual).encode()).hexdigest()[:24]
    base = home.lake / "compact" / f"{safe_name(publisher_id)}-{digest}"
    return CompactTask(
        actual, base.with_name(f"{base.name}.rows.parquet"), base.with_name(f"{base.name}.files.parquet")
    )


def _actual(members: list[Path]) -> list[Path]:
    return [path if path.exists() else path.with_suffix(RETRY) for path in members]


def _compact(parts: dict[str, CompactTask], workers: int) -> dict[str, str]:
    """Put the parts together. Returns a message for each publisher with whom it failed."""
    owners = {part.rows: publisher_id for publisher_id, part in parts.items()}
    failed: dict[str, str] = {}
    for part, error in each(compact, list(parts.values()), weigh=lambda part: len(part.members), workers=workers):
        if error is None:
            continue
        broken = [path for path in part.members if not is_whole(path)]
        for path in broken:  # a power cut can leave them empty; the next run reads these files again
            path.unlink(missing_ok=True)
        remedy = (
            "run again: damaged files were removed and will be read anew" if broken else "free disk space, or report it"
        )
        failed[owners[part.rows]] = f"{part.rows.name} could not be put together ({error}); {remedy}"
    return failed
