"""Takedowns: the register in the home, and taking what it names out of store, lake, warehouse and releases.

Belongs here: what is taken down, and applying it, also to what a source offers later. Does not belong here: making a copy
without lines (sources.redaction), or building a release again (published.takedown).

    suppressed.json    the register: what (as hashes, so that it is no list of what it hides), why, by whose authority, when

An entry is written before anything is purged and marked done at the end; a run that finds one undone does it first.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.home import Home
from published.takedown import Gone, take_down
from sources.errors import PublicValueError, UsageError
from sources.redaction import redacted_copy
from sources.schema.duckdb_sql import literal
from sources.snapshots import redact, redactions, stored_bytes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REGISTER = "suppressed.json"
MACROS = Path(__file__).parent / "transform" / "000_macros.sql"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry. `kind` is transaction, supplier or snapshot; `rows` are (publisher, hash of the cells) of transactions."""

    kind: str
    reason: str
    authority: str
    date: str
    rows: tuple[tuple[str, str], ...] = ()
    supplier_key_sha256: str | None = None
    snapshot_sha256: str | None = None
    transaction_ids: tuple[str, ...] = ()
    is_done: bool = False

    @property
    def tombstone(self) -> dict[str, str]:
        return {"date": self.date, "authority": self.authority, "reason": self.reason, "kind": self.kind}


@dataclass(slots=True)
class Purged:
    """`releases`: channel/version to transactions taken out; `snapshots`: checksums of files from which lines were taken."""

    releases: dict[str, int] = field(default_factory=dict)
    snapshots: list[str] = field(default_factory=list)


