"""`publicvalue diff`: what differs between two releases."""

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
)


@click.command(
    name="diff",
    epilog="""
    \b
    publicvalue diff 1.0.0 1.1.0
    publicvalue diff 1.0.0 latest --dataset transactions
    publicvalue diff 1.0.0 latest --dataset suppliers --json --limit 1000
    """,
)
@click.argument("before", metavar="A")
@click.argument("now", metavar="B")
@click.option("--dataset", metavar="NAME", help="Only this dataset, line by line.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many lines --dataset shows."
)
@channel_option
@home_option
@json_option
def command(
    *, before: str, now: str, dataset: str | None, limit: int, channel: str | None, home: Path | None, as_json: bool
) -> None:
    """Compare release A with release B: lines added, modified and deleted by dataset, fields, and sums of money.

    A and B are versions or `latest`. Every line of a difference from one release to the next is in the newer one's deltas/.
    """
    from published.diff import diff_releases, in_words  # noqa: PLC0415 - a second that --help does not pay

    folder = channel_folder(given_home(home), channel)
    found = diff_releases(release_folder(folder, before), release_folder(folder, now), dataset=dataset, limit=limit)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False, default=str) if as_json else in_words(found))
