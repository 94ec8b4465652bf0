"""The page where a file is checked, with files that mean harm."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from published.datasette import uploads
from published.serve import open_release

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

CHECK = (sys.executable, "-m", "pipelines.cli", "check", "--json")
LINES = """Department family,Entity,Date,Expense Type,Expense area,Supplier,Transaction number,Amount
Department of Kites,Kites,03/04/2024,String,Sky,Smith & Sons Ltd,1,25000.00
Department of Kites,Kites,04/04/2024,String,Sky,<script>alert(1)</script>,2,#REF!
"""


UNPACKED = 1 << 26


def bomb(size: int) -> bytes:
    """An archive whose one member unpacks to `size` bytes of blanks, a thousand times its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(size >> 20):
            member.write(b" " * (1 << 20))
    return target.getvalue()


@pytest.fixture(scope="module")
def app(released: Path) -> ASGIApp:
    return open_release(released, check=CHECK).app


def post(app: ASGIApp, path: str = "/check", **more: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.post(path, timeout=120, **more)

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


def test_a_program_gets_the_same_as_json_and_so_does_a_refusal(app: ASGIApp) -> None:
    account = post(app, "/check.json", files={"file": ("kites-april-2024.csv", LINES)})
    assert account.headers["cache-control"] == "no-store"
    assert account.json()["files"][0]["lines"] == 2
    assert "amount_spreadsheet_error" in {one["rule_id"] for one in account.json()["rules"] if one["result"] == "fail"}
    refused = post(app, "/check.json", files={"file": ("a.exe", b"MZ")})
    assert (refused.status_code, refused.json()["ok"]) == (400, False)
    document = asyncio.run(got(app, "/openapi.json")).json()
    assert set(account.json()) >= set(
        document["paths"]["/check.json"]["post"]["responses"]["200"]["content"]["application/json"]["schema"][
            "required"
        ]
    )
    assert asyncio.run(got(app, "/check.json")).status_code == 405


async def got(app: ASGIApp, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
        return await client.get(path)


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


def test_a_file_of_more_than_ten_megabytes_arrives_whole_and_is_gone_afterwards(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = (
        "import json, pathlib, sys; size = pathlib.Path(sys.argv[1]).stat().st_size; "
        "print(json.dumps({'files': [{'file': str(size)}], 'rules': []}))"
    )
    large = open_release(released, check=(sys.executable, "-c", told)).app
    response = post(large, files={"file": ("a.csv", b"x" * 12_000_000)})
    assert (response.status_code, "12000000" in response.text) == (200, True)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_unpacks_a_thousandfold_is_not_opened_and_nothing_stays(
    app: ASGIApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    response = post(app, files={"file": ("spend-april-2024.zip", bomb(UNPACKED))})
    assert response.status_code == 200
    assert "it would unpack to 1028 times its size" in response.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.csv", '"><script>alert(1)<!--.csv', "a&lt;b&gt;.csv"])
def test_markup_in_the_name_of_a_file_is_no_markup(released: Path, name: str) -> None:
    told = (
        "import json, sys; name = sys.argv[1].rsplit('/', 1)[1]; "
        "print(json.dumps({'files': [{'file': name, 'tier': 'sound', 'tier_reason': '<b>x</b>'}], 'rules': []}))"
    )
    response = post(open_release(released, check=(sys.executable, "-c", told)).app, files={"file": (name, LINES)})
    assert response.status_code == 200
    assert "&lt;b&gt;x&lt;/b&gt;" in response.text
    for markup in ("<img", "<script", "<b>"):
        assert markup not in response.text


async def dripping(body: bytes = b"--q\r\n") -> AsyncIterator[bytes]:
    yield body
    await asyncio.sleep(60)


FORM = {"content-type": "multipart/form-data; boundary=q"}


def test_a_sender_that_dawdles_is_let_go_with_a_remedy(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "RECEIVE_SECONDS", 0.05)
    response = post(app, content=dripping(), headers=FORM)
    assert (response.status_code, "publicvalue check" in response.text) == (408, True)


def test_of_files_sent_together_one_is_checked_few_are_received_and_the_others_are_asked_to_wait(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.01)\nprint('{{}}')"
    app = open_release(released, check=(sys.executable, "-c", waits)).app

    async def together() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            first = asyncio.create_task(client.post("/check", files={"file": ("a.csv", LINES)}))
            while not uploads.ONE_AT_A_TIME.locked():  # noqa: ASYNC110 - nobody tells when the check begins
                await asyncio.sleep(0.01)
            second = await client.post("/check", files={"file": ("b.csv", LINES)})
            slow = [
                asyncio.create_task(client.post("/check", content=dripping(), headers=FORM))
                for _ in range(uploads.MOST_RECEIVED)
            ]
            while not uploads.RECEIVING.locked():  # noqa: ASYNC110 - nor when the last one is received
                await asyncio.sleep(0.01)
            third = await client.post("/check", files={"file": ("c.csv", LINES)})
            for one in slow:
                one.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            (tmp_path / "go").touch()
            after = await first
            last = await client.post("/check", files={"file": ("d.csv", LINES)})
            return [one.status_code for one in (second, third, after, last)]

    assert asyncio.run(together()) == [503, 503, 200, 200]
    assert [path.name for path in tmp_path.iterdir()] == ["go"]


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
