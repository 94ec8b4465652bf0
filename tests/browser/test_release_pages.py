"""The pages of a release in a real browser: nothing on the console, nothing from another host, nothing cut off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    Visit = Callable[..., Any]

PAGES = [
    "",
    "public-value",
    "public-value/transactions",
    "public-value/transactions?_search=smith&_col=supplier_name&_col=amount_gbp",
    "public-value/transactions/t2",
    "public-value/distributions/d1",
    "public-value?sql=select+supplier_name,+amount_gbp+from+transactions",
]
DEVICES = ["desk", "phone"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(released: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(released) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_pages_load_quietly_from_this_host_alone_and_fit_the_screen(
    visit: Visit, address: str, device: str, scheme: str
) -> None:
    visitor = visit(device, scheme)
    for number, path in enumerate(PAGES):
        visitor.page.goto(address + path)
        assert visitor.overflow() == 0, f"{path} is wider than a {device}"
        visitor.keep(f"{number}-{device}-{scheme}")
    assert visitor.said == []
    assert visitor.elsewhere(address) == []


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
