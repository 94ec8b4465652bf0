"""Attendances and waits in emergency departments by provider, one file a month, as NHS England publishes them.

The four-hour share counts all attendances, booked ones included. A provider with many major attendances and not one over
four hours took part in a trial of other standards: its waits are not reported, which is neither zero nor perfect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sources.grid import Grid, Note
from sources.outcome_readers.figures import Entity, Figure, Figures, Value, derived, read_value
from sources.outcome_readers.headings import Row, Table, normal, tables
from sources.outcome_readers.periods import Period, read_period
from sources.outcome_set import OutcomeSet
from sources.publisher import Model, Text

CODE, NAME, REGION, PERIOD = "Org Code", "Org name", "Parent Org", "Period"
ATTENDED, OVER, SHARE = "attendances", "over_four_hours", "four_hour_pct"
KINDS = ("type_1", "type_2", "other", "booked_type_1", "booked_type_2", "booked_other")
WHOLE = 100.0


class EmergencyOptions(Model):
    """`columns`: heading to metric. `many_type_1`: above it a provider without one wait over four hours is not reported."""

    columns: dict[str, str]
    many_type_1: int
    total_name: Text

    def metrics(self) -> list[str]:
        """Ids of the metrics that the options name, and of those made of them."""
        return [*self.columns.values(), ATTENDED, OVER, SHARE]


def read_emergency(grids: Sequence[Grid], options: EmergencyOptions, _set: OutcomeSet, file_name: str) -> Figures:
    """A provider's published counts, its totals and its share; then the whole country's. Never raises."""
    found = Figures()
    for table in tables(grids, [PERIOD, CODE, NAME]):
        columns = {metric: at for heading, metric in options.columns.items() if (at := table.at(heading)) is not None}
        providers: list[_Provider] = []
        total: Row | None = None
        for row in table.rows:
            if normal(row.cell(table.at(CODE))) == "total":
                total = row
                continue
            period = read_period(row.cell(table.at(PERIOD)), "month") or read_period(file_name, "month")
            if period is None or not row.cell(table.at(CODE)):
                found.notes.append(Note("period_unreadable", "no month or no code of a provider in this row", row.line))
                continue
            providers.append(_Provider(table, row, columns, period, options.many_type_1))
        for provider in providers:
            found.figures.extend(provider.figures())
        found.figures.extend(_country(providers, table, total, options))
        found.notes.extend(_compared(providers, total, columns))
    return found


class _Provider:
    """One provider's month."""

    def __init__(self, table: Table, row: Row, columns: dict[str, int], period: Period, many_type_1: int) -> None:
        self.table, self.row, self.columns, self.period = table, row, columns, period
        self.values = {metric: read_value(row.cell(at)) for metric, at in columns.items()}
        self.attended = self._sum(ATTENDED)
        self.over = self._sum(OVER)
        majors = self.values.get(f"{ATTENDED}_type_1", Value(None)).number
        self.is_reported = not (self.over == 0 and majors is not None and majors > many_type_1)

    def _sum(self, prefix: str) -> float | None:
        """The sum over the kinds of department; None where one of them cannot be read."""
        numbers = [self.values[f"{prefix}_{kind}"].number for kind in KINDS if f"{prefix}_{kind}" in self.columns]
        present = [number for number in numbers if number is not None]
        return sum(present) if numbers and len(present) == len(numbers) else None

    def figures(self) -> Iterator[Figure]:
        cell = self.row.cell
        entity = Entity("trust", cell(self.table.at(CODE)), cell(self.table.at(NAME)), cell(self.table.at(REGION)))
        for metric, at in self.columns.items():
            value = self.values[metric]
            if not self.is_reported and metric.startswith(OVER):
                value = Value(None, value.raw, "not_reported")
            yield self._figure(entity, metric, value, self.table.headings[at])
        over = derived(self.over) if self.is_reported else Value(None, "", "not_reported")
        yield self._figure(entity, ATTENDED, derived(self.attended), "sum of the attendances")
        yield self._figure(entity, OVER, over, "sum of the attendances over 4 hours")
        if self.attended != 0:
            within = _share(self.attended, self.over) if self.is_reported else Value(None, "", "not_reported")
            size = int(self.attended) if within.number is not None and self.attended is not None else None
            yield self._figure(entity, SHARE, within, "1 - over 4 hours / attendances", size)

    def _figure(self, entity: Entity, metric: str, value: Value, column: str, size: int | None = None) -> Figure:
        flags = () if metric in self.columns else ("derived",)
        return Figure(
            entity, metric, self.period, value, self.table.sheet, self.row.line, column, sample_size=size, flags=flags
        )


def _share(attended: float | None, over: float | None) -> Value:
    if attended is None or over is None or attended <= 0:
        return derived(None)
    return derived(WHOLE * (1 - over / attended))


def _country(
    providers: Sequence[_Provider], table: Table, total: Row | None, options: EmergencyOptions
) -> Iterator[Figure]:
    """All attendances; and waits and share without the providers that do not report them."""
    if not providers:
        return
    entity = Entity("country", "", options.total_name)
    counted = [one for one in providers if one.is_reported and one.attended is not None and one.over is not None]
    everyone = sum(one.attended for one in providers if one.attended is not None)
    attended = sum(one.attended or 0.0 for one in counted)
    over = sum(one.over or 0.0 for one in counted)
    left_out = len(providers) - len(counted)
    flags = ("derived", "partial_cover") if left_out else ("derived",)
    facts = {"providers_counted": str(len(counted)), "providers_left_out": str(left_out)}
    line = total.line if total is not None else providers[-1].row.line
    period = providers[0].period
    for metric, value, column, size, marks in (
        (ATTENDED, derived(everyone), "sum over all providers", None, ("derived",)),
        (OVER, derived(over), "sum over the providers that report waits", None, flags),
        (
            SHARE,
            _share(attended, over),
            "1 - over 4 hours / attendances, providers that report waits",
            int(attended),
            flags,
        ),
    ):
        yield Figure(
            entity, metric, period, value, table.sheet, line, column, attributes=facts, sample_size=size, flags=marks
        )


def _compared(providers: Sequence[_Provider], total: Row | None, columns: dict[str, int]) -> Iterator[Note]:
    """The published total against the rows above it."""
    if total is None:
        yield Note("total_missing", "the file has no row of totals to compare its rows with")
        return
    for metric, at in columns.items():
        published = read_value(total.cell(at)).number
        added = sum(one.values[metric].number or 0.0 for one in providers)
        if published is not None and published != added:
            yield Note(
                "total_differs",
                f"{metric}: the rows add up to {added:,.0f}, the total says {published:,.0f}",
                total.line,
            )
