"""The page where a file is checked, with files that mean harm."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from published.datasette import uploads
from published.serve import open_release

if TYPE_CHECKING:
    from starlette.types import ASGIApp

CHECK = (sys.executable, "-m", "pipelines.cli", "check", "--json")
LINES = """Department family,Entity,Date,Expense Type,Expense area,Supplier,Transaction number,Amount
Department of Kites,Kites,03/04/2024,String,Sky,Smith & Sons Ltd,1,25000.00
Department of Kites,Kites,04/04/2024,String,Sky,<script>alert(1)</script>,2,#REF!
"""


@pytest.fixture(scope="module")
def app(released: Path) -> ASGIApp:
    return open_release(released, check=CHECK).app


def post(app: ASGIApp, **more: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.post("/check", timeout=120, **more)

    return asyncio.run(request())


def test_without_the_setting_there_is_no_such_page(released: Path) -> None:
    assert post(open_release(released).app, files={"file": ("a.csv", LINES)}).status_code == 405


def test_a_file_is_checked_by_the_rules_its_text_is_no_markup_and_nothing_stays(
    app: ASGIApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    response = post(app, files={"file": ("../../kites-april-2024.csv", LINES)})
    assert response.status_code == 200
    assert "kites-april-2024.csv" in response.text
    assert "#REF!" in response.text
    assert "<script>alert" not in response.text
    assert response.headers["cache-control"] == "no-store"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (("a.exe", b"MZ"), 400),
        (("", b"x"), 400),
        (("a.csv", b"x" * (uploads.MOST_BYTES + 1)), 413),
        (("a.sh\n.csv.py", b"x"), 400),
    ],
)
def test_what_is_no_list_of_payments_or_too_large_is_refused_with_a_remedy(
    app: ASGIApp, file: tuple[str, bytes], status: int
) -> None:
    response = post(app, files={"file": file})
    assert response.status_code == status
    assert 'role="alert"' in response.text


def test_a_body_that_is_no_form_is_refused(app: ASGIApp) -> None:
    assert post(app, content=b"x=1", headers={"content-type": "text/plain"}).status_code == 400
    assert post(app, content=b"x", headers={"content-type": "multipart/form-data; boundary=q"}).status_code == 400
    assert post(app, content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400


def test_memory_and_time_of_the_check_are_limited(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MEMORY_MIB", 256)
    greedy = open_release(released, check=(sys.executable, "-c", "bytearray(1 << 30); print('{}')")).app
    response = post(greedy, files={"file": ("a.csv", LINES)})
    assert response.status_code in {400, 503}
    assert "limits" in response.text or "could not read" in response.text
    monkeypatch.setattr(uploads, "WALL_SECONDS", 0.5)
    slow = open_release(released, check=(sys.executable, "-c", "import time; time.sleep(60)")).app
    response = post(slow, files={"file": ("a.csv", LINES)})
    assert (response.status_code, "took longer" in response.text) == (503, True)
