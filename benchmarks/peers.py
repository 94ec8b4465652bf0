"""The same files through other tools, so that a ratio stands beside each figure: `python -m benchmarks.peers TOOL ROOT FILES`.

pandas reads each file as text and converts date and amount; frictionless validates each with types described. Neither
finds headings, classes rows or keeps what it cannot read, so the comparison is of the plain part of the work only.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def with_pandas(files: list[Path]) -> int:
    import pandas as pd

    rows = 0
    for path in files:
        table = pd.read_csv(path, dtype=str, encoding="cp1252", encoding_errors="replace", skiprows=_titles(path))
        amounts = next(name for name in table.columns if "mount" in name)
        dates = next(name for name in table.columns if name.strip().lower().endswith("date"))
        pd.to_datetime(table[dates], dayfirst=True, errors="coerce", format="mixed")
        pd.to_numeric(table[amounts].str.replace(r"[£,\s]", "", regex=True), errors="coerce")
        rows += len(table)
    return rows


def with_frictionless(files: list[Path]) -> int:
    from frictionless import Dialect, Resource, system

    rows = 0
    with system.use_context(trusted=True):
        for path in files:
            dialect = Dialect(header_rows=[_titles(path) + 1])
            report = Resource(path=str(path), encoding="cp1252", dialect=dialect).validate()
            rows += sum(task.stats["rows"] or 0 for task in report.tasks)
    return rows


def _titles(path: Path) -> int:
    """Lines above the heading."""
    with path.open("rb") as lines:
        return next(at for at, line in enumerate(lines) if line.count(b",") >= 5)


if __name__ == "__main__":
    tool, root, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    chosen = sorted(root.glob("spend/*/*.csv"))[:count]
    begun = time.perf_counter()
    done = {"pandas": with_pandas, "frictionless": with_frictionless}[tool](chosen)
    print(done, time.perf_counter() - begun)
