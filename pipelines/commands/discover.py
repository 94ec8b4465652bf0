"""`publicvalue discover`: what publishers offer, and why each file is taken or left. Fetches pages, and no files."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.home_option import home_option

if TYPE_CHECKING:
    from sources.discovery import Found
    from sources.offers import Offer


@click.command(
    name="discover",
    epilog="""
    \b
    publicvalue discover --publisher hm-treasury           what is taken, and how much is left and why
    publicvalue discover --publisher hm-treasury --left    each file and document that is left, too
    publicvalue discover --json > offers.json              everything, for programs
    """,
)
@click.option(
    "--publisher",
    "publishers",
    multiple=True,
    metavar="ID",
    help="Look at this publisher's places only, or at this outcome dataset's; give it several times for several.",
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m"]), metavar="MONTH", help="Leave files for months before this one."
)
@click.option("--left", "show_left", is_flag=True, help="List what is left too, with the reason.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON document.")
@home_option
def command(
    publishers: tuple[str, ...], since: datetime | None, show_left: bool, as_json: bool, home: Path | None
) -> None:
    """List the files that publishers offer, and why each is taken or left. Fetches pages only, no files.

    Exit code 1 where somebody's places could not be looked at.
    """
    found = _found(publishers, since, home)
    if as_json:
        click.echo(json.dumps([_as_data(one) for one in found], indent=1, ensure_ascii=False))
    else:
        for one in found:
            _show(one, show_left=show_left)
    if any(one.failure or one.problems for one in found):
        raise click.exceptions.Exit(1)


def _found(publishers: tuple[str, ...], since: datetime | None, home: Path | None) -> list[Found]:
    import asyncio  # noqa: PLC0415 - not paid for by --help
    from datetime import UTC  # noqa: PLC0415

    from pipelines.home import open_home  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415
    from sources.fetch import Fetcher  # noqa: PLC0415
    from sources.live import look, looked_for  # noqa: PLC0415
    from sources.outcome_sets import declared_sets  # noqa: PLC0415
    from sources.registry import load_registry  # noqa: PLC0415

    registry = load_registry()
    wanted = looked_for(registry, declared_sets(), publishers)
    opened = open_home(home)

    async def looked() -> list[Found]:
        async with Fetcher(load_settings(opened.root)) as fetcher:
            return await look(
                fetcher,
                wanted,
                registry,
                opened.live,
                today=datetime.now(UTC).date(),
                since=since.date() if since else None,
            )

    with opened.locked():
        return asyncio.run(looked())


def _show(one: Found, *, show_left: bool) -> None:
    taken = [offer for offer in one.offers if offer.is_taken]
    left = [offer for offer in one.offers if not offer.is_taken]
    if one.failure:
        click.echo(f"{one.owner.id}: could not be looked at: {one.failure}", err=True)
        return
    click.echo(f"{one.owner.id}: {len(taken):,} taken, {len(left):,} left")
    for line in one.problems:
        click.echo(f"  {line}", err=True)
    for offer in taken:
        day = f"published {offer.published_date}" if offer.published_date else "day of publication not known"
        whose = f" for {offer.owner_id}" if offer.owner_id != one.owner.id else ""
        click.echo(f"  take  {day}  {_plain(offer.file.file_name)}{whose}: {_plain(offer.why)}")
        click.echo(f"        {offer.file.address}")
    if show_left:
        for offer in left:
            click.echo(f"  leave {_plain(offer.file.title)}: {_plain(offer.why)}\n        {offer.file.address}")
    elif left:
        reasons = Counter(_reason(offer) for offer in left)
        for reason, number in reasons.most_common(6):
            click.echo(f"  leave {number:,}: {reason}")
        click.echo("  give --left to list each of them")


def _reason(offer: Offer) -> str:
    """Without what differs from one to the next, so that they can be counted."""
    return _plain(offer.why).partition(" (")[0].partition(": ")[0]


def _plain(text: str) -> str:
    """On one line, without signs that a terminal obeys."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _as_data(one: Found) -> dict[str, Any]:
    return {
        "owner_id": one.owner.id,
        "kind": one.owner.kind,
        "failure": one.failure or None,
        "problems": one.problems,
        "offers": [
            {
                "publisher_id": offer.owner_id,
                "address": offer.file.address,
                "title": offer.file.title,
                "file_name": offer.file.file_name,
                "form": offer.file.form,
                "byte_count": offer.file.byte_count,
                "page": offer.page,
                "page_title": offer.page_title,
                "published_date": offer.published_date.isoformat() if offer.published_date else None,
                "is_taken": offer.is_taken,
                "why": offer.why,
            }
            for offer in one.offers
        ],
    }
