"""What a period is: whole calendar months. How one is found out belongs to the other modules of this folder."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months, both ends included. Raises ValueError where the ends are not a first and a last day of months in order."""

    start: date
    end: date

    def __post_init__(self) -> None:
        whole = self.start.day == 1 and (self.end + timedelta(days=1)).day == 1
        if not whole or self.end < self.start:
            raise ValueError(
                f"A period runs from the first day of a month to the last of one, not {self.start} to {self.end}."
            )

    @classmethod
    def of_months(cls, year: int, month: int, count: int = 1) -> Period:
        """`count` months from the given one on. Raises ValueError for a month that does not exist."""
        last = year * 12 + month - 1 + count - 1
        end_year, end_month = divmod(last, 12)
        return cls(date(year, month, 1), date(end_year, end_month + 1, monthrange(end_year, end_month + 1)[1]))

    @classmethod
    def of_financial_year(cls, start_year: int) -> Period:
        """April of `start_year` to the March after it."""
        return cls.of_months(start_year, 4, 12)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month."""
        first = self.start.year * 12 + self.start.month - 1
        last = self.end.year * 12 + self.end.month - 1
        return tuple(date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1))

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end


def financial_year(day: date) -> str:
    """The financial year, April to March, that holds the day: `2024-25`."""
    start = day.year - (day.month < 4)
    return f"{start}-{(start + 1) % 100:02d}"
