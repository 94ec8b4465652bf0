"""`publicvalue publish`: releases to a folder or a bucket."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import channel_folder, channel_option, given_home, release_folder
from published import store
from published.standing import read_standing
from sources.errors import UsageError


@click.command(
    name="publish",
    epilog="""
    \b
    publicvalue publish --to /srv/data
    publicvalue publish --to s3://bucket/public-value --channel live
    publicvalue publish --to s3://bucket/public-value --all
    AWS_ENDPOINT_URL=https://objects.example.org publicvalue publish --to s3://bucket/prefix
    """,
)
@click.option("--to", "target", required=True, metavar="DIR|s3://BUCKET/PREFIX", help="Where to.")
@click.option("--all", "every", is_flag=True, help="Every release that is whole and not held, not only the one served.")
@channel_option
@home_option
def command(*, target: str, every: bool, channel: str | None, home: Path | None) -> None:
    """Copy the release that is served, read every file back, and write latest.json last.

    Files that are there with the right bytes are not sent again. Credentials come from the environment alone:
    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and where needed AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL.
    """
    from published.publish_to import publish  # noqa: PLC0415 - half a second that --help does not pay

    held = given_home(home)
    with held.locked():
        folder = channel_folder(held, channel)
        latest = release_folder(folder, None)
        if Path(target).resolve().is_relative_to(held.root.resolve()):
            raise UsageError(f"--to {target}: this is inside the home; give a place outside it")
        standing = read_standing(folder)
        chosen = [
            folder / str(version)
            for version in store.versions(folder)
            if str(version) not in standing.held and (folder / str(version) / store.WHOLE).exists()
        ]
        for one in publish(chosen if every else [latest], latest.name, target):
            click.echo(
                f"{one.version}: {one.sent} files sent and read back, {one.stood} were there; {one.byte_count / 1e6:,.1f} MB"
            )
    click.echo(f"{target} names {latest.name} as the latest")
