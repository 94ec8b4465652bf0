"""A cell of a row, whose rows can be shorter than their heading."""

from __future__ import annotations

from collections.abc import Sequence


def cell_of(row: Sequence[str], column: int) -> str:
    """Stripped; '' where the row is shorter, or `column` is negative as that of a missing one."""
    return row[column].strip() if 0 <= column < len(row) else ""
