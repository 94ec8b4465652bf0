"""Store of the bytes as fetched: content-addressed objects and an append-only ledger of what was fetched when.

Belongs here: keeping bytes, proving that they are the same, and remembering them. Does not belong here: where files are
found (mirror, sample, live) or what is in them (readers).

    objects/ab/<sha256>   the bytes; written aside, flushed to disk, renamed; read-only; never overwritten
    redacted/<sha256>     what stays of bytes from which lines were taken down, under the checksum of the original, which is
                          gone; empty where the whole file was taken down. Only `redact` makes them
    ledger.jsonl          one line a change: a file seen for the first time, or with other bytes than last time
    seen.json             size and times of the files hashed last, so that an unchanged file is not hashed again
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sources.inputs import Distribution

MAX_BYTES = 512 * 1024**2
CHUNK = 1024**2
EMPTY = hashlib.sha256(b"").hexdigest()
"""Checksum of what stays of a snapshot that was taken down as a whole."""


class TooLargeError(Exception):
    """The file is over MAX_BYTES; it is not hashed and not stored. `byte_count` is its size."""

    def __init__(self, byte_count: int) -> None:
        super().__init__(f"{byte_count:,} bytes, over the limit of {MAX_BYTES:,}")
        self.byte_count = byte_count


class NoAccessError(Exception):
    """The bytes cannot be read where they are. Distinct from OSError, which the store raises where it cannot write."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One line of the ledger. `address` is the URL, or the path in the input where no URL is known."""

    publisher_id: str
    distribution_id: str
    address: str
    fetched_at: str
    sha256: str
    byte_count: int
    headers: Mapping[str, str] = field(default_factory=dict)


def stored_bytes(root: Path, sha256: str) -> tuple[Path | None, bool]:
    """Where the bytes of a snapshot stand in the store at `root`, and whether they are the original ones; None where nowhere."""
    redacted, kept = root / "redacted" / sha256, root / "objects" / sha256[:2] / sha256
    if redacted.exists():
        return redacted, False
    return (kept, True) if kept.exists() else (None, False)


def redact(root: Path, sha256: str, content: bytes) -> Path:
    """Puts `content` in the place of the snapshot's bytes, for good: offered again, the original is not kept.

    The copy is there before the original goes, so that a kill in between leaves the copy in force.
    """
    folder = root / "redacted"
    folder.mkdir(exist_ok=True)
    aside = folder / f".{sha256}.part"
    with aside.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(folder / sha256)
    (root / "objects" / sha256[:2] / sha256).unlink(missing_ok=True)
    return folder / sha256


def redactions(root: Path) -> dict[str, str]:
    """Checksum of the copy that stays, by that of the original, of every snapshot from which lines were taken down."""
    folder = root / "redacted"
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("[0-9a-f]*") if folder.is_dir() else ())
    }


