"""Tables with the periods in the headings: a row an entity, or a metric, and a column a period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import Field

from sources.grid import Grid, Note
from sources.outcome_readers.columns import EntityColumns, Expression, PeriodSource, picked, together
from sources.outcome_readers.figures import Entity, Figure, Figures, read_value
from sources.outcome_readers.headings import Row, Table, tables
from sources.outcome_readers.periods import Period
from sources.outcome_readers.tidy import metric_id
from sources.outcome_set import MetricId, OutcomeSet
from sources.publisher import Model, Text


class WideOptions(Model):
    """`heading` has the groups `period` and, unless a column names the metric, `kind`; `kinds` gives its metrics."""

    entity: EntityColumns
    period: PeriodSource
    heading: Expression
    kinds: dict[str, MetricId] = Field(default_factory=dict)
    metric_column: Text | None = None
    scale: Decimal = Decimal(1)
    attributes: dict[str, Text] = Field(default_factory=dict)

    def metrics(self) -> list[str]:
        """Ids of the metrics that the options name."""
        return list(self.kinds.values())


Columns = list[tuple[int, Period, str]]
"""Place, period and metric of each column of figures; no metric where a column of the row names it."""


def read_wide(grids: Sequence[Grid], options: WideOptions, outcome_set: OutcomeSet, _file_name: str) -> Figures:
    """Figures in the order of rows. Where a row holds nothing at all for a period, there is no figure for it."""
    found = Figures()
    wanted = together(options.entity.headings(), [options.metric_column] if options.metric_column else [])
    for table in tables(grids, wanted):
        columns = _columns(table, options, found.notes)
        for row in table.rows:
            entity = options.entity.read(table, row)
            if entity is None:
                found.notes.append(
                    Note("row_without_entity", "the row names nobody, so its figures were not read", row.line)
                )
                continue
            named = metric_id(row.cell(table.at(options.metric_column))) if options.metric_column else ""
            if options.metric_column and outcome_set.metric(named) is None:
                found.notes.append(Note("metric_unknown", f"{named!r} is no metric of {outcome_set.id}", row.line))
                continue
            of_row = [(at, period, metric or named) for at, period, metric in columns]
            found.figures.extend(_figures(options, table, row, entity, of_row))
    return found


def _columns(table: Table, options: WideOptions, notes: list[Note]) -> Columns:
    columns: Columns = []
    for at, heading in enumerate(table.headings):
        match = re.fullmatch(options.heading, heading)
        if match is None:
            continue
        period = options.period.read(match["period"])
        metric = "" if options.metric_column else options.kinds.get(match["kind"], "")
        if period is None or not (metric or options.metric_column):
            notes.append(Note("column_not_read", f"{heading!r}: no period or no metric of ours"))
            continue
        columns.append((at, period, metric))
    return columns


def _figures(options: WideOptions, table: Table, row: Row, entity: Entity, columns: Columns) -> Iterator[Figure]:
    filled = {period for at, period, _ in columns if row.cell(at)}
    attributes = picked(table, row, options.attributes)
    for at, period, metric in columns:
        if period in filled:
            value = read_value(row.cell(at), options.scale)
            heading = table.headings[at]
            yield Figure(entity, metric, period, value, table.sheet, row.line, heading, {}, attributes)
