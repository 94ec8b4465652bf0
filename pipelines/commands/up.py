"""`publicvalue up`: everything that runs every day, kept running."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.home import open_home
from pipelines.home_option import home_option

if TYPE_CHECKING:
    from pipelines.settings import Settings


@click.command(
    name="up",
    epilog="""
    \b
    publicvalue up --live                       fetch and release every day
    publicvalue up --mirror ./files             look at a folder every day
    publicvalue up --home /data/publicvalue
    """,
)
@click.option(
    "--mirror",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that the daily run reads. [default: the sample]",
)
@click.option("--live", is_flag=True, help="The daily run fetches what publishers offer.")
@home_option
def command(mirror: Path | None, home: Path | None, *, live: bool) -> None:
    """Start the site, Dagster's web interface and its daemon together; start again what dies. Ctrl-C stops all.

    Ports, schedule and addresses are settings: see `publicvalue settings`. Dagster's web interface has no login and
    listens on this machine only; docs/operations.md says how to put it behind one. Before the first release the site waits.
    """
    from pipelines.assets.instance import make_stores, set_environment  # noqa: PLC0415 - brings Dagster's neighbours
    from pipelines.assets.work import LIVE_VARIABLE, MIRROR_VARIABLE  # noqa: PLC0415
    from pipelines.operation.supervise import Process, Supervisor  # noqa: PLC0415
    from sources.errors import UsageError  # noqa: PLC0415

    if live and mirror is not None:
        raise UsageError("--live and --mirror are two inputs; give one of them")
    if mirror is not None and not mirror.is_dir():
        raise UsageError(f"{mirror}: no such folder; give --mirror the folder that holds spend/<publisher>/<files>")
    found = open_home(home)
    settings = set_environment(found)
    make_stores(found)
    os.environ.pop(MIRROR_VARIABLE, None)
    os.environ.pop(LIVE_VARIABLE, None)
    if mirror is not None:
        os.environ[MIRROR_VARIABLE] = str(mirror.resolve())
    if live:
        os.environ[LIVE_VARIABLE] = "1"
    python, module = sys.executable, ["-m", "pipelines.definitions"]
    processes = [
        Process(
            "site",
            [
                python,
                "-m",
                "pipelines.cli",
                "serve",
                *_served(settings, "live" if live else "mirror" if mirror else "sample"),
            ],
            found.root,
        ),
        # In the home's folder, else Dagster warns of the dagster.yaml in the project's.
        Process(
            "dagster",
            [python, "-m", "dagster_webserver", *module, "-h", "127.0.0.1", "-p", str(settings.dagster_port)],
            found.dagster,
        ),
        Process("daemon", [python, "-m", "dagster._daemon", "run", *module], found.dagster),
    ]
    click.echo(f"site      http://{settings.web_host}:{settings.web_port}/")
    click.echo(f"dagster   http://127.0.0.1:{settings.dagster_port}/ (no login; this machine only)")
    click.echo(f"daily run {settings.schedule} {settings.schedule_timezone}. Ctrl-C stops all")
    Supervisor(processes, lambda words: click.echo(words, err=True)).run()
    click.echo("stopped.")


def _served(settings: Settings, channel: str) -> list[str]:
    """Options of `publicvalue serve`: the channel that the daily run fills, whatever else the home holds."""
    options = ["--wait", "--channel", channel, "--host", settings.web_host, "--port", str(settings.web_port)]
    if settings.site_address:
        options += ["--address", settings.site_address]
    return [*options, "--check-uploads"] if settings.check_uploads else options
