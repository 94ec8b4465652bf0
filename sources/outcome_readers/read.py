"""One outcome file's bytes -> its figures. Chooses the reader that the dataset declares for the file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sources.grid import FileContent
from sources.outcome_readers.budgets import BudgetOptions, read_budgets
from sources.outcome_readers.emergency import EmergencyOptions, read_emergency
from sources.outcome_readers.figures import Figures
from sources.outcome_readers.labels import LabelOptions, read_labels
from sources.outcome_readers.reserves import ReservesOptions, read_reserves
from sources.outcome_readers.tidy import TidyOptions, read_tidy
from sources.outcome_readers.wide import WideOptions, read_wide
from sources.outcome_set import FileRule, OutcomeSet
from sources.publisher import Model
from sources.readers.read import read_content


@dataclass(frozen=True, slots=True)
class Reader:
    """`options` checks what the dataset declares; `read` takes grids, options, dataset and file name."""

    options: type[Model]
    read: Callable[..., Figures]


READERS = {
    "tidy": Reader(TidyOptions, read_tidy),
    "wide": Reader(WideOptions, read_wide),
    "labels": Reader(LabelOptions, read_labels),
    "emergency": Reader(EmergencyOptions, read_emergency),
    "reserves": Reader(ReservesOptions, read_reserves),
    "budgets": Reader(BudgetOptions, read_budgets),
}


def read_outcome_file(data: bytes, file_name: str, outcome_set: OutcomeSet) -> tuple[FileContent, Figures]:
    """The file taken apart, and its figures. Never raises for bad input: then `reason` and `detail` say what to do."""
    content = read_content(data, file_name)
    if content.reason is not None:
        return content, Figures(reason=content.reason, detail=content.detail)
    placed = outcome_set.rule_for(file_name)
    if placed is None:
        detail = f"no pattern of sources/outcomes/{outcome_set.id}.yaml matches the name; add one with its reader"
        return content, Figures(reason="no_reader", detail=detail)
    reader = READERS[placed[1].reader]
    options = reader.options.model_validate(placed[1].options)
    found = reader.read(content.grids, options, outcome_set, file_name)
    if not found.figures:
        found.reason = "no_figures"
        found.detail = (
            f"the {placed[1].reader} reader found none of the headings or tables that it looks for in {file_name}"
        )
    return content, found


def check_options(rule: FileRule, outcome_set: OutcomeSet) -> Iterator[str]:
    """What is wrong with a rule of a dataset, each as `key: problem`."""
    if rule.reader not in READERS:
        yield f"reader: {rule.reader!r} is none of {', '.join(READERS)}"
        return
    try:
        options: Any = READERS[rule.reader].options.model_validate(rule.options)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            key = ".".join(str(part) for part in problem["loc"])
            yield f"options.{key}: {problem['msg'].removeprefix('Value error, ')}"
        return
    for metric in options.metrics():
        if outcome_set.metric(metric) is None:
            yield f"options: metric {metric!r} is not declared under metrics"
