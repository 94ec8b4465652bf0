"""Options and look-ups that the commands about releases share.

Belongs here: --channel, --json, and finding the channel and version a person means. Does not belong here: what is done to them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from pipelines.home import Home, home_root
from pipelines.home_option import Command
from published import store
from published.errors import NoReleaseError
from published.store import CHANNELS


def channel_option(command: Command) -> Command:
    return click.option(
        "--channel", type=click.Choice(CHANNELS), help="Release line; without it, the one most recently released."
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="The same as JSON.")(command)


def given_home(home: Path | None) -> Home:
    """The home as given, without making it. Raises NoReleaseError where it is not there."""
    root = home_root(home)
    if not root.is_dir():
        raise NoReleaseError(f"{root}: no home is there yet; run `publicvalue run` first, or name another with --home")
    return Home(root)


def channel_folder(home: Home, channel: str | None) -> Path:
    """The folder of the channel meant. Raises NoReleaseError with the remedy where it holds no release."""
    name, _ = store.find_release(home.releases, channel, None, whole=False)
    return home.releases / name


def release_folder(channel_dir: Path, version: str | None, *, whole: bool = True) -> Path:
    """The release of that version, `latest` where none is given. Raises NoReleaseError where it does not stand, or, with
    `whole`, where its whole files were dropped.
    """
    return store.find_release(channel_dir.parent, channel_dir.name, version, whole=whole)[1]


def today() -> date:
    return datetime.now(UTC).date()
