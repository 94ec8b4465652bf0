"""The revision ledger: what changed when a publisher replaced or withdrew a file.

Belongs here: comparing the rows of consecutive snapshots, and filling core_revisions. Does not belong here: which
snapshots there were, and reading them (pipelines.history).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

STATEMENTS = Path(__file__).with_suffix(".sql")
COLUMNS = (
    "step_no INTEGER, publisher_id VARCHAR, distribution_id VARCHAR, previous_snapshot_sha256 VARCHAR, "
    "snapshot_sha256 VARCHAR, seen_date DATE"
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """A file's bytes gave way to others on `seen_date`; `snapshot_sha256` is empty where the file was withdrawn."""

    publisher_id: str
    distribution_id: str
    seen_date: date
    previous_snapshot_sha256: str
    snapshot_sha256: str


def build_revisions(con: duckdb.DuckDBPyConnection, steps: Sequence[Step], rows: Sequence[Path]) -> int:
    """Fill core_revisions; the number of lines.

    `rows` are Parquet files with the columns of lake_rows that hold every snapshot named in `steps`; empty where there
    are no steps. Amounts are GBP.
    """
    con.execute("DELETE FROM core_revisions")
    if not steps:
        return 0
    con.execute(f"CREATE OR REPLACE TEMP TABLE ledger_steps ({COLUMNS})")
    for number, step in enumerate(sorted(set(steps)), start=1):
        publisher_id, distribution_id, seen, before, after = astuple(step)
        con.execute(
            "INSERT INTO ledger_steps VALUES (?, ?, ?, ?, ?, ?)",
            [number, publisher_id, distribution_id, before, after, seen],
        )
    con.read_parquet([str(path) for path in rows]).create_view("ledger_rows", replace=True)
    con.execute(STATEMENTS.read_text(encoding="utf-8"))
    con.execute("DROP VIEW ledger_rows")
    found = con.execute("SELECT count(*) FROM core_revisions").fetchone()
    return int(found[0]) if found else 0
