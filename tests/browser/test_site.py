"""The pages of the site in a real browser: axe, console, outside hosts, widths, and each reader's journey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Locator, Page

    Visit = Callable[..., Any]
    Violations = Callable[[Page], list[Any]]

pytestmark = pytest.mark.browser
PAGES = {
    "": "Departments with most spending",
    "search?q=smith": "Smith & Sons Ltd",
    "departments": "Department of Kites (sample)",
    "departments/dept-of-kites": "How well it publishes",
    "reports/scorecards/dept-of-kites.html": "69 of 100",
    "suppliers": "Smith & Sons Ltd",
    "suppliers/smith~20and~20sons": "Largest lines",
    "outcomes": "Kites that fly",
    "outcomes/winds/flights_pct": "Where it stands, and how likely it is",
    "compare": "Absent Body",
    "quality": "A form of words",
    "check": "Check a file before you publish it",
    "reports/": "Department of Kites (sample)",
    "datasets": "SHA256SUMS",
    "datasets/transactions": "Load it",
    "releases": "served here",
    "texts": "How value for money is measured",
    "texts/methodology": "How to read a score",
    "texts/rules": "amount_blank",
    "texts/rule-amount_blank": "Every line has an amount",
    "texts/rule-precision": "How often the rules are right",
    "texts/using-the-data": "For journalists",
    "texts/for-analysts": "In a notebook",
    "status": "Newest files",
    "public-value": "Payments",
    "public-value/transactions": "4 rows",
    "public-value/transactions/t2": 'A "quoted", two',
    "public-value/distributions/d1": "https://example.org/kites-april-2024.csv",
    "public-value/missing-months": "Which months are missing?",
    "public-value?sql=select+supplier_name,+amount_gbp+from+transactions": "4 rows",
    "public-value?sql=select+nonsense": "no such column: nonsense",
    "departments/none": "This release has nothing under this address.",
    "suppliers?skip=x": "skip has to be a whole number",
    "nowhere": "There is no page at this address.",
}
"""One address of each kind of page, and words that a reader finds there."""
DEVICES = ["desk", "phone"]


FILE = """Department family,Entity,Date,Expense Type,Expense area,Supplier,Transaction number,Amount
Department of Kites,Kites,03/04/2024,String,Sky,Smith & Sons Ltd,1,25000.00
Department of Kites,Kites,04/04/2024,String,Sky,Smith & Sons Ltd,2,#REF!
"""


@pytest.fixture(scope="module")
def address(released_site: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(released_site) as address:
        yield address


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_pages_are_accessible_quiet_and_fit(visit: Visit, faults: Callable[..., dict[str, Any]], address: str) -> None:
    visitor = visit("desk")
    assert faults(visitor, address, list(PAGES), "site") == {}
    assert [text for text in visitor.said if "404" not in text and "400" not in text] == []
    assert visitor.elsewhere(address) == []


@pytest.mark.parametrize("device", DEVICES)
def test_a_department_is_found_its_report_opened_and_its_findings_downloaded(
    visit: Visit, address: str, device: str
) -> None:
    page = visit(device).page
    page.goto(address)
    page.get_by_label("Find a department, a supplier or a dataset").fill("kites")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Department of Kites (sample)").click()
    page.get_by_role("link", name="Quality report").click()
    assert page.get_by_role("heading", level=1).is_visible()
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Findings as CSV").click()
    assert "#REF!" in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("device", DEVICES)
def test_a_supplier_is_found_and_its_lines_taken_as_csv_and_a_figure_followed_to_its_line(
    visit: Visit, address: str, device: str
) -> None:
    page = visit(device).page
    page.goto(f"{address}suppliers")
    page.get_by_label("Words of the name").fill("smith")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Smith & Sons Ltd").click()
    csv = page.get_by_role("link", name="Every line as CSV").get_attribute("href")
    answer = page.request.get(address.rstrip("/") + str(csv))
    assert answer.text().count("Smith & Sons Ltd") == 2
    page.get_by_role("link", name="3 April 2024", exact=True).click()
    assert page.get_by_text("Kite strings").first.is_visible()
    page.get_by_role("link", name="d1").click()
    assert page.get_by_text("https://example.org/kites-april-2024.csv").first.is_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_a_weight_is_moved_and_the_index_and_its_interval_follow(
    visit: Visit, violations: Violations, address: str, device: str
) -> None:
    visitor = visit(device)
    page = visitor.page
    page.goto(f"{address}compare")
    table = page.get_by_role("region", name="Index with your weights")
    row = table.get_by_role("row", name="Department of Kites (sample)")
    cells = row.locator("td")
    cells.first.wait_for()
    # exp((ln(1 + 0.99 * 80) + ln(1 + 0.99 * 30)) / 2), and the same with 70 and 90
    assert cells.nth(0).inner_text().split()[-1] == "49.6"
    # between the two draws 46.5 and 52.6 nine tenths of the way
    assert [cells.nth(at).inner_text().split()[-1] for at in (1, 2)] == ["46.8", "52.3"]
    slider = page.get_by_label("P2 Managing inputs")
    slider.focus()
    slider.press("Home")
    assert cells.nth(0).inner_text().split()[-1] == "80.2"  # P1 alone: 1 + 0.99 * 80
    assert [cells.nth(at).inner_text().split()[-1] for at in (1, 2)] == ["71.3", "89.1"]
    page.get_by_role("button", name="Published weights").click()
    assert cells.nth(0).inner_text().split()[-1] == "49.6"
    assert violations(page) == []
    assert visitor.said == []


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const isRinged = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const isSeen = box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [one.outerHTML.slice(0, 80), isRinged && isSeen, one.closest('main') !== null];
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button:enabled, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
  .filter(one => one.checkVisibility({visibilityProperty: true})).length"""


