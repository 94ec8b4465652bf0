"""`publicvalue rollback`: serve an earlier release again."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import channel_folder, channel_option, given_home, release_folder, today
from published import store
from published.standing import read_standing, write_standing
from sources.errors import UsageError


@click.command(
    name="rollback",
    epilog="""
    \b
    publicvalue rollback 1.3.0 --reason "1.4.0 counts one month twice"
    publicvalue rollback 1.4.0                     back to the newest: ends the roll-back
    """,
)
@click.argument("version", metavar="VERSION")
@click.option("--reason", default="", metavar="TEXT", help="Why; noted with the date.")
@channel_option
@home_option
def command(*, version: str, reason: str, channel: str | None, home: Path | None) -> None:
    """Move `latest` to VERSION. Nothing is deleted.

    A run that finds nothing new leaves it there; the next release that differs from the newest is served again.
    """
    held_home = given_home(home)
    with held_home.locked():
        folder = channel_folder(held_home, channel)
        release_folder(folder, version)
        standing = read_standing(folder)
        if version in standing.held:
            raise UsageError(
                f"release {version} is held; look at it and say `publicvalue approve {version}` to serve it"
            )
        free = [str(one) for one in store.versions(folder) if str(one) not in standing.held]
        is_newest = version == free[-1]
        standing.rolled_back = (
            None if is_newest else {"to": version, "newest": free[-1], "date": today().isoformat(), "reason": reason}
        )
        write_standing(folder, standing)
        store.settle(folder)
    until = "the newest release" if is_newest else "until a release comes that differs from the newest"
    click.echo(f"channel {folder.name} serves {version}, {until}")
