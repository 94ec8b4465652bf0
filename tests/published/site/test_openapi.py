"""The document of the JSON twins, and whether the site keeps to it: a running server asked with what schemathesis makes of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx
import openapi_spec_validator
import pytest
import uvicorn
import yaml

from published.serve import _listen, open_release
from published.site import openapi
from published.site.declared import pages
from published.site.extras import EXTRAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED = [
    "--phases=examples,coverage,fuzzing", "--max-examples=20", "--checks=all", "--continue-on-failure",
    "--generation-deterministic", "--no-color", "--workers=1",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(released_site: Path) -> Iterator[str]:
    listening = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(open_release(released_site).app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listening.close()


def test_the_document_is_valid_and_names_every_page_its_columns_and_what_is_added(address: str) -> None:
    document = httpx.get(f"{address}{openapi.ADDRESS}", trust_env=False).json()
    openapi_spec_validator.validate(document)
    assert len(document["paths"]) == len(pages())
    operation = document["paths"]["/departments/{publisher_id}.json"]["get"]
    data = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]["properties"]
    assert data["months"]["items"]["properties"]["amount_real_gbp"]["type"] == ["number", "null"]
    assert data["report"] == {"type": ["string", "null"]}
    assert operation["parameters"][0]["example"] == "dept-of-kites"


def test_all_that_is_added_to_a_page_is_described() -> None:
    assert set(yaml.safe_load(openapi.EXTRAS.read_text(encoding="utf-8"))) == set(EXTRAS)


def test_the_server_answers_as_the_document_says_whatever_is_asked(address: str, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text("[warnings]\nfail-on = true\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{address}{openapi.ADDRESS}", *ASKED],
        cwd=tmp_path, env={"NO_PROXY": "127.0.0.1", "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Tested: {len(pages())}" in run.stdout
