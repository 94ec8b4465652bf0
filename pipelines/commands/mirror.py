"""`publicvalue mirror`: a folder of files as published, for use without a network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

MAX_LINES = 20


@click.command(
    name="mirror",
    epilog="""
    \b
    publicvalue mirror ./files                        everything that is offered for the register
    publicvalue mirror ./files --publisher hm-treasury --since 2025-04
    publicvalue mirror ./files                        again: only what is new or changed is fetched
    publicvalue run --mirror ./files                  read it, without a network
    """,
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--publisher",
    "publishers",
    multiple=True,
    metavar="ID",
    help="Fetch this publisher's files only, or this outcome dataset's; give it several times for several.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m"]),
    metavar="MONTH",
    help="Fetch only files for this month, yyyy-mm, or later ones. What was fetched before stays.",
)
def command(folder: Path, publishers: tuple[str, ...], since: datetime | None) -> None:
    """Fetch into DIR what publishers offer, laid out as `publicvalue run --mirror DIR` reads it, with a manifest.csv.

    A second run fetches only what is new or changed; one that was stopped goes on. What is no longer offered is moved to
    DIR/withdrawn. What could not be fetched is said, and does not stop the rest: the exit code is 1 then.
    """
    from pipelines import progress  # noqa: PLC0415 - not paid for by --help
    from pipelines.fetching import fetch_into  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415

    month = since.date() if since else None
    synced = fetch_into(
        folder, only=publishers, since=month, progress=progress.for_terminal(), settings=load_settings()
    )
    click.echo(f"{folder}: {synced.in_words}.")
    for line in synced.problems[:MAX_LINES]:
        click.echo(f"  {line}", err=True)
    if len(synced.problems) > MAX_LINES:
        click.echo(f"  and {len(synced.problems) - MAX_LINES:,} more", err=True)
    if synced.problems:
        raise click.exceptions.Exit(1)
    click.echo(f"To read it: publicvalue run --mirror {folder}")
