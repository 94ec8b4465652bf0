"""The status page and the metrics of one running site: the same facts for a person and for a monitor."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from published.serve import open_release
from published.standing import Standing, write_standing

if TYPE_CHECKING:
    from pathlib import Path

OPERATION = {
    "last_run": {"ended_at": "2024-07-02T06:31:00+00:00", "is_success": False, "succeeded_at": "2024-07-01T06:31:00+00:00",
                 "seconds": None, "problem_count": None},
    "silent_count": 2, "days_silent": 45, "sizes": {"snapshots": 1500, "lake": 500}, "free_bytes": 3_000_000_000,
}  # fmt: skip


def ask(release: Path, *paths: str, operation: dict[str, Any] | None = None) -> list[httpx.Response]:
    app = open_release(release, operation=(lambda: operation) if operation else None).app

    async def requests() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(requests())


def samples(response: httpx.Response) -> dict[str, dict[tuple[str, ...], float]]:
    """Value by label values, by name of the metric."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        family.name.removeprefix("publicvalue_"): {
            tuple(one.labels[name] for name in sorted(one.labels)): one.value for one in family.samples
        }
        for family in text_string_to_metric_families(response.text)
    }


def test_a_monitor_is_told_of_the_release_the_last_run_and_the_disk(released_site: Path) -> None:
    (response,) = ask(released_site, "/metrics", operation=OPERATION)
    found = samples(response)
    assert found["release_info"] == {("sample", "1.0.0"): 1}
    assert found["releases_held"] == {(): 0}
    assert found["rows"]["transactions",] == 4
    assert found["files"] == {("", "read"): 1}
    assert found["findings"] == {("advice",): 3, ("error",): 1, ("warning",): 6}
    assert found["last_run_success"] == {(): 0}
    assert found["last_run_ended_timestamp_seconds"] == {(): 1719901860}
    assert found["last_success_timestamp_seconds"] == {(): 1719815460}
    assert found["publishers_silent"] == {(): 2}
    assert found["home_bytes"] == {("lake",): 500, ("snapshots",): 1500}
    assert found["disk_free_bytes"] == {(): 3_000_000_000}
    assert found["release_age_seconds"][()] >= 0
    assert "last_run_duration_seconds" not in found, "what is not known has no sample"


def test_the_status_page_says_the_same_in_words_and_neither_is_kept(released_site: Path) -> None:
    page, twin, metrics = ask(released_site, "/status", "/status.json", "/metrics", operation=OPERATION)
    for words in (
        "failed, 2 July 2024, 06:31 UTC",
        "1 July 2024, 06:31 UTC",
        "2 publishers of which nothing new came for 45 days",
        "3.0 GB free",
    ):
        assert words in page.text
    data = twin.json()["data"]
    assert data["operation"] == OPERATION
    assert {(one["dataset"],): one["row_count"] for one in data["rows"]} == samples(metrics)["rows"]
    assert {one.headers["cache-control"] for one in (page, twin, metrics)} == {"no-store"}


def test_a_server_that_knows_no_home_tells_of_the_release_alone(released: Path) -> None:
    page, metrics = ask(released, "/status", "/metrics")
    assert "The daily run" not in page.text
    assert {"release_info", "rows"} <= samples(metrics).keys()
    assert "disk_free_bytes" not in samples(metrics)


def test_a_release_that_waits_for_approval_is_counted_and_not_named(released: Path, tmp_path: Path) -> None:
    channel = tmp_path / "releases" / "sample"
    channel.mkdir(parents=True)
    shutil.copytree(released, channel / "1.0.0")
    write_standing(channel, Standing(held={"1.1.0": ["its totals fall by half"]}))
    page, metrics = ask(channel / "1.0.0", "/status", "/metrics")
    assert samples(metrics)["releases_held"] == {(): 1}
    assert "1 release: its totals jump" in page.text
    assert "1.1.0" not in page.text + metrics.text


@pytest.mark.parametrize("path", ["/metrics.json", "/metrics/", "/departments/x/feed.atom/"])
def test_addresses_beside_them_are_none(released: Path, path: str) -> None:
    assert ask(released, path)[0].status_code in {302, 404}
