"""`publicvalue run`: the main job."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipelines.choose import RunOptions
from pipelines.home_option import home_option
from sources.errors import UsageError


@click.command(
    name="run",
    epilog="""
    \b
    publicvalue run                                   the embedded sample
    publicvalue run --mirror ./files                  files as published, in ./files/spend/<publisher>/
    publicvalue run --mirror ./files --publisher hm-treasury
    publicvalue run --live                            fetch what is published, then read it
    publicvalue run --live --publisher hm-treasury --since 2025-04
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
    "--live",
    is_flag=True,
    help="Look at GOV.UK and the register's other places, fetch what is new or changed, and read what is held then.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m"]),
    metavar="MONTH",
    help="With --live: fetch only files for this month, yyyy-mm, or later ones. What was fetched before stays.",
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
    "--sample-rows",
    type=int,
    metavar="N",
    help="About how many rows the sample is to hold, up to 50,000,000. Its results are those of the embedded sample.",
)
@home_option
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day on which the run is to be, yyyy-mm-dd. [default: today]",
)
@click.option(
    "--data-docs",
    is_flag=True,
    help="Also run the rules through Great Expectations and write its Data Docs to data-docs/ in the home; the site shows them.",
)
@click.option(
    "--charts",
    is_flag=True,
    help="Also draw the charts of the site's pages now; else the site draws them when it starts, and those asked for first.",
)
def command(
    *,
    mirror: Path | None,
    live: bool,
    since: datetime | None,
    publishers: tuple[str, ...],
    sample_rows: int | None,
    home: Path | None,
    as_of: datetime | None,
    data_docs: bool,
    charts: bool,
) -> None:
    """Read the input's files, build the tables, prove the invariants and make a release.

    Findings about the data are no failures: the exit code is 0 when the job is done, 1 when it is not, 2 where it was
    asked for something that cannot be, 3 where the release is held for approval because its totals jump. A second run reads only what changed; a run that was stopped can be started again.
    """
    from pipelines.assets.launch import launch  # noqa: PLC0415 - a second that --help does not pay
    from pipelines.operation.records import progress_for  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415
    from pipelines.summary import in_words  # noqa: PLC0415

    if live and mirror is not None:
        raise UsageError("--live and --mirror are two inputs; give one of them")
    if since is not None and not live:
        raise UsageError("--since says what is fetched; give --live with it")
    day: date | None = as_of.date() if as_of else None
    first: date | None = since.date() if since else None
    options = RunOptions(mirror, publishers, sample_rows, home, day, live, first, data_docs, charts)
    summary = launch(options, progress_for(load_settings(home)))
    click.echo(in_words(summary))
    if summary.held:
        raise click.exceptions.Exit(3)
