"""Data Docs: what is kept of pages that others wrote, and that they are served without leading anywhere else."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest
from starlette.responses import PlainTextResponse

from published.datasette.data_docs import DataDocs
from published.reports.data_docs import kept, write_data_docs
from published.reports.pages import Edition
from published.serve import open_release

if TYPE_CHECKING:
    from pathlib import Path

EDITION = Edition("1.0.0", date(2024, 7, 1), is_sample=False)
THEIRS = """<html><head><script src="https://example.org/x.js"></script><title>T</title></head><body>
<nav>Home</nav><p>Actions</p><h6 onclick="evil()">Overview</h6>
<div style="x"><table class="a"><tr><td><span>Rows &lt;b&gt; &amp; more</span></td></tr></table></div>
<a href="javascript:evil()">Link</a><script>evil()</script><iframe src="https://example.org"></iframe></body></html>"""


def test_text_and_tables_are_kept_and_nothing_that_acts() -> None:
    assert kept(THEIRS) == "<p>Overview </p><table><tr><td>Rows &lt;b&gt; &amp; more </td></tr></table>Link "


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release, and Data Docs of its channel beside it."""
    raw = tmp_path / "raw"
    page = raw / "validations" / "rules" / "run" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text(THEIRS, encoding="utf-8")
    folder = tmp_path / "home" / "releases" / "mirror" / "1.0.0"
    folder.mkdir(parents=True)
    (tmp_path / "home" / "secret.html").write_text("secret", encoding="utf-8")
    for failing in (7, 2):  # the second takes the place of the first
        write_data_docs(
            raw,
            tmp_path / "home" / "data-docs",
            failing={"amount_zero": failing, "date_blank": 0},
            broken=(),
            channel="mirror",
            release="1.0.0",
            as_of=date(2024, 7, 1),
        )
    return folder


def get(release: Path, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(DataDocs(PlainTextResponse("the site"), release, EDITION))
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_the_pages_list_the_suites_and_the_latest_counts(release: Path) -> None:
    index = get(release, "/data-docs/").text
    assert "2 rules run; 1 find something." in index
    assert 'href="rules.html"' in index
    assert '<td class="number">2</td>' in index
    assert "<td>Rows &lt;b&gt; &amp; more </td>" in get(release, "/data-docs/rules.html").text
    assert get(release, "/data-docs/public-value.css").headers["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize("name", ["../secret.html", "%2e%2e/secret.html", "/etc/passwd", "about.json", "nothing.html"])
def test_no_name_leads_out_of_the_folder(release: Path, name: str) -> None:
    found = get(release, f"/data-docs/{name}")
    assert "secret" not in found.text
    assert found.status_code == 404 or found.text == "the site"


@pytest.mark.parametrize(
    "about", [{"channel": "sample", "release": "1.0.0"}, {"channel": "mirror", "release": "0.9.0"}]
)
def test_data_docs_of_another_run_are_not_shown_and_the_page_says_so(release: Path, about: dict[str, str]) -> None:
    docs = release.parents[2] / "data-docs"
    (docs / "about.json").write_text(json.dumps(about), encoding="utf-8")
    index = get(release, "/data-docs/")
    assert index.status_code == 200
    assert "<h1>No Data Docs of this release</h1>" in index.text
    assert get(release, "/data-docs/public-value.css").status_code == 200
    assert get(release, "/data-docs/rules.html").status_code == 404
    assert get(release, "/else").text == "the site"


def test_the_link_of_a_report_leads_to_a_page_that_says_that_there_are_none(released_with_findings: Path) -> None:
    served = open_release(released_with_findings)
    address = "/reports/dept-of-kites/"

    async def follow() -> httpx.Response:
        transport = httpx.ASGITransport(served.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            report = await client.get(address)
            (link,) = re.findall(r'href="([^"]*data-docs[^"]*)"', report.text)
            return await client.get(urljoin(address, link))

    try:
        found = asyncio.run(follow())
    finally:
        served.close()
    assert found.status_code == 200
    assert "were not made when release 1.0.0 was" in found.text
