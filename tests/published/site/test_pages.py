from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from published.serve import open_release
from published.site.declared import pages, read_page
from published.site.extras import EXTRAS
from published.site.texts import DOCS, TEXTS, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

ADDRESSES = {
    "home": "/",
    "search": "/search?q=smith",
    "departments": "/departments",
    "department": "/departments/dept-of-kites",
    "suppliers": "/suppliers?q=smi",
    "supplier": "/suppliers/smith~20and~20sons",
    "outcomes": "/outcomes",
    "outcome": "/outcomes/winds/flights_pct",
    "quality": "/quality",
    "datasets": "/datasets",
    "dataset": "/datasets/transactions",
    "compare": "/compare",
    "releases": "/releases",
    "texts": "/texts",
    "text": "/texts/methodology",
    "status": "/status",
}


def ask(app: ASGIApp, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(request())


def twin(path: str) -> str:
    route, mark, query = path.partition("?")
    return f"{'/index' if route == '/' else route}.json{mark}{query}"


@pytest.fixture(scope="module")
def app(released_site: Path) -> ASGIApp:
    return open_release(released_site, address="https://site.test").app


@pytest.mark.parametrize("path", ["/public-value/attribution", "/datasets/attribution"])
def test_an_empty_dataset_says_why_where_its_rows_would_be(app: ASGIApp, path: str) -> None:
    assert "Why there are no rows:</strong> No mapping of a real programme" in ask(app, path).text
    assert "Why there are no rows" not in ask(app, path.replace("attribution", "transactions")).text


def test_every_page_has_an_address_here_and_every_extra_a_page() -> None:
    assert {page.name for page in pages()} == set(ADDRESSES)
    assert {page.extra for page in pages()} - {None} == set(EXTRAS)


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_page_answers_with_all_its_queries_and_its_json_twin(app: ASGIApp, name: str) -> None:
    page = ask(app, ADDRESSES[name])
    assert page.status_code == 200
    assert "SAMPLE DATA" in page.text
    assert page.text.count("<h1") == 1
    answer = ask(app, twin(ADDRESSES[name])).json()
    assert answer["page"] == name
    assert answer["missing"] == []
    assert answer["release"] == {"version": "1.0.0", "channel": "sample", "is_sample": True}


@pytest.mark.parametrize("name", ADDRESSES)
def test_text_of_publishers_is_never_markup(app: ASGIApp, name: str) -> None:
    text = ask(app, ADDRESSES[name]).text
    assert "<script>alert" not in text
    assert "<b>String" not in text


def test_a_department_says_what_was_paid_in_money_of_the_day_and_in_real_terms(app: ASGIApp) -> None:
    data = ask(app, "/departments/dept-of-kites.json").json()["data"]
    assert [(one["financial_year"], one["amount_gbp"], one["amount_real_gbp"]) for one in data["years"]] == [
        ("2024-25", 86234.5, 84500.0)
    ]
    assert [one["amount_gbp"] for one in data["months"]] == [26234.5, 60000.0]
    assert data["suppliers"][0]["supplier_name"] == "Smith & Sons Ltd"


def test_a_department_says_how_sound_the_lists_are_and_how_much_money_rests_on_them_worst_first(app: ASGIApp) -> None:
    page = ask(app, "/departments/dept-of-kites").text
    shown = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("How far the figures above") :]).split())
    assert shown.startswith(
        "How far the figures above can be relied on, by the lists that they are from: "
        "Not usable as published 1 list, £26,234 Usable with care 1 list"
    )


def test_a_query_of_a_page_comes_as_csv(app: ASGIApp) -> None:
    response = ask(app, "/departments/dept-of-kites.csv?table=months")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["payment_month"] for row in rows] == ["2024-04-01", "2024-05-01"]
    assert ask(app, "/departments/dept-of-kites.csv?table=nonsense").status_code == 404


def test_a_chart_is_drawn_without_scripts_and_its_specification_holds_its_rows(app: ASGIApp) -> None:
    spec = ask(app, "/departments/dept-of-kites.vl.json?chart=spending").json()
    assert [row["amount_gbp"] for row in spec["data"]["values"]] == [26234.5, 60000.0]
    text = ask(app, "/departments/dept-of-kites").text
    assert text.count("<svg") == 4  # three charts and the calendar
    assert 'role="graphics' not in text


def test_a_supplier_whose_key_looks_like_a_path_has_a_page(app: ASGIApp) -> None:
    assert ask(app, "/suppliers/a~2Fb~2Ejson").status_code == 200
    assert ask(app, "/suppliers/a~2Fb~2Ejson.json").json()["data"]["supplier"]["supplier_name"] == "A/B.json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/departments/none", 404),
        ("/departments/none.json", 404),
        ("/suppliers?skip=-1", 400),
        ("/suppliers.json?skip=ten", 400),
        ("/suppliers.json?skip=99999999999999999999", 400),
        ("/suppliers.json?skip=²", 400),
        ("/search?q=" + "x" * 201, 400),
        ("/datasets/none", 404),
        ("/texts/..~2FREADME", 404),
        ("/texts/rule-..~2F..~2Fmethodology", 404),
    ],
)
def test_wrong_addresses_are_refused(app: ASGIApp, path: str, status: int) -> None:
    response = ask(app, path)
    assert response.status_code == status
    if ".json" in path:
        assert response.json()["ok"] is False


