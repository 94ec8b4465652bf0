"""The facts of the status page in Prometheus' text form, for monitors that ask again and again.

Belongs here: name and unit of each metric. Does not belong here: the facts: they are those of the page (pages/status.yaml and
extras.status), so that a person and a monitor are told the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

ADDRESS = "/metrics"
PREFIX = "publicvalue_"
TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[dict[str, str], float | None]


def metrics(data: dict[str, Any]) -> bytes:
    """`data` is that of the status page. What is not known has no sample."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - only monitors pay for it
    from prometheus_client.registry import Collector  # noqa: PLC0415

    class Facts(Collector):
        def collect(self) -> Iterator[GaugeMetricFamily]:
            return _families(data)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Facts())
    text: bytes = generate_latest(registry)
    return text


def _families(data: dict[str, Any]) -> Iterator[GaugeMetricFamily]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    for name, words, samples in (*_of_the_release(data), *_of_the_operation(data["operation"] or {})):
        known = [(labels, value) for labels, value in samples if value is not None]
        if known:
            family = GaugeMetricFamily(PREFIX + name, words, labels=list(known[0][0]))
            for labels, value in known:
                family.add_metric(list(labels.values()), value)
            yield family


def _of_the_release(data: dict[str, Any]) -> Iterator[tuple[str, str, list[Sample]]]:
    about = {"version": data["version"], "channel": data["channel"]}
    yield "release_info", "The release served, always 1.", [(about, 1)]
    yield "release_built_timestamp_seconds", "When the release served was built.", [({}, _seconds(data["built_at"]))]
    yield "release_age_seconds", "Time since the release served was built.", [({}, data["age_seconds"])]
    yield "releases_held", "Releases that wait for a person's approval.", [({}, data["held_count"])]
    rows: list[Sample] = [({"dataset": one["dataset"]}, one["row_count"]) for one in data["rows"]]
    yield "rows", "Rows of the release served, by dataset.", rows
    files: list[Sample] = [
        ({"status": one["file_status"], "reason": one["file_reason_code"] or ""}, one["file_count"])
        for one in data["files"]
    ]
    yield "files", "Publishers' files in the release served, by status and reason.", files
    found: list[Sample] = [({"severity": one["severity"]}, one["finding_count"]) for one in data["findings"]]
    yield "findings", "Findings of the rules in the release served, by severity.", found


def _of_the_operation(state: dict[str, Any]) -> Iterator[tuple[str, str, list[Sample]]]:
    last = state.get("last_run") or {}
    yield "last_run_ended_timestamp_seconds", "When the last run ended.", [({}, _seconds(last.get("ended_at")))]
    yield "last_run_success", "Whether the last run succeeded, 1 or 0.", [({}, last.get("is_success"))]
    yield "last_success_timestamp_seconds", "When a run last succeeded.", [({}, _seconds(last.get("succeeded_at")))]
    yield "last_run_duration_seconds", "How long the last run took.", [({}, last.get("seconds"))]
    yield (
        "last_run_problems",
        "What the last run could not fetch or read as relied on.",
        [({}, last.get("problem_count"))],
    )
    yield "publishers_silent", "Publishers of which nothing new came for too long.", [({}, state.get("silent_count"))]
    sizes: list[Sample] = [({"part": part}, size) for part, size in state.get("sizes", {}).items()]
    yield "home_bytes", "Bytes on the disk, by part of the home.", sizes
    yield "disk_free_bytes", "Bytes free on the disk of the home.", [({}, state.get("free_bytes"))]


def _seconds(moment: str | None) -> float | None:
    return datetime.fromisoformat(moment).timestamp() if moment else None
