"""What every formula gives, in SQL or code: rows of one body, one financial year, one value or the reason for none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ValueRow:
    """`low` and `high` are bounds by what is not known, not a sampling interval: that comes from `se`, in the value's unit."""

    entity_id: str
    period_end: date
    value: float | None
    se: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    note: str | None = None
    breakdown: str | None = None
    label: str | None = None

    @property
    def period_label(self) -> str:
        """Name of the financial year, as 2024-25; or the source's own, where it does not say which year it is of."""
        return self.label or f"{self.period_end.year - 1}-{self.period_end.year % 100:02d}"
