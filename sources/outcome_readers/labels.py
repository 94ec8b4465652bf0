"""Files that say what a dataset's metric codes mean. A label that belongs to another metric is found out, not believed."""

from __future__ import annotations

from collections.abc import Sequence

from sources.grid import Grid, Note
from sources.outcome_readers.figures import Figure, Figures, Value
from sources.outcome_readers.headings import normal, tables
from sources.outcome_readers.tidy import metric_id
from sources.outcome_set import OutcomeSet
from sources.publisher import Model, Text


class LabelOptions(Model):
    """Headings of the columns that hold the code and its label."""

    code: Text
    label: Text

    def metrics(self) -> list[str]:
        """Names no metric itself."""
        return []


def read_labels(grids: Sequence[Grid], options: LabelOptions, outcome_set: OutcomeSet, _file_name: str) -> Figures:
    """A row a metric, without entity and value, the label as published. A contradicted one is flagged and noted."""
    found = Figures()
    owners = {normal(label): metric for metric, spec in outcome_set.metrics.items() for label in spec.labels}
    for table in tables(grids, [options.code, options.label]):
        for row in table.rows:
            code, label = row.cell(table.at(options.code)), row.cell(table.at(options.label))
            metric = metric_id(code)
            if outcome_set.metric(metric) is None:
                found.notes.append(Note("metric_unknown", f"{code!r} is no metric of {outcome_set.id}", row.line))
                continue
            owner = owners.get(normal(label), metric)
            flags: tuple[str, ...] = ()
            if owner != metric:
                flags = ("label_corrected",)
                detail = (
                    f"{code} is called {label!r} here, which is the label of {owner}; the scores agree with {owner}"
                )
                found.notes.append(Note("label_contradicts", detail, row.line))
            value = Value(None, label, "not_applicable")
            found.figures.append(Figure(None, metric, None, value, table.sheet, row.line, options.label, flags=flags))
    return found
