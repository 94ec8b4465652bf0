"""Every result that the sample wrote is read back: the same values, dataset by dataset, and the keyed ones at their place."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sources.outcome_readers.figures import Figure
from sources.outcome_readers.read import read_outcome_file
from sources.outcome_sets import outcome_sets
from sources.sample.outcomes import write_outcomes

SCALED = {"civil-service-people-survey": {"engagement", "response_rate"}}
"""Scores that are published from 0 to 1 and read from 0 to 100."""
NOT_FIGURES = {"outcome-plans": {"baseline", "parts"}, "outcome-attribution": {"spend"}}
"""Facts that stand in attributes, or that are counts of cells."""
MADE_OF_SEVERAL = {
    "service-satisfaction": {"answers", "satisfied"},
    "provider-outcomes": {"public", "private", "voluntary"},
}
"""Sums over columns or rows."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Figure]], list[dict[str, object]]]:
    """Figures by dataset, and the sample's facts."""
    root = tmp_path_factory.mktemp("sample")
    published = write_outcomes(root, 7)
    sets = outcome_sets()
    figures: dict[str, list[Figure]] = defaultdict(list)
    for file in published:
        _, dataset, name = Path(file.path).parts
        found = read_outcome_file((root / file.path).read_bytes(), name, sets[dataset])[1]
        assert found.reason is None, file.path
        assert found.notes == [], file.path
        figures[dataset] += found.figures
    return figures, pq.read_table(root / "truth" / "outcomes.parquet").to_pylist()


def test_no_value_of_the_sample_is_lost_or_changed(
    sample: tuple[dict[str, list[Figure]], list[dict[str, object]]],
) -> None:
    figures, facts = sample
    wanted: dict[str, Counter[float]] = defaultdict(Counter)
    for fact in facts:
        dataset, metric = str(fact["dataset"]), str(fact["metric"])
        last = metric.rsplit("/", 1)[-1]
        if last in NOT_FIGURES.get(dataset, ()) or last in MADE_OF_SEVERAL.get(dataset, ()):
            continue
        scale = 100 if metric in SCALED.get(dataset, ()) else 1
        wanted[dataset][float(fact["value"] * scale)] += 1  # type: ignore[operator]  # a Decimal
    lost = {
        dataset: list((values - Counter(one.value.number for one in figures[dataset])).items())[:3]
        for dataset, values in wanted.items()
    }
    assert {dataset: values for dataset, values in lost.items() if values} == {}
    assert set(wanted) == set(figures)


@pytest.mark.parametrize(
    ("dataset", "metrics"),
    [
        ("govuk-service-performance", {"volume": "volume", "cost_per_transaction": "cost_per_transaction", "satisfaction": "satisfaction"}),
        ("inputs-and-outputs", {"staff_fte": "staff_fte", "running_cost": "running_cost"}),
        ("prompt-payment", {"undisputed": "invoices", "within_5_days": "paid_in_5_days"}),
    ],
)  # fmt: skip
def test_values_stand_at_their_entity_metric_and_period(
    sample: tuple[dict[str, list[Figure]], list[dict[str, object]]], dataset: str, metrics: dict[str, str]
) -> None:
    figures, facts = sample
    read = {
        (one.entity.code, one.metric, one.period.start): one.value.number
        for one in figures[dataset]
        if one.entity is not None and one.period is not None
    }
    labels = {(one.entity.code, one.period.start) for one in figures[dataset] if one.entity and one.period}
    by_label = defaultdict(list)
    for code, start in sorted(labels):
        by_label[code].append(start)
    of_code = defaultdict(set)
    for fact in facts:
        if fact["dataset"] == dataset:
            of_code[str(fact["entity"])].add(str(fact["period"]))
    compared = 0
    for fact in facts:
        if fact["dataset"] != dataset or fact["metric"] not in metrics:
            continue
        code, metric = str(fact["entity"]), metrics[str(fact["metric"])]
        periods = sorted(of_code[code])
        start = by_label[code][periods.index(str(fact["period"]))]
        assert read[code, metric, start] == float(fact["value"])  # type: ignore[arg-type]  # a Decimal
        compared += 1
    assert compared > 100
