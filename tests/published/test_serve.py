from __future__ import annotations

import asyncio
import hashlib
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
import pytest

from published.errors import ReleaseError
from published.serve import application, megabytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp

BASE = "/public-value"
PAGES = {
    "/": 200,
    BASE: 200,
    f"{BASE}/transactions": 200,
    f"{BASE}/transactions?_search=smith&_col=supplier_name&payee_kind=external_supplier": 200,
    f"{BASE}/transactions/t1": 200,
    f"{BASE}/distributions/d1": 200,
    f"{BASE}/publishers/dept-of-kites": 200,
    f"{BASE}?sql=select+supplier_name+from+transactions": 200,
    f"{BASE}?sql=select+nonsense": 400,
    f"{BASE}/where-was-a-payment-published?transaction_id=t2": 200,
    "/nowhere": 404,
}


class Site:
    """Requests to the application without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> httpx.Response:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(request())

    def json(self, path: str) -> Any:
        return self.get(path).json()


@pytest.fixture(scope="module")
def release(released: Path) -> Path:
    return released


@pytest.fixture(scope="module")
def site(release: Path) -> Site:
    return Site(application(release))


class Page(HTMLParser):
    """What the checks need of a page: its elements, ids, and whether every element was closed."""

    VOID: ClassVar = {"meta", "link", "input", "br", "img", "hr"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_well_formed_in_english_labelled_and_free_of_scripts_and_inline_styles(
    site: Site, path: str
) -> None:
    response = site.get(path)
    assert response.status_code == PAGES[path]
    page = Page(response.text)
    assert (page.wrong, page.open) == ([], [])
    assert page.all("html") == [{"lang": "en-GB"}]
    assert page.all("script") == []
    assert [attrs for _, attrs in page.elements if "style" in attrs] == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    labelled = {attrs.get("for") for attrs in page.all("label")}
    for control in [*page.all("input"), *page.all("select"), *page.all("textarea")]:
        hidden = control.get("type") in {"hidden", "checkbox"}
        assert hidden or "aria-label" in control or control["id"] in labelled, control
    assert len(page.all("h1")) == 1
    assert "SAMPLE DATA" in response.text


@pytest.mark.parametrize("path", [*PAGES, "/download/transactions.csv", "/download/no", f"{BASE}/transactions.json"])
def test_each_response_forbids_scripts_other_hosts_and_framing(site: Site, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path", [f"{BASE}/transactions", f"{BASE}/transactions/t2", f"{BASE}?sql=select+supplier_name+from+transactions"]
)
def test_a_supplier_named_like_a_script_is_text(site: Site, path: str) -> None:
    text = site.get(path).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text


def test_search_finds_words_of_supplier_and_description(site: Site) -> None:
    found = site.json(f"{BASE}/transactions.json?_search=smith&_shape=objects")["rows"]
    assert sorted(row["transaction_id"] for row in found) == ["t1", "t4"]
    found = site.json(f"{BASE}/transactions.json?_search=quoted&_shape=objects")["rows"]
    assert [row["transaction_id"] for row in found] == ["t2"]


def test_facets_count_and_show_names_for_identifiers(site: Site) -> None:
    text = site.get(f"{BASE}/transactions").text
    assert 'id="facet-publisher_id"' in text
    assert "Department of Kites (sample)" in text
    facets = site.json(f"{BASE}/transactions.json?_facet=is_counted")["facet_results"]["is_counted"]["results"]
    assert sorted((row["value"], row["count"]) for row in facets) == [(0, 1), (1, 3)]


def test_pages_carry_descriptions_units_caveats_licence_and_money_with_two_decimals(site: Site) -> None:
    text = site.get(f"{BASE}/transactions").text
    assert "Amount in pounds." in text
    assert "Unit: GBP." in text
    assert "Add up counted lines only" in text
    assert "Creative Commons Zero" in text
    assert "25,000.00" in text


def test_a_line_leads_to_its_file_and_the_file_to_its_lines(site: Site) -> None:
    assert f'href="{BASE}/distributions/d1"' in site.get(f"{BASE}/transactions/t2").text
    text = site.get(f"{BASE}/distributions/d1").text
    assert "https://example.org/kites-april-2024.csv" in text
    assert "distribution_id=d1" in text


def test_nothing_can_be_written(site: Site) -> None:
    for statement in (
        "delete from transactions",
        "drop table transactions",
        "attach 'x.db' as x",
        "pragma writable_schema=1",
    ):
        assert site.get(f"{BASE}.json?sql={statement}").status_code == 400
    assert site.get(f"{BASE}/transactions", method="POST").status_code == 405
    assert site.json(f"{BASE}/transactions.json?_shape=objects")["filtered_table_rows_count"] == 4


def test_a_download_is_the_file_byte_for_byte(site: Site, release: Path) -> None:
    response = site.get("/download/transactions.csv")
    assert response.content == (release / "transactions.csv").read_bytes()
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["etag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'
    head = site.get("/download/transactions.csv", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(response.content))


def test_a_part_of_a_download_can_be_asked_for(site: Site, release: Path) -> None:
    whole = (release / "transactions.parquet").read_bytes()
    part = site.get("/download/transactions.parquet", {"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"PAR1")
    assert part.headers["content-range"] == f"bytes 0-3/{len(whole)}"
    assert site.get("/download/transactions.parquet", {"Range": f"bytes={len(whole)}-"}).status_code == 416
    stale = site.get("/download/transactions.parquet", {"Range": "bytes=0-3", "If-Range": '"other"'})
    assert (stale.status_code, stale.content) == (200, whole)


def test_an_unchanged_download_is_not_sent_again(site: Site) -> None:
    first = site.get("/download/datapackage.json").headers
    for headers in ({"If-None-Match": first["etag"]}, {"If-None-Match": f'"x", W/{first["etag"]}'},
                    {"If-Modified-Since": first["last-modified"]}):  # fmt: skip
        assert site.get("/download/datapackage.json", headers).status_code == 304
    for headers in ({"If-None-Match": '"x"', "If-Modified-Since": first["last-modified"]},
                    {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"}):  # fmt: skip
        assert site.get("/download/datapackage.json", headers).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "provenance.json",
        "..%2f1.0.0%2FREADME.md",
        "%2e%2e/latest/README.md",
        "%2Fetc%2Fpasswd",
        "",
        "README.md%00",
        "%2E/README.md",
        "README.md/",
    ],
)
def test_only_files_of_the_checksum_list_can_be_downloaded(site: Site, name: str) -> None:
    assert site.get(f"/download/{name}").status_code == 404


def test_files_cannot_be_written_through_the_download_address(site: Site) -> None:
    assert site.get("/download/README.md", method="PUT").status_code == 405


@pytest.mark.parametrize("damage", ["datapackage.json", "datasette-metadata.json", "public-value.sqlite"])
def test_a_damaged_release_is_refused_with_the_remedy(release: Path, tmp_path: Path, damage: str) -> None:
    copy = shutil.copytree(release, tmp_path / "copy")
    (copy / damage).unlink()
    with pytest.raises(ReleaseError, match="publicvalue run"):
        application(copy)


def test_sizes_are_told_for_people() -> None:
    assert [megabytes(size) for size in (12, 4_300, 4_200_000)] == ["0.1 kB", "4.3 kB", "4.2 MB"]


def test_reports_are_served_as_pages_from_the_checksum_list_alone(site: Site, release: Path) -> None:
    page = site.get("/reports/dept-of-kites/")
    assert page.content == (release / "reports/dept-of-kites/index.html").read_bytes()
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-disposition"].startswith("inline")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert site.get("/reports/dept-of-kites/", {"If-None-Match": page.headers["etag"]}).status_code == 304
    assert site.get("/reports/public-value.css").headers["content-type"] == "text/css; charset=utf-8"
    assert site.get("/reports/dept-of-kites/findings.csv").headers["content-disposition"].startswith("attachment")
    assert site.get("/reports").headers["location"] == "/reports/"
    for path in (
        "/reports/no/",
        "/reports/../provenance.json",
        "/reports/%2e%2e/provenance.json",
        "/reports/dept-of-kites",
    ):
        assert site.get(path).status_code == 404


def test_home_offers_three_doors_and_the_datasets_page_every_file(site: Site, release: Path) -> None:
    doors = {attrs.get("href") for attrs in Page(site.get("/").text).all("a")}
    assert {"/departments", "/datasets", "/quality"} <= doors
    outside = {target for target in doors if target and target.startswith("http")}
    assert outside == {"https://creativecommons.org/publicdomain/zero/1.0/"}
    targets = {attrs.get("href") for attrs in Page(site.get("/datasets").text).all("a")}
    for path in release.glob("*.parquet"):
        assert f"/releases/1.0.0/{path.name}" in targets
        assert f"/releases/1.0.0/{path.stem}.csv" in targets
    assert "/releases/1.0.0/public-value.sqlite" in targets
