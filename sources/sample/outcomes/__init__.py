"""Invented results for the sample's publishers: a file or more for every input that the catalogue of measures names.

Does not belong here: scores, and the spending files (C1, C2, I5, S1 and S2 come from those).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from sources.sample.ledger import Published
from sources.sample.outcomes import efficiency, health, money, people, plans, services, sharing
from sources.sample.outcomes.model import Fact, Table

GENERATORS: tuple[Callable[[int], Iterator[Table]], ...] = (
    health.tables,
    services.tables,
    money.tables,
    people.tables,
    efficiency.tables,
    plans.tables,
    sharing.tables,
)


def write_outcomes(root: Path, seed: int) -> list[Published]:
    """Write root/outcomes/<dataset>/*.csv and root/truth/outcomes.parquet; the files under outcomes, by path."""
    facts: list[Fact] = []
    published: list[Published] = []
    for generate in GENERATORS:
        for table in generate(seed):
            _write(root, table)
            facts += table.facts
            published.append(Published(table.path, table.published))
    _write_truth(root, facts)
    return sorted(published, key=lambda file: file.path)


def _write(root: Path, table: Table) -> None:
    path = root / table.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(table.columns)
        writer.writerows(table.rows)


def _write_truth(root: Path, facts: list[Fact]) -> None:
    """Columns dataset, entity, period, metric and value (exact, as written), ordered by all of them."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; not every command needs it
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    facts = sorted(facts, key=lambda fact: (fact.dataset, fact.entity, fact.period, fact.metric, fact.value))
    names = ("dataset", "entity", "period", "metric")
    columns = [pa.array([getattr(fact, name) for fact in facts], pa.string()) for name in names]
    columns.append(pa.array([fact.value for fact in facts], pa.decimal128(20, 4)))
    (root / "truth").mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, names=[*names, "value"]), root / "truth" / "outcomes.parquet", compression="zstd")
