"""`publicvalue serve`: a release in the browser."""

from __future__ import annotations

import contextlib
import sys
import time
from functools import partial
from pathlib import Path

import click

from pipelines.home import Home, home_root
from pipelines.home_option import home_option
from pipelines.operation.state import kept, operation
from pipelines.settings import load_settings
from published.errors import NoReleaseError
from published.store import CHANNELS, LATEST, find_release

LOOK_EVERY = 2.0
"""Seconds between two looks for the first release."""


@click.command(
    name="serve",
    epilog="""
    \b
    publicvalue serve
    publicvalue serve --port 8080 --channel mirror
    publicvalue serve --release 1.0.0
    """,
)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--channel", type=click.Choice(CHANNELS), help="Release line; without it, the one most recently released."
)
@home_option
@click.option("--release", "version", metavar="VERSION", help="Version to serve; without it, the channel's latest.")
@click.option(
    "--address", default="", metavar="URL", help="The site's own address, where it differs from host and port."
)
@click.option(
    "--check-uploads",
    is_flag=True,
    help="Offer a page where a file is dropped and checked. It is not kept; one at a time, within limits.",
)
@click.option("--wait", is_flag=True, help="Where there is no release yet, wait for the first instead of ending.")
def command(
    *,
    port: int,
    host: str,
    channel: str | None,
    home: Path | None,
    version: str | None,
    address: str,
    check_uploads: bool,
    wait: bool,
) -> None:
    """Browse a release: departments, suppliers, outcomes, tables, SQL, and its files to download. Ctrl-C stops it.

    Without --release it moves on to each new release within seconds, and requests go on meanwhile. Nothing is written.
    The exit code is 2 where there is no release or the port is taken.
    """
    from published.serve import serve  # noqa: PLC0415 - only serving pays for it

    root = home_root(home)
    settings = load_settings(root)
    channel, release = (_when_there if wait else find_release)(Home(root).releases, channel, version)
    click.echo(f"Public Value {release.name}, channel {channel}{' (SAMPLE DATA)' if channel == 'sample' else ''}")
    serve(
        release,
        host,
        port,
        lambda listened: click.echo(f"{listened}  Ctrl-C stops it"),
        latest=None if version else release.with_name(LATEST),
        address=address,
        corrections=settings.corrections_address,
        repository=settings.repository_address,
        operation=kept(partial(operation, Home(root), channel, settings.alert_days_silent)),
        check=(sys.executable, "-m", "pipelines.cli", "check", "--json") if check_uploads else (),
    )


def _when_there(releases: Path, channel: str | None, version: str | None) -> tuple[str, Path]:
    """As find_release, whenever that may be."""
    with contextlib.suppress(NoReleaseError):
        return find_release(releases, channel, version)
    click.echo(f"no release{f' of channel {channel}' if channel else ''} yet; waiting for the first")
    while True:
        time.sleep(LOOK_EVERY)
        with contextlib.suppress(NoReleaseError):
            return find_release(releases, channel, version)