@pytest.mark.parametrize("words", ['"', "*", "a OR b", "NEAR(", "smith'--", "-", "😀", "%00", 'x" "y', "( )"])
def test_words_typed_into_search_are_words_and_no_query_language(app: ASGIApp, words: str) -> None:
    assert ask(app, "/search.json", params={"q": words}).status_code == 200
    assert ask(app, "/suppliers.json", params={"q": words}).status_code == 200


def test_search_finds_departments_suppliers_and_datasets(app: ASGIApp) -> None:
    assert ask(app, "/search.json?q=kites").json()["data"]["departments"][0]["publisher_id"] == "dept-of-kites"
    found = ask(app, "/search.json?q=smit").json()["data"]["suppliers"]
    assert [one["supplier_key"] for one in found] == ["smith and sons"]
    datasets = ask(app, "/search.json?q=transactions").json()["data"]["datasets"]
    assert "transactions" in [one["name"] for one in datasets]


def test_pages_with_charts_run_scripts_of_this_site_alone_and_others_none(app: ASGIApp) -> None:
    policy = ask(app, "/departments/dept-of-kites").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in ask(app, "/").headers["content-security-policy"]
    assert "script-src" not in ask(app, "/public-value/transactions").headers["content-security-policy"]


def test_pages_are_short_kept_and_assets_and_versions_for_ever(app: ASGIApp) -> None:
    page = ask(app, "/")
    assert page.headers["cache-control"] == "public, max-age=60"
    sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in ask(app, sheet).headers["cache-control"]
    assert "immutable" in ask(app, "/releases/1.0.0/transactions.csv").headers["cache-control"]


def test_latest_leads_to_the_version(app: ASGIApp) -> None:
    response = ask(app, "/latest/transactions.parquet")
    assert (response.status_code, response.headers["location"]) == (302, "/releases/1.0.0/transactions.parquet")
    assert response.headers["cache-control"] == "public, max-age=60"
    assert ask(app, "/latest/provenance.json").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/releases/1.0.0/provenance.json", "/releases/1.0.0/../../x", "/releases/../1.0.0/README.md", "/releases/9.9.9/README.md",
     "/releases/1.0.0/%2e%2e/1.0.0/README.md", "/releases/latest/README.md", "/releases/1.0.0/", "/releases/%2e/README.md"],
)  # fmt: skip
def test_no_path_leaves_the_releases(app: ASGIApp, path: str) -> None:
    assert ask(app, path).status_code == 404


def test_files_of_an_earlier_version_are_listed_with_its_own_sizes_and_checksums(second: Path) -> None:
    app, first = open_release(second).app, second.with_name("1.0.0")
    page = ask(app, "/datasets?version=1.0.0")
    assert f"the other pages of the site show {second.name}" in page.text
    assert "/releases/1.0.0/transactions.parquet" in page.text
    assert f"/releases/{second.name}/transactions.parquet" not in page.text
    data = ask(app, "/datasets.json?version=1.0.0").json()["data"]
    assert data["versions"] == [second.name, "1.0.0"]
    (sums,) = [one for one in data["others"] if one["name"] == "SHA256SUMS"]
    assert sums["bytes"] == (first / "SHA256SUMS").stat().st_size
    assert sums["sha256"] == hashlib.sha256((first / "SHA256SUMS").read_bytes()).hexdigest()
    assert "Show its files" in ask(app, "/datasets").text
    for wrong in ("9.9.9", "..", "1.0.0/..", "<script>"):
        assert ask(app, "/datasets.json", params={"version": wrong}).status_code == 404


def test_crawlers_are_kept_off_facets_and_searches(app: ASGIApp) -> None:
    rules = ask(app, "/robots.txt").text.splitlines()
    assert {"Disallow: /public-value", "Disallow: /search", "Disallow: /*?"} <= set(rules)
    assert ask(app, "/suppliers?q=smith").headers["x-robots-tag"] == "noindex"


def test_code_and_citation_of_a_dataset_name_the_version_at_the_sites_address(app: ASGIApp) -> None:
    data = ask(app, "/datasets/transactions.json").json()["data"]
    assert any("https://site.test/releases/1.0.0/transactions.parquet" in one["code"] for one in data["code"])
    assert "1.0.0" in data["citation"]
    assert all(len(file["sha256"]) == 64 for file in data["files"])


