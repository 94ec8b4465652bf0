"""`publicvalue run`: the main job."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipelines import progress
from pipelines.choose import RunOptions


@click.command(
    name="run",
    epilog="""
    \b
    publicvalue run                                   the embedded sample
    publicvalue run --mirror ./files                  files as published, in ./files/spend/<publisher>/
    publicvalue run --mirror ./files --publisher hm-treasury
    publicvalue run --sample-rows 2000000             a larger sample
    publicvalue run --home /data/publicvalue          state in a place of your choice (or $PUBLICVALUE_HOME)
    """,
)
@click.option(
    "--mirror",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of files as published: spend/<publisher>/<files>, optionally outcomes/<dataset>/<files> and manifest.csv.",
)
@click.option(
    "--publisher",
    "publishers",
    multiple=True,
    metavar="ID",
    help="Look at this publisher's files only; give it several times for several. The release holds the others as they "
    "were read last, and nothing of them in a fresh home.",
)
@click.option(
    "--sample-rows", type=int, metavar="N", help="About how many rows the sample is to hold, up to 50,000,000."
)
@click.option(
    "--home", type=click.Path(path_type=Path), metavar="DIR", help="Where state lives. [default: .publicvalue]"
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day on which the run is to be, yyyy-mm-dd. [default: today]",
)
def command(
    mirror: Path | None, publishers: tuple[str, ...], sample_rows: int | None, home: Path | None, as_of: datetime | None
) -> None:
    """Read the input's files, build the tables, prove the invariants and make a release.

    Findings about the data are no failures: the exit code is 0 when the job is done, 1 when it is not, 2 where it was
    asked for something that cannot be. A second run reads only what changed; a run that was stopped can be started again.
    """
    from pipelines.assets.launch import launch  # noqa: PLC0415 - a second that --help does not pay
    from pipelines.summary import in_words  # noqa: PLC0415

    day: date | None = as_of.date() if as_of else None
    summary = launch(RunOptions(mirror, publishers, sample_rows, home, day), progress.for_terminal())
    click.echo(in_words(summary))
