"""`publicvalue status`: what the home holds. Changes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pipelines.home import Home, home_root
from pipelines.home_option import home_option
from pipelines.operation.outcome import last_outcome
from pipelines.summary import loaded
from published.standing import read_standing
from published.store import CHANNELS, LATEST, versions


@click.command(
    name="status",
    epilog="""
    \b
    publicvalue status
    publicvalue status --home /data/publicvalue
    publicvalue status --json | jq .releases
    """,
)
@home_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def command(home: Path | None, as_json: bool) -> None:
    """Show the releases, the last run, the home and what it takes on the disk."""
    found = status(home_root(home))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else in_words(found))


def status(root: Path) -> dict[str, Any]:
    """Home, releases by channel (oldest first), summary of the last run that came to its end or None, how the last run of each
    channel ended, sizes in bytes by part.
    """
    home = Home(root)
    return {
        "home": str(root),
        "exists": root.is_dir(),
        "releases": {
            channel: {
                "versions": [str(version) for version in standing],
                "latest": str((home.releases / channel / LATEST).readlink()),
                "path": str(home.releases / channel / LATEST),
                "held": list((noted := read_standing(home.releases / channel)).held),
                "rolled_back": noted.rolled_back,
            }
            for channel in CHANNELS
            if (standing := versions(home.releases / channel)) and (home.releases / channel / LATEST).is_symlink()
        },
        "last_run": loaded(home.last_run),
        "outcomes": {channel: asdict(ended) for channel in CHANNELS if (ended := last_outcome(home, channel))},
        "sizes": home.sizes() if root.is_dir() else {},
    }


def in_words(found: dict[str, Any]) -> str:
    if not found["exists"]:
        return f"Home      {found['home']} (not there yet; `publicvalue run` makes it)"
    lines = [("Home", f"{found['home']}, {_size(sum(found['sizes'].values()))}")]
    lines += [("", f"{part}: {_size(size)}") for part, size in found["sizes"].items() if size]
    for channel, held in found["releases"].items():
        lines.append(
            ("Releases", f"{channel}: {', '.join(held['versions'])}; latest {held['latest']} in {held['path']}")
        )
        lines += [("", f"{one} is held; `publicvalue approve {one}` serves it") for one in held["held"]]
        if back := held["rolled_back"]:
            lines.append(("", f"rolled back to {back['to']} on {back['date']} {back['reason']}".rstrip()))
    if not found["releases"]:
        lines.append(("Releases", "none yet; `publicvalue run` makes one"))
    if last := found["last_run"]:
        lines.append(
            (
                "Last run",
                f"{last['input']} as of {last['as_of']}: release {last['release']} in {last['total_seconds']:.1f} s",
            )
        )
    lines += [
        ("Failed", f"the last run of {channel}, on {ended['ended_at']}: {ended['error']}")
        for channel, ended in found["outcomes"].items()
        if ended["error"]
    ]
    return "\n".join(f"{name:<10}{words}" for name, words in lines)


def _size(size: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size = size // 100 / 10  # type: ignore[assignment]  # one decimal is shown
    return f"{size:,.1f} GB"
