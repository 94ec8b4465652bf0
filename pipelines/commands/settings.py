"""`publicvalue settings`: what is set, and where each value came from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.home_option import home_option


@click.command(
    name="settings",
    epilog="""
    \b
    publicvalue settings
    publicvalue settings --json
    PUBLICVALUE_CONTACT=data@example.org publicvalue settings
    """,
)
@home_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(home: Path | None, *, as_json: bool) -> None:
    """Show every setting with its value and where it came from. Secrets are hidden.

    A value comes from the environment (PUBLICVALUE_ and the name in capitals), else from settings.toml in the home (or the
    file that $PUBLICVALUE_SETTINGS names), else it is the default. Lists and tables are JSON in the environment.
    """
    from pipelines.settings import explained  # noqa: PLC0415 - brings pydantic

    found = explained(home)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    width = max(len(one.name) for one in found)
    for one in found:
        value = "(empty)" if one.value in ("", None, [], {}) else json.dumps(one.value, ensure_ascii=False).strip('"')
        click.echo(
            f"{one.name:<{width}}  {value}  ({one.origin})"
            if one.origin != "default"
            else f"{one.name:<{width}}  {value}"
        )
