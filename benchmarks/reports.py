"""Reports of many publishers with many findings: `python -m benchmarks.reports WAREHOUSE [PUBLISHERS] [FINDINGS]`.

The publishers of WAREHOUSE with all that is known of them are repeated under other ids until there are as many as asked, and
their findings on other lines until there are as many as asked; then all reports are made. Prints pages, seconds of wall time and of
processor time (of all processes), and MiB at the most. Does not belong here: making the warehouse.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.measure import folder, warehouse
from published.reports.build import build_reports

AS_OF = date(2026, 1, 31)
KEYS = ("publisher_id", "publication_id", "distribution_id", "transaction_id", "finding_id")
TABLES = (
    "core_publishers",
    "core_publications",
    "core_distributions",
    "core_findings",
    "core_rule_results",
    "core_publication_calendar",
    "mart_quality_by_publication",
)
LINES_APART = 10_000
WAREHOUSE = "warehouse.duckdb"
MEASURE = "--measure"
SHAPE = (60, 5_000_000)
"""Publishers and findings where none are asked."""


def grow(con: duckdb.DuckDBPyConnection, publishers: int, findings: int) -> None:
    """Repeats what the warehouse at `con` holds; never takes anything away."""
    held = _count(con, "SELECT count(DISTINCT publisher_id) FROM core_findings")
    con.execute(
        "CREATE TEMP TABLE copies AS SELECT publisher_id, '-' || (turn + 1) AS suffix "
        "FROM (SELECT publisher_id, row_number() OVER (ORDER BY publisher_id) - 1 AS place FROM (SELECT DISTINCT publisher_id FROM core_findings)) "
        "CROSS JOIN range(1, $2) AS t(turn) WHERE place + turn * $1 < $2",
        [held, publishers],
    )
    for name in TABLES:
        columns = [column for (column, *_) in con.execute(f"DESCRIBE {name}").fetchall()]
        renamed = [f"t.{key} || suffix AS {key}" for key in KEYS if key in columns]
        con.execute(
            f"INSERT INTO {name} BY NAME SELECT t.* REPLACE ({', '.join(renamed)}) FROM {name} AS t JOIN copies USING (publisher_id)"
        )
    here = _count(con, "SELECT count(*) FROM core_findings")
    con.execute(
        "INSERT INTO core_findings BY NAME SELECT f.* REPLACE (finding_id || '-' || n AS finding_id, line_number + n * $1 AS line_number) "
        "FROM core_findings AS f, range(1, $2) AS t(n) LIMIT $3",
        [LINES_APART, -(-findings // here) + 1, max(findings - here, 0)],
    )


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    (found,) = con.execute(sql).fetchone() or (0,)
    return int(found)


def measured(path: Path, publishers: int, findings: int) -> str:
    """The reports of a copy of the warehouse at `path`, grown; what they took, in words."""
    with folder() as aside:
        shutil.copyfile(path, aside / WAREHOUSE)
        with warehouse(aside / WAREHOUSE) as con:
            grow(con, publishers, findings)
        # In a process of its own, so that what growing took counts neither in time nor in memory.
        command = [sys.executable, "-m", "benchmarks.reports", MEASURE, str(aside)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def measure(aside: Path) -> None:
    with warehouse(aside / WAREHOUSE, read_only=True) as con:
        counts = [
            _count(con, f"SELECT {what} FROM core_findings") for what in ("count(DISTINCT publisher_id)", "count(*)")
        ]
        begun, before = time.perf_counter(), _spent()
        build_reports(con, aside / "reports", release_version="1.0.0", as_of=AS_OF, is_sample=True)
        wall, spent = time.perf_counter() - begun, _spent() - before
    pages = sum(1 for _ in (aside / "reports").rglob("*.html"))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(
        f"reports of {counts[0]:,} publishers with {counts[1]:,} findings, {pages:,} pages: "
        f"{wall:.1f} s, {spent:.1f} s of processor time, peak {peak:,.0f} MiB"
    )


def _spent() -> float:
    """Seconds of processor time, of processes that ended beside this one too."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    if sys.argv[1] == MEASURE:
        measure(Path(sys.argv[2]))
    else:
        print(measured(Path(sys.argv[1]), *(int(one) for one in (*sys.argv[2:4], *SHAPE[len(sys.argv) - 2 :]))))
