from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
from click.testing import CliRunner

from pipelines.commands.serve import command
from sources.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "pipelines.cli", "serve"]


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[str, str]]:
    """The command itself on a free port; yields what it printed and its address, and stops it as Ctrl-C would."""
    process = subprocess.Popen(
        [*COMMAND, "--home", str(home), "--port", "0", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        yield first, second.split()[0]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=20) in {0, 130}
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def failing(*options: str) -> str:
    result = CliRunner().invoke(command, options)
    assert isinstance(result.exception, UsageError)
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_the_command_serves_pages_and_files_of_the_latest_release(released: Path) -> None:
    with served(released.parents[2]) as (said, address):
        assert said == "Public Value 1.0.0, channel sample (SAMPLE DATA)\n"
        assert "What public bodies pay" in httpx.get(address).text
        part = httpx.get(f"{address}download/transactions.parquet", headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"PAR1")
        facet = httpx.get(f"{address}public-value/transactions.json?_facet=payee_kind&_search=smith").json()
        assert facet["facet_results"]["payee_kind"]["results"][0]["count"] == 2
        assert httpx.get(f"{address}download/..%2f..%2flatest").status_code == 404
        health = httpx.get(f"{address}health")
        assert (health.status_code, health.json()) == (200, {"ok": True, "version": "1.0.0", "channel": "sample"})
        assert "default-src 'none'" in httpx.head(address).headers["content-security-policy"]


def test_without_a_release_the_remedy_is_named(tmp_path: Path) -> None:
    assert failing("--home", str(tmp_path / "home")).endswith("yet: run `publicvalue run` first")
    assert not (tmp_path / "home").exists()


def test_a_channel_or_version_that_is_not_there_names_those_that_are(released: Path) -> None:
    home = ["--home", str(released.parents[2])]
    assert failing(*home, "--channel", "live").endswith("there is one of sample")
    assert failing(*home, "--release", "9.9.9") == "channel sample has no release 9.9.9; choose one of 1.0.0"
    assert failing(*home, "--release", "../../x").startswith("channel sample has no release ../../x")


def test_a_taken_port_names_the_option(released: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert failing("--home", str(released.parents[2]), "--port", port).endswith("choose another with --port")


def test_the_channel_most_recently_released_is_served(released: Path, tmp_path: Path) -> None:
    for channel in ("sample", "mirror"):
        (tmp_path / "releases" / channel).mkdir(parents=True)
        shutil.copytree(released, tmp_path / "releases" / channel / "1.0.0")
        (tmp_path / "releases" / channel / "latest").symlink_to("1.0.0")
    with served(tmp_path) as (said, _):
        assert said == "Public Value 1.0.0, channel mirror\n"


def test_help_shows_examples() -> None:
    assert "publicvalue serve --release 1.0.0" in CliRunner().invoke(command, ["--help"]).output


def test_it_waits_for_the_first_release_where_that_is_asked_for(released: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [*COMMAND, "--home", str(home), "--port", "0", "--wait", "--channel", "sample"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "no release of channel sample yet; waiting for the first\n"
        shutil.copytree(released.parents[2], tmp_path / "aside", symlinks=True).rename(home)
        assert process.stdout.readline() == "Public Value 1.0.0, channel sample (SAMPLE DATA)\n"
        assert httpx.get(process.stdout.readline().split()[0]).status_code == 200
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
