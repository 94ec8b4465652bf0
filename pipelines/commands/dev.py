"""`publicvalue dev`: Dagster's web interface over the home."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pipelines.home import open_home
from pipelines.home_option import home_option


@click.command(
    name="dev",
    epilog="""
    \b
    publicvalue dev
    publicvalue dev --port 3001 --mirror ./files
    """,
)
@click.option(
    "--mirror",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that runs started there read. [default: the sample]",
)
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def command(mirror: Path | None, home: Path | None, port: int) -> None:
    """Open Dagster's web interface, on this machine only: assets, runs, checks."""
    from pipelines.assets.instance import set_environment  # noqa: PLC0415 - brings Dagster
    from pipelines.assets.work import MIRROR_VARIABLE  # noqa: PLC0415

    found = open_home(home)
    set_environment(found)
    if mirror is not None:
        os.environ[MIRROR_VARIABLE] = str(mirror.resolve())
    os.chdir(found.dagster)  # else Dagster warns of the dagster.yaml in the project's folder
    arguments = ["-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own interpreter, no shell
