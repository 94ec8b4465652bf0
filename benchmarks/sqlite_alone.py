"""The published SQLite file built once more from a release's Parquet files, with nothing beside it:
`python -m benchmarks.sqlite_alone RELEASE` prints its seconds and MiB.

In a run it grows beside the other files, and two cores serve both; this is what the file itself costs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.measure import folder, say
from published.beside import worker
from published.datasets import datasets
from published.formats.sqlite_file import write_sqlite


def main(release: Path) -> None:
    """Tables, indexes, keys and full-text search of every dataset. Links, which cost no time, are left out."""
    parquets = [(dataset, release / f"{dataset.name}.parquet") for dataset in datasets()]
    settled = ({dataset.name for dataset, _ in parquets}, {dataset.name: [] for dataset, _ in parquets})
    with folder() as root, worker() as con:
        target = root / "alone.sqlite"
        begun = time.perf_counter()
        write_sqlite(con, target, parquets, lambda: settled)
        seconds = time.perf_counter() - begun
        say(f"  SQLite alone, with indexes and search: {seconds:.1f} s, {target.stat().st_size / 1024**2:,.0f} MiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