def register(home: Home) -> list[Suppression]:
    """Raises PublicValueError where it cannot be read: a run without it would bring back what was taken down."""
    path = home.root / REGISTER
    if not path.exists():
        return []
    try:
        return [
            Suppression(
                **{
                    **one,
                    "rows": tuple((a, b) for a, b in one["rows"]),
                    "transaction_ids": tuple(one["transaction_ids"]),
                }
            )
            for one in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PublicValueError(
            f"{path} cannot be read ({error}); restore it from a copy before anything is run"
        ) from error


def suppress(home: Home, entry: Suppression) -> Purged:
    """Notes the entry and purges what it names everywhere. The home has to be locked. Saying it twice changes nothing."""
    entries = register(home)
    if not any(replace(one, is_done=False, date=entry.date) == entry for one in entries):
        entries.append(entry)
        _save(home, entries)
    return apply_register(home)


def apply_register(home: Home) -> Purged:
    """Takes what the register names out of the stored files, and what is undone out of lake, warehouse and releases."""
    entries = register(home)
    purged = Purged(snapshots=redact_stored(home, entries))
    for place, entry in enumerate(entries):
        if entry.is_done:
            continue
        for version, count in take_down(home.releases, _gone(entry)).items():
            purged.releases[version] = purged.releases.get(version, 0) + count
        home.warehouse.unlink(missing_ok=True)
        for path in (home.root / "runs").glob("built-*.json"):
            path.unlink()
        entries[place] = replace(entry, is_done=True)
        _save(home, entries)
    return purged


def redact_stored(home: Home, entries: list[Suppression]) -> list[str]:
    """Takes the lines out of every stored file that the lake shows to hold them; checksums of the files that changed.

    Rows of such files leave the lake; the next look reads the copies. Files as fetched last (home/live) follow.
    """
    if not entries:
        return []
    changed: list[str] = []
    for sha256, (name, hashes) in sorted(_affected(home, entries).items()):
        path, _ = stored_bytes(home.snapshots, sha256)
        if path is None:
            continue
        data = path.read_bytes()
        copy = redacted_copy(data, name, hashes) if hashes is not None else b""
        if copy != data or (hashes is None and path.parent.name != "redacted"):
            redact(home.snapshots, sha256, copy)
            changed.append(sha256)
    if changed:
        for folder in ("rows", "compact", "history"):
            for path in (home.lake / folder).rglob("*.parquet"):
                path.unlink()
    _scrub_fetched(home)
    return changed


def find_transaction(home: Home, transaction_id: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """(publisher, row hash) of the line, and the ids of all lines of the publisher with the same cells.

    Raises UsageError where the lake has no such line.
    """
    for entry in register(home):  # said before
        if transaction_id in entry.transaction_ids:
            return entry.rows, entry.transaction_ids
    with _lake(home) as con:
        found = con.execute(
            "SELECT DISTINCT publisher_id, row_hash FROM lines WHERE transaction_id = ?", [transaction_id]
        ).fetchall()
        if not found:
            raise UsageError(
                f"no line with the id {transaction_id} is in {home.lake}; ids stand in the first column of transactions.csv. "
                "Where the lake was deleted, `publicvalue run` first"
            )
        publisher, row_hash = found[0]
        ids = con.execute(
            "SELECT DISTINCT transaction_id FROM lines WHERE publisher_id = ? AND row_hash = ? ORDER BY 1",
            [publisher, row_hash],
        ).fetchall()
    return ((publisher, row_hash),), tuple(one for (one,) in ids)


def supplier_key_sha256(name: str) -> str:
    """SHA-256 of the key by which spellings of a supplier's name are one. Raises UsageError for a name without letters."""
    import duckdb  # noqa: PLC0415 - only a takedown pays for it

    with duckdb.connect() as con:
        con.execute(MACROS.read_text(encoding="utf-8"))
        (key,) = con.execute("SELECT supplier_key_of(?)", [name]).fetchall()[0]
    if not key:
        raise UsageError(f"--supplier {name!r}: a name needs letters or digits")
    return hashlib.sha256(str(key).encode()).hexdigest()


def _gone(entry: Suppression) -> Gone:
    return Gone(
        transaction_ids=frozenset(entry.transaction_ids),
        row_hashes=frozenset(entry.rows),
        supplier_keys=frozenset([entry.supplier_key_sha256] if entry.supplier_key_sha256 else []),
        snapshots=frozenset([entry.snapshot_sha256] if entry.snapshot_sha256 else []),
        tombstone=entry.tombstone,
    )


def _affected(home: Home, entries: list[Suppression]) -> dict[str, tuple[str, set[str] | None]]:
    """File name and hashes of the rows to take out, by snapshot; None instead of hashes for the whole file."""
    rows = sorted({row for entry in entries for row in entry.rows})
    keys = sorted({entry.supplier_key_sha256 for entry in entries if entry.supplier_key_sha256})
    found: dict[str, tuple[str, set[str] | None]] = {}
    hashes: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    with _lake(home) as con:
        con.execute("CREATE TEMP TABLE asked AS SELECT unnest(?::VARCHAR[]) AS one", [[f"{a}\x1f{b}" for a, b in rows]])
        lines = con.execute(
            "SELECT DISTINCT snapshot_sha256, row_hash, file_name FROM lines WHERE publisher_id || chr(31) || row_hash IN "
            "(FROM asked) OR list_contains(?::VARCHAR[], key_sha256)",
            [keys],
        ).fetchall()
    for sha256, row_hash, name in lines:
        hashes[sha256].add(row_hash)
        names[sha256] = name or sha256
    found |= {sha256: (names[sha256], values) for sha256, values in hashes.items()}
    return found | {entry.snapshot_sha256: ("", None) for entry in entries if entry.snapshot_sha256}


def _lake(home: Home) -> DuckDBPyConnection:
    """A connection with `lines`: every transaction that the lake holds, of every channel and time."""
    import duckdb  # noqa: PLC0415 - only a takedown pays for it

    con = duckdb.connect(config={"threads": 2, "memory_limit": "800MB"})
    con.execute(MACROS.read_text(encoding="utf-8"))
    rows, files = (
        sorted(
            str(path) for folder in ("compact", "history") for path in (home.lake / folder).glob(f"*.{kind}.parquet")
        )
        for kind in ("rows", "files")
    )
    if not rows:
        con.execute(
            "CREATE TEMP TABLE lines (publisher_id VARCHAR, row_hash VARCHAR, snapshot_sha256 VARCHAR, file_name VARCHAR, "
            "transaction_id VARCHAR, key_sha256 VARCHAR)"
        )
        return con
    listed, accounts = (", ".join(map(literal, paths)) for paths in (rows, files))
    con.execute(
        "CREATE TEMP VIEW lines AS SELECT r.publisher_id, r.row_hash, r.snapshot_sha256, f.file_name, "
        "identifier_of(concat_ws(chr(31), r.publisher_id, r.distribution_id, r.row_hash, r.occurrence)) AS transaction_id, "
        "sha256(supplier_key_of(coalesce(r.supplier_name, ''))) AS key_sha256 "
        f"FROM read_parquet([{listed}]) r LEFT JOIN (SELECT DISTINCT distribution_id, snapshot_sha256, file_name "
        f"FROM read_parquet([{accounts}])) f USING (distribution_id, snapshot_sha256) WHERE r.row_class = 'transaction'"
    )
    return con


def _scrub_fetched(home: Home) -> None:
    """Files of home/live that hold a redacted original: the copy takes their place, or nothing where the whole file went."""
    live = home.root / "live"
    taken = redactions(home.snapshots)
    if not taken or not live.is_dir():
        return
    for path in live.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 in taken:
                copy = (home.snapshots / "redacted" / sha256).read_bytes()
                if copy:
                    aside = (
                        live / f".{sha256}.part"
                    )  # the file can be a name of stored bytes, which are never written to
                    aside.write_bytes(copy)
                    aside.replace(path)
                else:
                    path.unlink()


def _save(home: Home, entries: list[Suppression]) -> None:
    aside = home.root / f"{REGISTER}.part"
    with aside.open("w", encoding="utf-8") as file:
        json.dump([asdict(one) for one in entries], file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(home.root / REGISTER)
