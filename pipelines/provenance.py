"""What a release was made from: every file with checksum and origin, code, libraries, parameters, versions of rules and methods.

Belongs here: gathering it for provenance.json, the one file of a release that holds clocks and paths. Does not belong here: the
ledger of snapshots itself (sources.snapshots), or what decides whether a release is built anew (run.inputs_digest).
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.choose import ROOT, code_version
from pipelines.ingest import gone, held, held_outcomes
from sources.snapshots import SnapshotStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from duckdb import DuckDBPyConnection

    from pipelines.choose import RunOptions
    from pipelines.home import Home
    from pipelines.ingest import Holding

LOCK = "requirements.lock"
NOTICE = "SAMPLE DATA. Every input of this release is invented."
VERSIONS = {
    "rules": "SELECT rule_id, CAST(rule_version AS VARCHAR) FROM core_rules ORDER BY ALL",
    "measures": "SELECT measure_id, CAST(method_version AS VARCHAR) FROM mart_measures ORDER BY ALL",
}


def provenance(
    con: DuckDBPyConnection, home: Home, channel: str, *, root: Path, as_of: date, options: RunOptions
) -> dict[str, Any]:
    """`con`: the warehouse that is released. `root`: folder of the input. What cannot be known is None, never left out."""
    lock = ROOT / LOCK
    return {
        "notice": NOTICE if channel == "sample" else None,
        "input": str(root),
        "as_of": as_of.isoformat(),
        "code": code_version(),
        "package_version": _package_version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "lock": {"file": LOCK, "sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None},
        "parameters": {
            "mirror": str(options.mirror) if options.mirror else None,
            "publishers": list(options.publishers),
            "sample_rows": options.sample_rows,
        },
        **{name: dict(con.execute(query).fetchall()) for name, query in VERSIONS.items()},
        "snapshots": list(_snapshots(home, channel)),
    }


def _snapshots(home: Home, channel: str) -> Iterator[dict[str, Any]]:
    """Every file of the channel in order, as it is and, before that, as it was at earlier looks."""
    with SnapshotStore(home.snapshots) as store:
        for kind, holdings in (("spend", held(home, channel)), ("outcomes", held_outcomes(home, channel))):
            for files in holdings.values():
                for one in files:
                    yield from _states(store, kind, one, withdrawn=None)
        for one, noticed in gone(home, channel):
            yield from _states(store, "spend", one, withdrawn=noticed.isoformat())


def _states(store: SnapshotStore, kind: str, one: Holding, *, withdrawn: str | None) -> Iterator[dict[str, Any]]:
    file = one.distribution
    about = {
        "kind": kind,
        "publisher_id": file.publisher_id,
        "distribution_id": file.distribution_id,
        "url": file.url,
        "path": file.path,
        "published_date": file.published_date.isoformat() if file.published_date else None,
    }
    if one.sha256 is None:
        yield about | {"sha256": None, "bytes": one.byte_count, "fetched_at": None, "state": one.reason}
        return
    for snapshot in store.history(file.distribution_id):
        is_current = snapshot.sha256 == one.sha256
        state = "superseded" if not is_current else f"withdrawn by {withdrawn}" if withdrawn else "current"
        taken = {"sha256": snapshot.sha256, "bytes": snapshot.byte_count, "fetched_at": snapshot.fetched_at}
        yield about | taken | {"state": state}


def _package_version() -> str | None:
    try:
        return metadata.version("public-value")
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit that the code stands at, with `-modified` where files differ from it; None outside a repository."""
    if not (ROOT / ".git").exists():
        return None
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=-modified"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603 - our own words
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() or None
