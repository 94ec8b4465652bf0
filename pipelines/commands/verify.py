"""`publicvalue verify`: is a release what it was, and does it come out the same again?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import (
    channel_folder,
    channel_option,
    given_home,
    json_option,
    release_folder,
)


@click.command(
    name="verify",
    epilog="""
    \b
    publicvalue verify 1.2.0
    publicvalue verify latest --checksums-only
    """,
)
@click.argument("version", metavar="VERSION")
@click.option("--checksums-only", is_flag=True, help="Do not build it again.")
@channel_option
@home_option
@json_option
def command(*, version: str, checksums_only: bool, channel: str | None, home: Path | None, as_json: bool) -> None:
    """Check every file of a release, then build it again from the stored files and compare byte for byte.

    Where other code made it, that code is named instead. The exit code is 1 where a file is not what was released or comes
    out otherwise.
    """
    from pipelines.rebuild import check_files, in_words, rebuild  # noqa: PLC0415 - a second that --help does not pay

    held = given_home(home)
    with held.locked():
        release = release_folder(channel_folder(held, channel), version, whole=False)
        verified = check_files(release)
        if not checksums_only:
            rebuild(held, release, verified)
    click.echo(json.dumps(asdict(verified), indent=2, ensure_ascii=False) if as_json else in_words(verified))
    if not verified.holds:
        raise click.exceptions.Exit(1)
