"""`publicvalue serve`: a release in the browser."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pipelines.home import DEFAULT, VARIABLE, Home
from published.store import CHANNELS, find_release


@click.command(
    name="serve",
    epilog=r"""
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
@click.option(
    "--home",
    "home",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Home to serve from; default $PUBLICVALUE_HOME or .publicvalue.",
)
@click.option("--release", "version", metavar="VERSION", help="Version to serve; without it, the channel's latest.")
def command(port: int, host: str, channel: str | None, home: Path | None, version: str | None) -> None:
    """Browse a release: tables, facets, search, SQL, and its files to download. Ctrl-C stops it.

    Nothing is written. The exit code is 2 where there is no release or the port is taken.
    """
    from published.serve import serve  # noqa: PLC0415 - only serving pays for it

    root = Path(home or os.environ.get(VARIABLE) or DEFAULT).absolute()
    channel, release = find_release(Home(root).releases, channel, version)
    click.echo(f"Public Value {release.name}, channel {channel}{' (SAMPLE DATA)' if channel == 'sample' else ''}")
    serve(release, host, port, lambda address: click.echo(f"{address}  Ctrl-C stops it"))
