"""A browser, and a release served to it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from axe_playwright_python.base import AXE_SCRIPT

from published.serve import _listen, open_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"desk": 1280, "phone": 360}
CHECK = (sys.executable, "-m", "pipelines.cli", "check", "--json")
CHROMIUM = Path(os.environ.get("PUBLICVALUE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium")


@contextmanager
def served(release: Path) -> Iterator[str]:
    listening = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(open_release(release, check=CHECK).app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


@pytest.fixture(scope="session")
def serving() -> Callable[[Path], AbstractContextManager[str]]:
    """Serves a release as long as the context lasts; gives its address."""
    return served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each module: as long as it lives, its event loop forbids others in this thread."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no chromium at {CHROMIUM}: apt-get install chromium, or name it in PUBLICVALUE_CHROMIUM")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """A page of a certain width and scheme that notes what the console says and what is asked for."""

    def __init__(self, browser: Browser, device: str, scheme: Any = None) -> None:
        self.device, self.shots = device, os.environ.get("PUBLICVALUE_SCREENSHOTS")
        self.context = browser.new_context(viewport={"width": WIDTHS[device], "height": 900}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def turn(self, device: str, scheme: Any) -> None:
        """The page that is open, at another width and in another scheme."""
        self.device = device
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": WIDTHS[device], "height": 900})

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def keep(self, name: str) -> None:
        """A screenshot of the whole page, where somebody wants to look."""
        if self.shots:
            self.page.screenshot(path=Path(self.shots) / f"{name}.png", full_page=True)

    def elsewhere(self, address: str) -> list[str]:
        """What was asked of other hosts."""
        return [url for url in self.asked if not url.startswith((address, "data:"))]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """visit(device, scheme): a visitor, whose pages are closed when the test ends."""
    visitors: list[Visitor] = []

    def come(device: str, scheme: Any = None) -> Visitor:
        visitors.append(Visitor(browser, device, scheme))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[Any]]:
    """What axe finds wrong with a page. It is brought into a page once, however often it is asked."""

    def found(page: Page) -> list[Any]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        answer = page.evaluate("axe.run({resultTypes: ['violations']}).then(results => results.violations)")
        return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in answer]

    return found


@pytest.fixture(scope="session")
def faults(violations: Callable[[Page], list[Any]]) -> Callable[..., dict[str, Any]]:
    """Faults of pages, by path: what axe finds and whether it is wider than the screen, on a desk in light and on a phone in
    dark. A page is loaded once, and turned from the one into the other.
    """

    def look(visitor: Visitor, address: str, paths: list[str], kept_as: str) -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        for number, path in enumerate(paths):
            visitor.turn("desk", "light")
            visitor.page.goto(address + path)
            for device, scheme in (("desk", "light"), ("phone", "dark")):
                visitor.turn(device, scheme)
                if device == "phone":  # what is folded, too
                    visitor.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                found = violations(visitor.page)
                if wide := visitor.overflow():
                    found.append(f"{wide} pixels wider than the screen")
                if found:
                    wrong[f"{path} on a {device}"] = found
                visitor.keep(f"{kept_as}-{number}-{device}-{scheme}")
        return wrong

    return look
