"""Rows that add up others, known by their arithmetic: the word alone does not make a total, nor does its lack unmake one."""

from __future__ import annotations

from dataclasses import dataclass

ROUNDING_PENCE = 100
"""A total may differ from its lines by a pound: publishers round lines and totals apart."""


@dataclass(slots=True)
class RunningTotals:
    """Sums, in pence, of a report's payments so far and since its last total or subtotal."""

    whole: int = 0
    lines: int = 0
    part: int = 0
    part_lines: int = 0

    def add(self, pence: int, lines: int) -> None:
        self.whole += pence
        self.lines += lines
        self.part += pence
        self.part_lines += lines

    def kind_of(self, pence: int) -> str | None:
        """`total`, `subtotal`, `row_count` or None for an amount that stands below the lines added so far."""
        if self.is_whole(pence):
            return "total"
        if self.part_lines and abs(pence - self.part) <= ROUNDING_PENCE:
            return "subtotal"
        return "row_count" if self.lines and pence == 100 * self.lines else None

    def is_whole(self, pence: int) -> bool:
        return self.lines > 0 and abs(pence - self.whole) <= ROUNDING_PENCE

    def close_part(self) -> None:
        self.part = 0
        self.part_lines = 0