class SnapshotStore:
    """One store under `root`. Single writer: the caller holds the home's lock. Use as a context manager, which saves `seen.json`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hashed_files = 0
        """Files whose bytes were read by this object, for the run's counters."""
        self.damaged_ledger_lines = 0
        self._incoming = root / "incoming"
        self._ledger = root / "ledger.jsonl"
        self._seen_path = root / "seen.json"
        self._incoming.mkdir(parents=True, exist_ok=True)
        (root / "objects").mkdir(exist_ok=True)
        for left in self._incoming.iterdir():  # what a killed run had half written
            left.unlink()
        self._latest: dict[str, Snapshot] = {}
        self._history: dict[str, list[Snapshot]] = {}
        for snapshot in self._read_ledger():
            self._remember(snapshot)
        self._seen = self._read_seen()
        self._copies = {copy: original for original, copy in redactions(root).items() if copy != EMPTY}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.save_seen()

    def object_path(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256

    def latest(self, distribution_id: str) -> Snapshot | None:
        """What the distribution held when it was last fetched."""
        return self._latest.get(distribution_id)

    def history(self, distribution_id: str) -> list[Snapshot]:
        """Oldest first; each supersedes the one before."""
        return list(self._history.get(distribution_id, ()))

    def add(
        self,
        distribution: Distribution,
        path: Path,
        headers: Mapping[str, str] | None = None,
        *,
        shares_bytes: bool = False,
    ) -> Snapshot:
        """Keep the bytes at `path`. Raises TooLargeError, NoAccessError, and OSError where the store cannot write.

        `shares_bytes`: the file is our own copy, which is only ever replaced as a whole. It becomes a second name of the stored
        bytes where the disk allows that, so that they are held once.
        """
        sha256, byte_count = self._keep(path, shares_bytes=shares_bytes)
        known = self._latest.get(distribution.distribution_id)
        if known is not None and known.sha256 == sha256:
            return known
        snapshot = Snapshot(
            publisher_id=distribution.publisher_id,
            distribution_id=distribution.distribution_id,
            address=distribution.url or distribution.path,
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            sha256=sha256,
            byte_count=byte_count,
            headers=dict(headers or {}),
        )
        line = json.dumps(asdict(snapshot), ensure_ascii=True, sort_keys=True) + "\n"
        with self._ledger.open("ab") as ledger:
            ledger.write(line.encode())
        self._remember(snapshot)
        return snapshot

    def save_seen(self) -> None:
        """Flush the ledger and write `seen.json`, so that files unchanged since are not hashed again."""
        if self._ledger.exists():
            with self._ledger.open("rb") as ledger:
                os.fsync(ledger.fileno())
        aside = self._incoming / "seen.json"
        aside.write_text(json.dumps(self._seen), encoding="ascii")
        aside.replace(self._seen_path)

    def _keep(self, path: Path, *, shares_bytes: bool) -> tuple[str, int]:
        try:
            status = path.stat()
        except OSError as error:
            raise NoAccessError(f"the file cannot be had: {error.strerror}") from error
        if status.st_size > MAX_BYTES:
            raise TooLargeError(status.st_size)
        # The change time too: copying tools keep size and modification time of a file whose bytes they replace.
        stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        name = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
        seen = self._seen.get(name)
        if seen is not None and self._is_as_seen(seen, stamp, path):
            return str(seen[3]), status.st_size
        sha256, byte_count = self._store(path)
        self._seen[name] = [*stamp, sha256]
        if shares_bytes:
            self._share(path, sha256)
        return sha256, byte_count

    def _is_as_seen(self, seen: list[int | str], stamp: list[int], path: Path) -> bool:
        kept, _ = stored_bytes(self.root, str(seen[3]))
        # A name of the stored bytes holds them, though its change time moves whenever they get or lose another name.
        return kept is not None and (seen[:3] == stamp or kept.samefile(path))

    def _share(self, path: Path, sha256: str) -> None:
        """Make `path` another name of the stored bytes; where that cannot be, it stays a copy."""
        kept = self.object_path(sha256)
        aside = self._incoming / f"{sha256}.link"
        with contextlib.suppress(OSError):
            aside.hardlink_to(kept)
            aside.replace(path)
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)

    def _store(self, path: Path) -> tuple[str, int]:
        digest, byte_count = hashlib.sha256(), 0
        self.hashed_files += 1
        descriptor, aside = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb") as target:
                for chunk in _read_chunks(path):
                    byte_count += len(chunk)
                    if byte_count > MAX_BYTES:  # it grew while it was read
                        raise TooLargeError(byte_count)
                    digest.update(chunk)
                    target.write(chunk)
                kept = self.object_path(digest.hexdigest())
                if original := self._copies.get(digest.hexdigest()):  # offered as we left it: the same snapshot
                    return original, byte_count
                if (kept.exists() and kept.stat().st_size == byte_count) or self._is_redacted(digest.hexdigest()):
                    return digest.hexdigest(), byte_count
                target.flush()
                os.fchmod(target.fileno(), 0o444)
                os.fsync(target.fileno())
            kept.parent.mkdir(exist_ok=True)
            Path(aside).rename(kept)
            return digest.hexdigest(), byte_count
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(aside).unlink()

    def _is_redacted(self, sha256: str) -> bool:
        return (self.root / "redacted" / sha256).exists()

    def _remember(self, snapshot: Snapshot) -> None:
        self._latest[snapshot.distribution_id] = snapshot
        self._history.setdefault(snapshot.distribution_id, []).append(snapshot)

    def _read_ledger(self) -> Iterator[Snapshot]:
        if not self._ledger.exists():
            return
        content = self._ledger.read_bytes()
        for line in content.splitlines():
            try:
                yield Snapshot(**json.loads(line))
            except (ValueError, TypeError):  # torn when a run was killed; its file is fetched again
                self.damaged_ledger_lines += 1
        if content and not content.endswith(b"\n"):
            with self._ledger.open("ab") as ledger:  # so that the next line does not continue the torn one
                ledger.write(b"\n")

    def _read_seen(self) -> dict[str, list[int | str]]:
        try:
            seen: dict[str, list[int | str]] = json.loads(self._seen_path.read_text(encoding="ascii"))
        except (OSError, ValueError):  # only a saving of work: without it, files are hashed again
            return {}
        return seen


def _read_chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb", buffering=0) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except OSError as error:
        raise NoAccessError(f"the file cannot be read: {error.strerror}") from error
