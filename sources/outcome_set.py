"""What an entry of sources/outcomes says of a dataset of results: origin, licence, metrics, breaks, and which reader reads which file.

Belongs here: the models. Does not belong here: loading the entries (outcome_sets), reading the files (outcome_readers) or the
promises made about them (registers).
"""

from __future__ import annotations

import fnmatch
import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from sources.places import Places, Slug, WebAddress
from sources.publisher import Checked, Model, Text, code_of

MetricId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
LongText = Annotated[str, Field(min_length=1, max_length=3000)]


class Metric(Model):
    """What is measured. `lowest` and `highest` are what is possible, in the unit; None where there is no bound.

    `labels` are the metric's names in the files: a file that uses another of the dataset's labels for it is found out.
    """

    title: Text
    unit: Text
    direction: Annotated[str, code_of("metric_directions")]
    frequency: Annotated[str, code_of("metric_frequencies")]
    description: LongText | None = None
    lowest: float | None = None
    highest: float | None = None
    is_derived: bool = False
    labels: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            raise ValueError(f"lowest {self.lowest} is not below highest {self.highest}")
        return self


class OtherMetrics(Metric):
    """Stands for every metric whose id matches `pattern`; the file gives the titles."""

    pattern: Text


class Break(Model):
    """A break in the series, from a day until (before) another. No metrics, or kinds of entity, named means all of them."""

    start: date = Field(alias="from")
    until: date | None = None
    metrics: tuple[MetricId, ...] = ()
    entity_kinds: tuple[Annotated[str, code_of("entity_kinds")], ...] = ()
    what: LongText
    source: Text


class FileRule(Model):
    """Files whose name matches `pattern` (case makes no difference) are read by `reader`, with its `options`.

    Where two files hold the same figure, the earlier rule's is current, then the later published file's. `is_revision`:
    the names or the files say that their figures are revised.
    """

    pattern: Text
    reader: Text
    options: dict[str, Any] = Field(default_factory=dict)
    is_revision: bool = False


class OutcomeSet(Model):
    """One dataset of results. `entity_prefix` goes before the dataset's own codes, so that they are nobody else's.

    `publisher_from` says which name stands for a publisher, the entity's or its group's; `publishers` maps names that the
    register does not know. `sample_size_from` is the metric that counts what the others of an entity and period rest on.
    """

    id: Slug
    title: Text
    origin: LongText
    origin_url: WebAddress | None = None
    sources: Places = Places()
    licence: Text
    attribution: Text
    period: Text
    entity_prefix: Slug
    publisher_from: Annotated[str, Field(pattern="^(name|group|none)$")] = "name"
    publishers: dict[str, Slug] = Field(default_factory=dict)
    sample_size_from: MetricId | None = None
    caveats: tuple[LongText, ...] = ()
    breaks: tuple[Break, ...] = ()
    metrics: dict[MetricId, Metric]
    other_metrics: tuple[OtherMetrics, ...] = ()
    files: tuple[FileRule, ...] = Field(min_length=1)
    checked: Checked | None = None

    @model_validator(mode="after")
    def _breaks_name_metrics(self) -> OutcomeSet:
        unknown = {name for one in self.breaks for name in one.metrics} - set(self.metrics)
        if unknown:
            raise ValueError(f"breaks name metrics that are not declared: {', '.join(sorted(unknown))}")
        return self

    def metric(self, metric_id: str) -> Metric | None:
        """The metric as declared, by itself or by a pattern."""
        if metric_id in self.metrics:
            return self.metrics[metric_id]
        return next((other for other in self.other_metrics if re.fullmatch(other.pattern, metric_id)), None)

    def rule_for(self, file_name: str) -> tuple[int, FileRule] | None:
        """Place and rule of the first pattern that the name matches."""
        for place, rule in enumerate(self.files):
            if fnmatch.fnmatchcase(file_name.casefold(), rule.pattern.casefold()):
                return place, rule
        return None
