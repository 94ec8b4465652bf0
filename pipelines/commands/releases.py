"""`publicvalue releases`: what was released, what is held, what is served; and which whole files are kept."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import (
    channel_folder,
    channel_option,
    given_home,
    json_option,
    release_folder,
    today,
)
from published.standing import read_standing
from sources.errors import UsageError


@click.command(
    name="releases",
    epilog="""
    \b
    publicvalue releases
    publicvalue releases --channel live --json
    publicvalue releases --prune                   drop whole files of old releases (published/retention.yaml)
    publicvalue releases --restore 1.2.0           build them again
    """,
)
@click.option("--prune", is_flag=True, help="Drop the whole files that the retention rule lets go.")
@click.option("--restore", metavar="VERSION", help="Build the dropped whole files of this release again.")
@channel_option
@home_option
@json_option
def command(*, prune: bool, restore: str | None, channel: str | None, home: Path | None, as_json: bool) -> None:
    """List the releases of a channel, newest first.

    Metadata, reports and deltas of every release are kept for ever; what --prune drops, --restore builds again, and takes
    only where each file has the checksum that it had.
    """
    from published.listing import in_words, releases  # noqa: PLC0415 - a part of a second that --help does not pay

    if prune and restore:
        raise UsageError("--prune and --restore are opposites; give one of them")
    held = given_home(home)
    folder = channel_folder(held, channel)
    if prune or restore:
        with held.locked():
            words = _prune(folder) if prune else _restore(folder, str(restore))
        click.echo(words, err=as_json)
        if not as_json:
            return
    found = releases(folder)
    rolled_back = read_standing(folder).rolled_back
    if as_json:
        described = {"channel": folder.name, "rolled_back": rolled_back, "releases": found}
        click.echo(json.dumps(described, indent=2, ensure_ascii=False))
    else:
        click.echo(in_words(folder.name, found, rolled_back))


def _prune(folder: Path) -> str:
    from published.retention import prune  # noqa: PLC0415 - only here

    freed = prune(folder, today())
    if not freed:
        return "nothing to drop: the retention rule keeps the whole files of every release"
    named = ", ".join(f"{version} ({size / 1e6:,.1f} MB)" for version, size in freed.items())
    return f"dropped the whole files of {named}; `publicvalue releases --restore VERSION` builds them again"


def _restore(folder: Path, version: str) -> str:
    from published.restoring import restore  # noqa: PLC0415 - brings DuckDB
    from published.version import Version  # noqa: PLC0415 - with it

    release = release_folder(folder, version, whole=False)
    names = restore(folder, Version.parse(release.name))
    return (
        f"{release.name}: {len(names)} files built again, each with the checksum it had"
        if names
        else f"{release.name} is whole already"
    )
