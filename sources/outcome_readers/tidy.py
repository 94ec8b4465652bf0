"""Plain tables: a row an entity and period, with a column for each metric, or one for the metric and one for the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import Field, model_validator

from sources.grid import Grid, Note
from sources.outcome_readers.columns import EntityColumns, PeriodSource, picked, together
from sources.outcome_readers.figures import Entity, Figure, Figures, Value, read_value, whole
from sources.outcome_readers.headings import Row, Table, tables
from sources.outcome_readers.periods import Period, read_period
from sources.outcome_set import MetricId, OutcomeSet
from sources.publisher import Model, Text
from sources.schema.model import codes


class ValueColumn(Model):
    """A column of figures. `words` gives the number, or the status, that a word stands for.

    With `days_after` the column holds a day, and the figure is the number of days since the day in that other column.
    """

    column: Text
    metric: MetricId
    scale: Decimal = Decimal(1)
    sample_size: Text | None = None
    days_after: Text | None = None
    words: dict[str, float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_statuses(self) -> ValueColumn:
        for word in self.words.values():
            if isinstance(word, str) and word not in codes("outcome_statuses"):
                raise ValueError(f"{word!r} is not in the code list outcome_statuses")
        return self

    def read(self, text: str) -> Value:
        if text not in self.words:
            return read_value(text, self.scale)
        meant = self.words[text]
        return Value(None, text, meant) if isinstance(meant, str) else Value(float(meant), text)

    def figure(self, table: Table, row: Row, at: int) -> Value:
        """The figure in column `at` of the row."""
        text = row.cell(at)
        if self.days_after is None:
            return self.read(text)
        first, last = read_period(row.cell(table.at(self.days_after)), "day"), read_period(text, "day")
        if first is None or last is None:
            return Value(None, text, "missing" if not text else "unreadable")
        return Value(float((last.start - first.start).days), text)


class LongColumns(Model):
    """One column names the metric, one holds its value. Codes become ids in lower case; `metrics` renames them.

    `scale` holds for all metrics but those `unscaled`.
    """

    metric: Text
    value: Text
    scale: Decimal = Decimal(1)
    metrics: dict[str, MetricId] = Field(default_factory=dict)
    unscaled: tuple[MetricId, ...] = ()


class TidyOptions(Model):
    """Without figures (`values` and `long`) a file only names entities."""

    entity: EntityColumns
    period: PeriodSource = PeriodSource()
    values: tuple[ValueColumn, ...] = ()
    long: LongColumns | None = None
    breakdown: dict[str, Text] = Field(default_factory=dict)
    attributes: dict[str, Text] = Field(default_factory=dict)

    def headings(self) -> list[str]:
        long = [self.long.metric, self.long.value] if self.long else []
        first_value = [self.values[0].column] if self.values else []
        return together(self.entity.headings(), self.period.headings(), first_value, long, self.breakdown.values())

    def metrics(self) -> list[str]:
        """Ids of the metrics that the options name."""
        return [value.metric for value in self.values] + list(self.long.metrics.values() if self.long else ())


def read_tidy(grids: Sequence[Grid], options: TidyOptions, outcome_set: OutcomeSet, file_name: str) -> Figures:
    """Every figure of every grid that has the headings. A bad cell is a figure without a value; nothing is raised."""
    found = Figures()
    of_file = options.period.of_file(file_name)
    for table in tables(grids, options.headings()):
        for row in table.rows:
            entity = options.entity.read(table, row)
            if entity is None:
                found.notes.append(
                    Note("row_without_entity", "the row names nobody, so its figures were not read", row.line)
                )
                continue
            text = row.cell(table.at(options.period.column))
            period = options.period.read(text) if options.period.column else of_file
            if options.period.fixed_label:
                period = None
            elif period is None and (options.values or options.long):
                found.notes.append(Note("period_unreadable", f"{text!r} is no period of the declared form", row.line))
                continue
            for figure in _figures(options, table, row, (entity, period)):
                figure.undated = options.period.fixed_label or ""
                if figure.metric and outcome_set.metric(figure.metric) is None:
                    detail = f"{figure.metric!r} is no metric of {outcome_set.id}"
                    found.notes.append(Note("metric_unknown", detail, row.line))
                else:
                    found.figures.append(figure)
    return found


def _figures(options: TidyOptions, table: Table, row: Row, about: tuple[Entity, Period | None]) -> Iterator[Figure]:
    entity, period = about
    breakdown = picked(table, row, options.breakdown)
    attributes = picked(table, row, options.attributes)
    if options.long is not None:
        code = row.cell(table.at(options.long.metric))
        metric = options.long.metrics.get(code) or metric_id(code)
        scale = Decimal(1) if metric in options.long.unscaled else options.long.scale
        value = read_value(row.cell(table.at(options.long.value)), scale)
        yield Figure(entity, metric, period, value, table.sheet, row.line, options.long.value, breakdown, attributes)
    for column in options.values:
        at = table.at(column.column)
        if at is None:
            continue
        size = whole(row.cell(table.at(column.sample_size))) if column.sample_size else None
        value = column.figure(table, row, at)
        yield Figure(
            entity, column.metric, period, value, table.sheet, row.line, column.column, breakdown, attributes, size
        )
    if options.long is None and not options.values:
        yield Figure(entity, "", None, Value(None, "", "not_applicable"), table.sheet, row.line, "", {}, attributes)


def metric_id(code: str) -> str:
    """A code of the file as one of our ids: lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")
