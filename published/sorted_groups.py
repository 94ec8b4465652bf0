"""A large dataset in its total order, group by group, as Arrow tables: whatever its size, only one group is sorted and held.

Belongs here: where the groups begin and end, and their order. Does not belong here: what they are written to (large.py).

Sorting two million wide rows at once took twice the processor time of fetching and sorting them in groups, which fit the
processor's cache and need no temporary files.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sources.schema.duckdb_sql import quoted, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset

GROUP_ROWS = 100_000
"""What a group holds at the most, unless more rows than that share the first two columns of the order."""

Range = tuple[tuple[Any, Any], tuple[Any, Any]]
"""First and last pair of values of the first two columns, both within. Of several firsts, all seconds are within."""


def sorted_groups(con: DuckDBPyConnection, dataset: Dataset, group_rows: int = GROUP_ROWS) -> Iterator[pa.Table]:
    """The rows of `dataset`, whose order starts with a column that has a value in each of them. Empty values come last."""
    columns = ", ".join(typed(field) for field in dataset.fields)
    keys: Any = [(name, "ascending", "at_end") for name in dataset.order]
    first, second = map(quoted, dataset.order[:2])
    counted = con.execute(
        f"SELECT {first}, {second}, count(*) FROM {dataset.relation} GROUP BY ALL ORDER BY {first}, {second} NULLS LAST"
    ).fetchall()
    for group in _ranges(counted, group_rows):
        condition, values = _within(first, second, group)
        found = con.execute(f"SELECT {columns} FROM {dataset.relation} WHERE {condition}", values).to_arrow_table()
        whole = found.combine_chunks()
        yield whole.take(_sorted_places(whole, keys))


def _sorted_places(table: pa.Table, keys: Any) -> Any:
    from pyarrow.compute import sort_indices  # noqa: PLC0415 - only a large release pays for it

    return sort_indices(table, sort_keys=keys)


def _ranges(counted: Iterable[tuple[Any, Any, int]], most: int) -> Iterator[Range]:
    """Neighbours of the first column go together while they fit; one that is too large alone is divided by the second."""
    begun: Range | None = None
    held = 0
    for _, same in groupby(counted, key=itemgetter(0)):
        pairs = list(same)
        rows = sum(count for _, _, count in pairs)
        if begun and held + rows > most:
            yield begun
            begun, held = None, 0
        if rows > most:
            yield from _divided(pairs, most)
        else:
            begun, held = (begun[0] if begun else pairs[0][:2], pairs[-1][:2]), held + rows
    if begun:
        yield begun


def _divided(pairs: list[tuple[Any, Any, int]], most: int) -> Iterator[Range]:
    start, held = pairs[0], 0
    last = start
    for pair in pairs:
        if held and held + pair[2] > most:
            yield start[:2], last[:2]
            start, held = pair, 0
        last, held = pair, held + pair[2]
    yield start[:2], last[:2]


def _within(first: str, second: str, group: Range) -> tuple[str, list[Any]]:
    """The condition under which a row belongs to the group, with the values it takes."""
    (from_first, from_second), (to_first, to_second) = group
    if from_first != to_first:
        return f"{first} BETWEEN ? AND ?", [from_first, to_first]
    if from_second is None:
        return f"{first} = ? AND {second} IS NULL", [from_first]
    if to_second is None:
        return f"{first} = ? AND ({second} >= ? OR {second} IS NULL)", [from_first, from_second]
    return f"{first} = ? AND {second} BETWEEN ? AND ?", [from_first, from_second, to_second]
