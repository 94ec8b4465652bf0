"""Whom values are about, and which of a body's values count in which year. Shared by the build and by questions to releases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.scoring.catalogue import Measure
from pipelines.scoring.rows import ValueRow


@dataclass(frozen=True, slots=True)
class Body:
    """Whom values are about."""

    id: str
    name: str
    family: str
    kind: str


def counted_measures(chosen: Sequence[Measure], *, is_sample: bool) -> frozenset[str]:
    """Measures whose values may enter scores: all that are scored in the sample, only computed ones elsewhere."""
    return frozenset(one.id for one in chosen if one.is_scored and (is_sample or one.status == "computed"))


def latest_year(rows: Mapping[tuple[str, str], list[ValueRow]]) -> date:
    """Last day of the latest year that has at least half as many values as the year with the most.

    One early measure does not carry all the others forward into a year that is not published yet. `rows` by body and measure.
    """
    counts: dict[date, int] = defaultdict(int)
    for own in rows.values():
        for row in own:
            counts[row.period_end] += row.value is not None
    return max(year for year, count in counts.items() if count >= max(counts.values()) / 2)
