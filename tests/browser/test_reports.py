"""The reports in a real browser: axe finds nothing, nothing is cut off, nothing comes from elsewhere, and they print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    Visit = Callable[..., Any]

pytestmark = pytest.mark.browser
REPORTS = [
    "reports/",
    "reports/dept-of-kites/index.html",
    "reports/dept-of-kites/calendar.html",
    "reports/dept-of-kites/all-publications.html",
    "reports/dept-of-kites/all-revisions.html",
    "reports/dept-of-kites/publications/p1.html",
    "reports/dept-of-kites/rules/postcode_present/1.html",
    "reports/dept-of-kites/rules/supplier_spelling/1.html",
]
FOLDED = "[...document.querySelectorAll('details > :not(summary)')].filter(one => !one.checkVisibility()).length"


@pytest.fixture(scope="module")
def address(released_with_findings: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(released_with_findings) as address:
        yield address


def test_reports_are_accessible_quiet_and_fit(
    visit: Visit, faults: Callable[..., dict[str, Any]], address: str
) -> None:
    visitor = visit("desk")
    assert faults(visitor, address, REPORTS, "report") == {}
    assert visitor.said == []
    assert visitor.elsewhere(address) == []


def test_reports_read_from_the_folder_look_the_same_without_a_server(
    browser: Browser, released_with_findings: Path
) -> None:
    page = browser.new_page()
    page.goto(f"file://{released_with_findings}/reports/index.html")
    page.get_by_role("link", name="Department of Kites (sample)").click()
    page.get_by_role("link", name="Every line has a postcode").first.click()
    assert page.get_by_role("heading", name="Every finding").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.sample-banner')).backgroundColor")
        == "rgb(255, 241, 220)"
    )
    page.close()


def test_on_paper_tables_are_whole_and_links_for_the_screen_are_gone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 703, "height": 900}, color_scheme="dark")  # A4 less its margins
    page = context.new_page()
    page.emulate_media(media="print")
    for path in [*REPORTS, "quality", "departments", "texts/methodology"]:
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels wider than the paper"
        assert page.evaluate(FOLDED) == 0, f"{path} hides on paper what is folded on the screen"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    context.close()


def test_from_the_home_page_a_data_owner_reaches_the_line_by_clicks(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("link", name="I publish such files").click()
    page.get_by_role("link", name="Department of Kites (sample)").click()
    page.get_by_role("link", name="April 2024").first.click()
    page.get_by_role("link", name="Every amount can be read").click()
    assert page.get_by_role("cell", name="#REF!").is_visible()
    page.get_by_role("link", name="Public Value", exact=True).click()
    assert page.url == address
    page.close()
