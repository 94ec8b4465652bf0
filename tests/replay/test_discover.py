"""What is found, and why it is taken or left: by the look that `discover`, `mirror` and `run --live` share."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.commands.discover import command
from sources.discovery import Found
from sources.fetch import Fetcher, FetchSettings
from sources.live import look
from sources.owners import Owner
from sources.places import Places
from sources.registry import Registry, load_registry

TODAY = date(2026, 11, 25)


def _look(host: Any, owners: list[Owner], root: Path, registry: Registry | None = None) -> tuple[list[Found], int]:
    async def go() -> tuple[list[Found], int]:
        async with Fetcher(FetchSettings(**host.settings())) as fetcher:
            found = await look(fetcher, owners, registry or Registry([]), root, today=TODAY)
            return found, fetcher.counts.requests

    return asyncio.run(go())


def test_many_publishers_are_found_whole_and_cost_one_request_each_when_nothing_changed(
    corpora: Any, serve: Any, tmp_path: Path
) -> None:
    slugs = [f"body-{number}" for number in range(6)]
    host = serve(corpora.many(tmp_path / "corpus", slugs, 2))
    owners = [Owner(slug, "spend", Places(govuk_organisations=(slug,))) for slug in slugs]
    first, requests = _look(host, owners, tmp_path)
    assert [sum(one.is_taken for one in found.offers) for found in first] == [24] * 6
    assert requests == 6 * (1 + 24)  # not one for the pages whose titles speak of meetings
    again, requests = _look(host, owners, tmp_path)
    assert requests == 6
    assert [found.offers for found in again] == [found.offers for found in first]


def test_a_page_of_another_registered_body_is_left_to_it(corpora: Any, serve: Any, tmp_path: Path) -> None:
    url = corpora.asset("home-office", "spend.csv")
    page = corpora.document("/government/publications/a", "Spend over £25,000: May 2014", "home-office", date(2014, 7, 1),
                            attachments=[corpora.attachment(url, "May 2014")])  # fmt: skip
    page["links"]["organisations"].append({"base_path": "/government/organisations/hm-treasury"})
    host = serve(corpora.write(tmp_path / "corpus", [page], {}))
    owners = [Owner(slug, "spend", Places(govuk_organisations=(slug,))) for slug in ("hm-treasury", "home-office")]
    found, _ = _look(host, owners, tmp_path, load_registry())
    assert [(one.owner_id, one.is_taken, one.why) for each in found for one in each.offers] == [
        ("hm-treasury", False, "published by home-office, where it is taken"),
        ("home-office", True, "in 'Spend over £25,000: May 2014'"),
    ]


def test_a_file_that_names_a_body_of_the_family_goes_to_that_body(corpora: Any, serve: Any, tmp_path: Path) -> None:
    names = {"core.csv": "Core department, May 2014", "agency.csv": "Rural Payments Agency, May 2014"}
    page = corpora.document(
        "/government/publications/a", "Spend over £25,000: May 2014", "defra", date(2014, 7, 1),
        attachments=[corpora.attachment(corpora.asset("defra", name), title) for name, title in names.items()],
    )  # fmt: skip
    host = serve(corpora.write(tmp_path / "corpus", [page], {}))
    owner = Owner("defra", "spend", Places(govuk_organisations=("defra",)), entities={"Rural Payments Agency": "rpa"})
    [found], _ = _look(host, [owner], tmp_path)
    assert [(one.owner_id, one.file.file_name) for one in found.offers] == [
        ("defra", "core.csv"),
        ("rpa", "agency.csv"),
    ]


def test_the_command_says_why_and_gives_everything_as_json(
    corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spend" / "any").mkdir(parents=True)
    for number in range(4):
        (tmp_path / "spend" / "any" / f"list-{number}.csv").write_text("A,B\n", encoding="ascii")
    corpus = corpora.from_folder(tmp_path / "spend", {"any": "hm-treasury"}, tmp_path / "corpus", tmp_path / "hand")
    for name, value in serve(corpus).settings().items():
        monkeypatch.setenv(f"PUBLICVALUE_{name.upper()}", str(value))
    asked = ["--publisher", "hm-treasury", "--home", str(tmp_path / "home")]
    words = CliRunner().invoke(command, asked)
    assert words.exit_code == 0, words.output
    assert words.output.startswith(
        "hm-treasury: 4 taken, 2 left\n  take  published 2014-03-02  list-0.csv: in 'Spend over £25,000: January 2014'"
    )
    assert "leave 1: the same list is there as CSV, which is easier to read than PDF" in words.output
    [data] = json.loads(CliRunner().invoke(command, [*asked, "--json"]).output)
    assert (data["owner_id"], data["failure"], data["problems"]) == ("hm-treasury", None, [])
    assert [one["is_taken"] for one in data["offers"]] == [True] * 4 + [False] * 2
