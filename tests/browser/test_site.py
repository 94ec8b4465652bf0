"""The pages of the site in a real browser: axe, console, outside hosts, widths, and each reader's journey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page

    Visit = Callable[..., Any]
    Violations = Callable[[Page], list[Any]]

pytestmark = pytest.mark.browser
PAGES = [
    "", "search?q=smith", "departments", "departments/dept-of-kites", "suppliers", "suppliers/smith~20and~20sons", "outcomes",
    "outcomes/winds/flights_pct", "quality", "datasets", "datasets/transactions", "compare", "releases", "texts",
    "texts/methodology", "texts/rules", "status", "public-value/missing-months", "departments/none",
]  # fmt: skip
DEVICES = ["desk", "phone"]


@pytest.fixture(scope="module")
def address(released_site: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(released_site) as address:
        yield address


@pytest.mark.parametrize(("device", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_pages_are_accessible_quiet_and_fit(
    visit: Visit, violations: Violations, address: str, device: str, scheme: str
) -> None:
    visitor = visit(device, scheme)
    wrong: dict[str, Any] = {}
    for number, path in enumerate(PAGES):
        visitor.page.goto(address + path)
        visitor.page.wait_for_load_state("networkidle")
        assert visitor.overflow() == 0, f"{path} is wider than a {device}"
        if found := violations(visitor.page):
            wrong[path] = found
        visitor.keep(f"site-{number}-{device}-{scheme}")
    assert wrong == {}
    assert [text for text in visitor.said if "404" not in text] == []
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
def test_a_weight_is_moved_and_the_index_and_its_interval_follow(visit: Visit, address: str, device: str) -> None:
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
    assert visitor.said == []


def test_a_chart_comes_alive_under_the_policy(visit: Visit, violations: Violations, address: str) -> None:
    visitor = visit("desk")
    page = visitor.page
    page.goto(f"{address}departments/dept-of-kites")
    figure = page.locator("#chart-spending")
    figure.get_by_role("button", name="Show values on hover").click()
    page.wait_for_selector("#chart-spending[data-state=live] svg", timeout=60_000)
    assert violations(page) == []
    assert visitor.said == []


def test_pages_work_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}compare")
    assert page.get_by_role("region", name="Index with intervals").get_by_text("Absent Body").is_visible()
    assert page.locator("#chart-scores svg").is_visible()
    context.close()
