"""Runs of equal values in a column of a sorted table, so that a table is cut by slices and not line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def runs(column: Any) -> Iterator[tuple[int, int, Any]]:
    """Start, end and value of each run of equal values of an Arrow array, in order; the end is the next one's start."""
    from pyarrow.compute import run_end_encode  # noqa: PLC0415 - only a release build pays for it

    encoded = run_end_encode(column)
    start = 0
    for end, value in zip(encoded.run_ends.to_pylist(), encoded.values.to_pylist(), strict=True):
        yield start, end, value
        start = end
