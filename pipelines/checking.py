"""Files that are not published yet, put through the same reading, models and rules as published ones, in memory.

Belongs here: from files to filled tables. Does not belong here: what a rule finds (quality_checks), or how it is told
(pipelines.commands.check). Nothing is kept: the two Parquet files that the models read lie in a folder that is deleted.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.given_file import bytes_of
from sources.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from quality_checks.rule import Need
    from sources.publisher import Publisher
    from sources.reading import Reading

UNNAMED = "unregistered"
ALONE: frozenset[Need] = frozenset({"history", "calendar"})
"""What files alone cannot tell."""
UNNAMED_LACKS: frozenset[Need] = frozenset({"register", "threshold"})
"""What is not known where no publisher is named."""


@contextmanager
def checked(paths: Sequence[Path], publisher_id: str | None, *, as_of: date) -> Iterator[DuckDBPyConnection]:
    """A DuckDB whose core tables hold the files and what the rules find in them.

    Raises UsageError where a file cannot be opened or the publisher is not in the register.
    """
    import duckdb  # noqa: PLC0415 - only a check pays for it

    from pipelines.warehouse import build_warehouse  # noqa: PLC0415 - brings DuckDB
    from quality_checks.engine import run_rules  # noqa: PLC0415 - reads the rules
    from sources.registry import load_registry  # noqa: PLC0415 - reads the register

    registry = load_registry()
    if publisher_id is not None and not registry.get(publisher_id).is_registered:
        raise UsageError(f"no publisher {publisher_id!r} in the register; `ls sources/publishers` lists them.")
    publisher = registry.get(publisher_id or UNNAMED)
    readings = [_read(path, publisher) for path in paths]
    with tempfile.TemporaryDirectory(prefix="publicvalue-check-") as aside, duckdb.connect() as con:
        con.execute("SET threads = 2")
        rows, files = _aside(readings, Path(aside))
        build_warehouse(con, [rows], [files], registry, as_of=as_of)
        lacking = ALONE if publisher_id else ALONE | UNNAMED_LACKS
        run_rules(con, as_of=as_of, without=lacking, own_file=True, registry=registry)
        yield con


def _read(path: Path, publisher: Publisher) -> Reading:
    from sources.inputs import Distribution  # noqa: PLC0415 - what reads files is imported when a file is read
    from sources.reading import read_distribution  # noqa: PLC0415

    data = bytes_of(path)
    name = path.as_posix().encode("utf-8", "backslashreplace").decode()
    return read_distribution(data, Distribution(publisher.id, name), publisher, hashlib.sha256(data).hexdigest())


def _aside(readings: Sequence[Reading], folder: Path) -> tuple[Path, Path]:
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow
    import pyarrow.parquet as pq  # noqa: PLC0415

    from sources.schema.arrow import arrow_schema  # noqa: PLC0415

    rows, files = folder / "rows.parquet", folder / "files.parquet"
    pq.write_table(pa.concat_tables([one.rows for one in readings]), rows)
    accounts = pa.Table.from_pylist([one.file for one in readings], schema=arrow_schema("lake_files"))
    pq.write_table(accounts, files)
    return rows, files