def tab(page: Page) -> tuple[str, bool, bool] | None:
    """What has the focus after one more Tab: the element, whether its focus can be seen, whether it is in the main part."""
    page.keyboard.press("Tab")
    found = page.evaluate(FOCUSED)
    return tuple(found) if found else None


def tab_to(page: Page, wanted: Locator) -> None:
    while not wanted.evaluate("one => one === document.activeElement"):
        assert tab(page), "it cannot be reached"


def test_home_sliders_and_a_table_are_used_by_keyboard_alone(visit: Visit, address: str) -> None:
    page = visit("desk").page
    for path in ("", "compare", "public-value/transactions"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        count = page.evaluate(REACHABLE)
        first, *others = [tab(page) for _ in range(count)]
        assert first
        assert "Skip to content" in first[0]
        assert [one for one in (first, *others) if one is None or not one[1]] == [], path
        assert tab(page) is None, f"{path}: the focus does not leave the page after its last element"
        page.goto(address + path)
        tab(page)
        page.keyboard.press("Enter")
        found = tab(page)
        assert found
        assert found[2], f"{path}: the skip link does not lead into the main part"

    page.goto(f"{address}compare")
    cell = page.get_by_role("region", name="Index with your weights").locator("tbody td").first
    cell.wait_for()
    tab_to(page, page.get_by_label("P2 Managing inputs"))
    page.keyboard.press("Home")
    assert cell.inner_text().split()[-1] == "80.2"
    page.goto(f"{address}public-value/transactions")
    tab_to(page, page.locator("th a[href*='_sort=supplier_name']"))
    page.keyboard.press("Enter")
    page.wait_for_url("**_sort=supplier_name")


def test_a_chart_comes_alive_under_the_policy(visit: Visit, violations: Violations, address: str) -> None:
    visitor = visit("desk")
    page = visitor.page
    page.goto(f"{address}departments/dept-of-kites")
    figure = page.locator("#chart-spending")
    figure.get_by_role("button", name="Show values on hover").click()
    page.wait_for_selector("#chart-spending[data-state=live] svg", timeout=60_000)
    assert violations(page) == []
    assert visitor.said == []


def test_without_scripts_every_kind_of_page_shows_what_it_is_for(still: Page, address: str) -> None:
    lacking = []
    for path, words in PAGES.items():
        still.goto(address + path)
        if words not in still.locator("main").inner_text():
            lacking.append((path, words))
    assert lacking == []


def test_without_scripts_charts_are_drawn_and_forms_answer(still: Page, address: str) -> None:
    still.goto(f"{address}compare")
    assert still.locator("#chart-scores svg").is_visible()
    still.get_by_role("button", name="Compare").click()
    assert "family=ministerial_department" in still.url
    still.goto(f"{address}public-value/transactions")
    still.get_by_label("Column of a new filter").select_option("supplier_name")
    still.get_by_label("Value of a new filter").fill("=1+1")
    still.get_by_role("button", name="Apply").click()
    assert still.get_by_role("heading", name="1 row").is_visible()
    still.goto(f"{address}public-value/missing-months")
    still.get_by_label("publisher_id").fill("dept-of-kites")
    still.get_by_role("button", name="Run SQL").click()
    assert "publisher_id=dept-of-kites" in still.url


def test_a_file_is_checked_by_a_page_without_scripts_and_what_was_found_is_accessible(
    visit: Visit, violations: Violations, address: str
) -> None:
    page = visit("phone", "dark").page
    page.goto(f"{address}check")
    page.get_by_label("CSV, XLSX").set_input_files(
        files=[{"name": "kites-april-2024.csv", "mimeType": "text/csv", "buffer": FILE.encode()}]
    )
    page.get_by_role("button", name="Check").click()
    assert page.get_by_text("#REF!").first.is_visible()
    assert page.locator("script").count() == 0
    assert violations(page) == []


def test_the_way_from_the_home_page_to_the_published_line_needs_only_clicks(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("link", name="tables, facets and SQL").click()
    page.get_by_role("link", name="Transactions", exact=True).click()
    page.get_by_label("Search for words").fill("kite strings")
    page.get_by_role("button", name="Apply").click()
    assert page.get_by_role("heading", name="1 row").is_visible()
    page.locator("td.type-pk a").first.click()
    page.get_by_role("link", name="d1", exact=True).click()
    assert page.get_by_text("https://example.org/kites-april-2024.csv").first.is_visible()
    page.close()
