"""`publicvalue approve`: serve a release that was held."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import channel_folder, channel_option, given_home, release_folder, today
from published import store
from published.standing import read_standing, write_standing
from sources.errors import UsageError


@click.command(
    name="approve",
    epilog="""
    \b
    publicvalue approve 1.4.0
    publicvalue approve 1.4.0 --by "A. Reader" --channel live
    """,
)
@click.argument("version", metavar="VERSION")
@click.option("--by", default="", metavar="NAME", help="Who looked at it; noted with the date.")
@channel_option
@home_option
def command(*, version: str, by: str, channel: str | None, home: Path | None) -> None:
    """Serve a release that was held because its totals leave the declared bounds.

    `publicvalue releases` says why it was held, `publicvalue diff` shows the lines.
    """
    held_home = given_home(home)
    with held_home.locked():
        folder = channel_folder(held_home, channel)
        release_folder(folder, version, whole=False)
        standing = read_standing(folder)
        if version not in standing.held and version not in standing.approved:
            waiting = ", ".join(standing.held) or "none is"
            raise UsageError(f"release {version} of channel {folder.name} is not held; held: {waiting}")
        if version in standing.held:
            reasons = standing.held.pop(version)
            standing.approved[version] = {"date": today().isoformat(), "by": by, "reasons": "; ".join(reasons)}
            write_standing(folder, standing)
        # Said again, it does what is left to do where it was killed between the note and the link.
        latest = store.settle(folder)
    click.echo(f"{version} is approved; channel {folder.name} serves {latest}")