@pytest.mark.parametrize(
    "name",
    ["who-pays-this-supplier?words=smith", "who-pays-this-supplier", "who-pays-this-supplier?words=%22", "largest-payments-of-a-month?month=", "spending-without-a-name",
     "spending-rose-while-outcomes-fell", "missing-months?publisher_id="],
)  # fmt: skip
def test_each_question_is_answered(app: ASGIApp, name: str) -> None:
    path, _, query = name.partition("?")
    response = ask(app, f"/public-value/{path}.json?_shape=objects&{query}")
    assert response.status_code == 200, response.text


def test_a_row_of_a_key_of_several_columns_with_strange_characters_opens_from_its_table(app: ASGIApp) -> None:
    table = ask(app, "/public-value/spend_by_expense_type").text
    (link,) = re.findall(r'<a href="([^"]*)" aria-label="Open row', table)
    assert link.startswith("/public-value/spend_by_expense_type/dept-of-kites,2024-25,~22~3E~3Cb~3E")
    assert ask(app, link).status_code == 200


@pytest.mark.parametrize(
    "chosen",
    ["_col=publisher_id", "_col=publisher_id&_sort=supplier_name", "_nocol=supplier_name&_sort_desc=supplier_name", "_col=nothing"],
)  # fmt: skip
def test_columns_are_chosen_without_the_one_that_sorts(app: ASGIApp, chosen: str) -> None:
    page = ask(app, f"/public-value/transactions?_size=1&{chosen}")
    assert page.status_code == (400 if "nothing" in chosen else 200)
    assert "Traceback" not in page.text


def test_spending_without_a_name_is_counted(app: ASGIApp) -> None:
    rows = ask(app, "/public-value/spending-without-a-name.json?_shape=array").json()
    assert [(row["unnamed_gbp"], row["unnamed_pct"]) for row in rows] == [(1234.5, 1.43)]


def test_a_correction_goes_to_the_publisher_and_to_the_projects_form_where_there_is_one(released_site: Path) -> None:
    form = yaml.safe_load((DOCS.parent / ".github/ISSUE_TEMPLATE/correction.yml").read_text(encoding="utf-8"))
    assert "release" in {field.get("id") for field in form["body"]}
    without = ask(open_release(released_site).app, "/quality").text
    assert "write to the body that published it" in without
    assert "to whoever runs this site" in without
    there = open_release(released_site, corrections="mailto:a@example.org", repository="https://forge.test/who/what/")
    text = ask(there.app, "/quality").text
    assert 'href="https://forge.test/who/what/issues/new?template=correction.yml&amp;release=sample+1.0.0"' in text
    assert 'href="mailto:a@example.org"' in text
    assert "whoever runs this site" not in text


def test_home_is_small(app: ASGIApp) -> None:
    page = ask(app, "/")
    sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert len(page.text) + len(ask(app, sheet).text) < 150_000


def test_texts_show_markup_and_do_not_obey_it(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(
        "# A\n\n<script>x</script> [b](javascript:alert(1)) [c](../rules/amount_blank.md)\n", encoding="utf-8"
    )
    title, html = rendered(path)
    assert title == "A"
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'href="/texts/rule-amount_blank"' in html


@pytest.mark.parametrize("name", TEXTS)
def test_texts_lead_to_pages_of_the_site_and_need_no_style_of_their_own(name: str) -> None:
    _, html = rendered(DOCS / TEXTS[name].file)
    assert [link for link in re.findall(r'href="([^"]*)"', html) if not link.startswith(("/", "#", "https://"))] == []
    assert "style=" not in html


def test_a_long_text_is_folded_by_sections_and_a_shorter_one_lists_them() -> None:
    _, folded = rendered(DOCS / "methodology.md")
    assert folded.index('<h2 id="for-statisticians">For statisticians</h2>') < folded.index(
        "<h3>Promises</h3></summary>"
    )
    assert folded.count("<details") == folded.count("</details>") == folded.count("<h3>")
    assert '<div id="how-to-read-a-score">' in folded
    _, listed = rendered(DOCS / "rules" / "README.md")
    assert "<details" not in listed
    assert '<li><a href="#conformity">Conformity</a></li>' in listed
    assert '<h2 id="conformity">Conformity</h2>' in listed


def test_a_page_that_is_not_there_says_so_and_offers_the_search(app: ASGIApp) -> None:
    response = ask(app, "/nowhere")
    assert response.status_code == 404
    assert "There is no page at this address." in response.text
    assert 'action="/search"' in response.text


@pytest.mark.parametrize(
    "text", ["route: /x/{y}\ntitle: t\ndescription: d\n", "route: /x\ntitle: t\ndescription: d\nnonsense: 1\n",
             "route: /x\ntitle: t\ndescription: d\ncharts: {a: {query: b, spec: c, title: d, description: e}}\n"],
)  # fmt: skip
def test_a_page_that_names_what_is_not_there_is_refused_by_its_files_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.yaml"):
        read_page(path)
