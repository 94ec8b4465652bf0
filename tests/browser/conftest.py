"""A browser, and a release served to it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from published.serve import _listen, application

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path(os.environ.get("PUBLICVALUE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium")


@contextmanager
def served(release: Path) -> Iterator[str]:
    listening = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(application(release), log_level="warning"))
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
