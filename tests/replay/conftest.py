"""The replay server as a fixture, and its corpora."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sources.one_step import replace_file

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"replay_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass
class Server:
    """A replay server under way."""

    address: str
    corpus: Path

    def fault(self, *faults: tuple[str, str, int]) -> None:
        """(pattern of the path, kind, how often) each."""
        self._post("faults", [{"match": match, "kind": kind, "times": times} for match, kind, times in faults])

    def log(self) -> list[list[Any]]:
        """Path, status, range, host and user agent of each request since the last look."""
        with urllib.request.urlopen(f"{self.address}/_replay/log", timeout=10) as answer:  # noqa: S310 - our own server
            found: list[list[Any]] = json.loads(answer.read())
        return found

    def change(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Change the corpus under the server's feet."""
        path = self.corpus / "corpus.json"
        held = json.loads(path.read_text(encoding="utf-8"))
        edit(held)
        replace_file(path, json.dumps(held))
        self._post("reload", None)

    def settings(self, **more: Any) -> dict[str, Any]:
        """What points the client at the server."""
        return {
            "govuk_search": f"{self.address}/api/search.json",
            "govuk_content": f"{self.address}/api/content",
            "govuk_assets": self.address,
            "fetch_allow_loopback": True,
            "fetch_rate": 0,
            "fetch_concurrency": 20,
            "fetch_wait": 0.01,
            "fetch_attempts": 3,
            **more,
        }

    def environment(self, **more: str) -> dict[str, str]:
        """The same for a process."""
        named = {f"PUBLICVALUE_{name.upper()}": str(value) for name, value in self.settings().items()}
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**clean, **named, **more}

    def _post(self, what: str, body: Any) -> None:
        request = urllib.request.Request(f"{self.address}/_replay/{what}", json.dumps(body).encode())  # noqa: S310 - as above
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - as above


@contextlib.contextmanager
def serving(corpus: Path) -> Iterator[Server]:
    command = [sys.executable, str(HERE / "server.py"), str(corpus)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), corpus)
        finally:
            process.kill()  # an answer that drips would be waited for


@pytest.fixture(scope="session")
def corpora() -> Any:
    """The module that makes corpora."""
    return _load("corpus")


@pytest.fixture(scope="session")
def tls() -> Any:
    """The module of the TLS server and its certificates."""
    return _load("tls_server")


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Server]]:
    """Starts a server for a corpus; stopped at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda corpus: stack.enter_context(serving(corpus))
