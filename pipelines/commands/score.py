"""`publicvalue score`: a body's scorecard, why its index changed, and what other weights or values would make of it."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.home import home_root
from pipelines.home_option import home_option
from published.store import CHANNELS, LATEST
from sources.errors import UsageError

NOTE = "A proxy measured from open data; no rating under the Public Value Framework."


@click.command(
    name="score",
    epilog="""
    \b
    publicvalue score                                    who can be asked about
    publicvalue score sample-kites                       a scorecard
    publicvalue score --explain sample-kites             why its index changed since the year before
    publicvalue score --explain sample-kites --from 2022-23 --to 2024-25    the same between two years
    publicvalue score --explain sample-kites --from 1.0.0    the same since what a release published
    publicvalue score sample-kites --what-if C1=31 --weights weights.yaml
    """,
)
@click.argument("entity", required=False)
@click.option("--explain", metavar="ENTITY", help="Explain the change of this body's index.")
@click.option(
    "--from",
    "earlier",
    metavar="RELEASE|YEAR",
    help="With --explain: since what this release published, or since this financial year, as 2022-23. [default: the year before]",
)
@click.option(
    "--to",
    "later",
    metavar="RELEASE|YEAR",
    help="With --explain: up to this release, or this financial year. [default: the newest]",
)
@click.option(
    "--what-if",
    "what_if",
    metavar="MEASURE=VALUE",
    multiple=True,
    help="The index if a measure had this value. Give it several times for several.",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="YAML or JSON of weights by measure, area or pillar; what it does not name weighs 1.",
)
@click.option("--channel", type=click.Choice(list(CHANNELS)), help="Whose release. [default: the one built last]")
@home_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def command(  # noqa: PLR0917 - one parameter an option
    entity: str | None,
    explain: str | None,
    earlier: str | None,
    later: str | None,
    what_if: tuple[str, ...],
    weights: Path | None,
    channel: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Show how a body does, why that changed, and what would change it."""
    import duckdb  # noqa: PLC0415 - a third of a second that --help does not pay

    from pipelines.scoring import answers, ask, released  # noqa: PLC0415 - see above

    if entity and explain and entity != explain:
        raise UsageError(f"{entity} and --explain {explain}: ask about one body at a time")
    if (earlier or later) and not explain:
        raise UsageError("--from and --to explain a change: give --explain BODY with them")
    if explain and (what_if or weights):
        raise UsageError(
            "--explain is about what happened, --what-if and --weights about what did not: ask one at a time"
        )
    if (what_if or weights) and not entity:
        raise UsageError("--what-if and --weights need a body: publicvalue score BODY --what-if C1=31")
    release, old, new = _ends(_release(home_root(home), channel), earlier, later)
    with duckdb.connect() as con:
        held = released.load(con, release, is_sample=release.parent.name == "sample")
        asked = explain or entity
        if asked is None:
            found: dict[str, Any] = {
                "bodies": sorted(one.id for one in held.bodies.values() if one.family not in ask.ONLY_SHOWN)
            }
            lines = found["bodies"]
        else:
            body = ask.body_of(held, asked)
            if explain:
                found, lines = answers.explained(con, held, body, old, new)
            elif what_if or weights:
                found, lines = answers.changed(held, body, _given(what_if), _weights(weights))
            else:
                found = {"entity_id": body.id, **ask.scorecard(con, release, body)}
                lines = answers.card(body, found)
    click.echo(
        json.dumps(found, indent=2, default=str, ensure_ascii=False)
        if as_json
        else "\n".join([*lines, "", f"Release {release.resolve().name}. {NOTE}"])
    )


def _release(home: Path, channel: str | None) -> Path:
    folders = [home / "releases" / one / LATEST for one in ([channel] if channel else CHANNELS)]
    standing = [folder for folder in folders if folder.exists()]
    if not standing:
        raise UsageError(f"{home}: there is no release yet; `publicvalue run` makes one")
    newest = max(standing, key=lambda folder: folder.lstat().st_mtime)
    return newest.parent / newest.resolve().name


def _ends(newest: Path, earlier: str | None, later: str | None) -> tuple[Path, Path | date | None, date | None]:
    """The release that is asked, and from what (a release or a year) up to which year. UsageError where the two do not go together."""
    ends = [_end(newest, name, given) for name, given in (("--from", earlier), ("--to", later))]
    old, new = ends
    if (isinstance(old, Path) and isinstance(new, date)) or (isinstance(old, date) and isinstance(new, Path)):
        raise UsageError(f"--from {earlier} --to {later}: give two releases or two years")
    return (new, old, None) if isinstance(new, Path) else (newest, old, new)


def _end(newest: Path, name: str, given: str | None) -> Path | date | None:
    if given is None:
        return None
    if year := re.fullmatch(r"(\d{4})-(\d{2})", given):
        first, second = int(year[1]), int(year[2])
        if (first + 1) % 100 != second:
            raise UsageError(f"{name} {given}: a financial year is written 2024-25")
        return date(first + 1, 3, 31)
    folder = newest.parent / given
    if not re.fullmatch(r"\d+\.\d+\.\d+", given) or not folder.is_dir():
        raise UsageError(f"{name} {given}: there is no such release in {newest.parent}; a year is written 2024-25")
    return folder


def _given(what_if: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for one in what_if:
        measure, _, value = one.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise UsageError(f"--what-if {one}: give a measure and a number, as C1=31")
        found[measure.strip().upper()] = number
    return found


def _weights(path: Path | None) -> dict[str, float] | None:
    if path is None:
        return None
    import yaml  # noqa: PLC0415 - not needed without the option

    wanted = "give names of measures, areas or pillars with a number each, as `P1: 2`"
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise UsageError(f"--weights {path}: cannot be read ({wrong.strerror})") from wrong
    except yaml.MarkedYAMLError as wrong:
        at = f", line {wrong.problem_mark.line + 1}" if wrong.problem_mark else ""
        raise UsageError(f"--weights {path}{at}: is no YAML or JSON; {wanted}") from wrong
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise UsageError(f"--weights {path}: is no text of YAML or JSON; {wanted}") from wrong
    if not isinstance(loaded, dict) or not loaded:
        raise UsageError(f"--weights {path}: {wanted}")
    found = {}
    for name, weight in loaded.items():
        if (
            isinstance(weight, bool)
            or not isinstance(weight, int | float)
            or not (math.isfinite(weight) and weight >= 0)
        ):
            raise UsageError(f"--weights {path}: {name} is {weight!r}; a weight is a number, 0 or more")
        # YAML reads 1.1 as a number; it is an area's name here.
        found[str(name)] = float(weight)
    return found
