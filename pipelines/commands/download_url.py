"""`publicvalue download-url`: where a file of a release can be had."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import click

from pipelines.home_option import home_option
from pipelines.release_options import channel_folder, channel_option, given_home, release_folder
from published.metadata.checksums import read_checksums
from published.store import LATEST
from sources.errors import UsageError

FORMATS = ("csv", "csv.gz", "parquet", "sqlite")
BASE = "http://127.0.0.1:8001"


@click.command(
    name="download-url",
    epilog="""
    \b
    publicvalue download-url transactions
    publicvalue download-url transactions --format csv --version 1.2.0
    publicvalue download-url suppliers --base https://data.example.org
    duckdb -c "SELECT count(*) FROM '$(publicvalue download-url transactions)'"
    """,
)
@click.argument("dataset", metavar="DATASET")
@click.option("--version", "version", default=LATEST, show_default=True, metavar="VERSION", help="Release.")
@click.option("--format", "kind", default="parquet", show_default=True, type=click.Choice(FORMATS), help="Format.")
@click.option("--base", default=BASE, show_default=True, metavar="URL", help="Address at which releases are served.")
@channel_option
@home_option
def command(*, dataset: str, version: str, kind: str, base: str, channel: str | None, home: Path | None) -> None:
    """Print the address of a dataset's file, as `publicvalue serve` (or a copy made by `publish`) has it.

    An address with a version never changes its content; one with `latest` leads to the newest.
    """
    if not base.startswith(("http://", "https://", "s3://")):
        raise UsageError(f"--base {base}: give an address that begins with http://, https:// or s3://")
    folder = channel_folder(given_home(home), channel)
    release = release_folder(folder, version)
    names = read_checksums(release)
    name = "public-value.sqlite" if kind == "sqlite" else f"{dataset}.{kind}"
    if f"{dataset}.parquet" not in names:
        known = ", ".join(
            sorted(one.removesuffix(".parquet") for one in names if one.endswith(".parquet") and "/" not in one)
        )
        raise UsageError(f"release {release.name} has no dataset {dataset}; there are {known}")
    if name not in names:
        raise UsageError(f"release {release.name} has no {name}; choose another --format")
    click.echo(f"{base.rstrip('/')}/{version if version == LATEST else release.name}/{quote(name)}")
