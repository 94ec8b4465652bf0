"""What the feeds tell: one entry a release, of the whole and of each publisher, newest first.

Belongs here: which releases are told, and the words. Does not belong here: counting (published/changed.py and
changed_publishers.py) or the form of a feed (atom.py).
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from markupsafe import Markup

from published.changed import changed
from published.deltas import ADDED, DELETED, MODIFIED
from published.listing import built_at
from published.metadata.use import PUBLISHER
from published.reports.text import counted, money, month, period, shown
from published.reports.words import SEVERITIES, STATUS_WORDS
from published.site.atom import Author, Entry, Feed
from published.site.held import read_package
from published.standing import read_standing
from published.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from published.changed_publishers import PublisherChange
    from published.site.held import Held

WHOLE = "/feed.atom"
TOLD = 30
"""How many releases a feed goes back."""
SHOWN = 10
"""How many of a kind an entry names; the rest is counted."""
OPERATIONS = {ADDED: "added", MODIFIED: "corrected", DELETED: "gone"}


def publisher_address(publisher_id: str) -> str:
    """Where the feed of a publisher is."""
    return f"{_page(publisher_id)}/feed.atom"


def release_feed(held: Held) -> Feed:
    """Every release, with what it changed in which dataset."""
    entries = [_release_entry(held, version) for version in _told(held)]
    return _feed(
        held,
        WHOLE,
        "/releases",
        title="Releases of Public Value",
        subtitle="What each release changed.",
        entries=entries,
    )


def publisher_feed(held: Held, publisher_id: str, name: str) -> Feed:
    """The releases that changed something about one publisher; `name` is its name."""
    address = publisher_address(publisher_id)
    found = [(version, held.changed_publishers(version).get(publisher_id)) for version in _told(held)]
    return _feed(
        held,
        address,
        _page(publisher_id),
        title=f"{name} in Public Value",
        subtitle=f"What changed from release to release in the lists of {name} and in what the rules find in them.",
        entries=[
            Entry(
                id=_lasting_id(held, address, version),
                title=f"{name}, release {version}: {_in_short(one)}",
                updated=_time(held, version),
                link=f"{held.address}{_page(publisher_id)}",
                html=_in_full(one),
            )
            for version, one in found
            if one
        ],
    )


def _page(publisher_id: str) -> str:
    return f"/departments/{tilde_encode(publisher_id)}"


def _told(held: Held) -> list[str]:
    """Versions up to the one served. One that was held for approval and never served is told too: the next one's changes are
    those since.
    """
    served = Version.parse(held.release.name)
    return [version for version in held.versions if Version.parse(version) <= served][:TOLD]


def _feed(held: Held, address: str, page: str, *, title: str, subtitle: str, entries: Sequence[Entry]) -> Feed:
    package = held.package
    licence = package["licenses"][0]["title"]
    attribution = next(iter(held.tables.values()))["attribution"]
    is_mail = held.corrections.startswith("mailto:")
    mail = held.corrections.removeprefix("mailto:").partition("?")[0] if is_mail else ""
    return Feed(
        id=_lasting_id(held, address),
        title=f"{title} – SAMPLE DATA, invented" if package["isSample"] else title,
        subtitle=subtitle,
        updated=_time(held, held.release.name),
        address=f"{held.address}{address}",
        link=f"{held.address}{page}",
        author=Author(PUBLISHER, held.address, mail),
        rights=f"{licence}. {attribution}",
        entries=entries,
    )


def _release_entry(held: Held, version: str) -> Entry:
    folder = held.release.with_name(version)
    difference = changed(folder)
    parts = [_p(f"Data as of {read_package(folder)['asOf']}.")]
    if version in read_standing(held.release.parent).held:
        parts.append(_p("It was held for approval and was not served itself; the release after it holds its changes."))
    if difference is None:
        parts.append(_p("The first release of this line, or one whose predecessor is no longer here."))
    else:
        parts += [_p(f"Against {difference['from']}:"), _ul(difference["why"])]
        parts.append(_listed("Datasets that differ", [_dataset(one) for one in difference["datasets"]]))
    return Entry(
        id=_lasting_id(held, WHOLE, version),
        title=f"Release {version}",
        updated=_time(held, version),
        link=f"{held.address}/releases#v{version}",
        html=Markup().join(parts),
    )


def _dataset(one: dict[str, Any]) -> str:
    """Money is told of payment lines alone: other datasets hold the same again."""
    moves = one["money"] if one["name"] == "transactions" else []
    moved = "".join(f"; {field['field']} moved by {money(Decimal(field['moved']))}" for field in moves)
    return f"{one['title']}: {_counts(one) or 'other columns'}{moved}"


def _counts(lines: Mapping[str, Any]) -> str:
    """Numbers of lines by operation, in words; empty where there are none."""
    return ", ".join(f"{lines[kind]:,} {word}" for kind, word in OPERATIONS.items() if lines.get(kind))


def _in_short(one: PublisherChange) -> str:
    new, gone = (sum(number for *_, number in one.findings.get(kind, [])) for kind in (ADDED, DELETED))
    files = len(one.files.get(ADDED, [])) + one.replaced
    said = [
        counted(files, "new or replaced file") if files else "",
        counted(new, "new finding") if new else "",
        f"{counted(gone, 'finding')} gone" if gone else "",
    ]
    return ", ".join(words for words in said if words) or "corrections"


def _in_full(one: PublisherChange) -> Markup:
    counts = _counts(one.lines)
    parts = [
        _listed("Lists that are new", [_list_words(*listed) for listed in one.lists.get(ADDED, [])]),
        _listed("Lists that changed", [_list_words(*listed) for listed in one.lists.get(MODIFIED, [])]),
        _listed("Lists that are gone", [_list_words(*listed) for listed in one.lists.get(DELETED, [])]),
        _listed("New files", [shown(file) for file in one.files.get(ADDED, [])]),
        _listed("Files no longer offered", [shown(file) for file in one.files.get(DELETED, [])]),
        _p(f"{counted(one.replaced, 'file')} replaced under the same address.") if one.replaced else Markup(),
        _p(f"Payment lines: {counts}.") if counts else Markup(),
        _listed("New findings", [_finding(*found) for found in one.findings.get(ADDED, [])]),
        _listed("Findings gone", [_finding(*found) for found in one.findings.get(DELETED, [])]),
        _listed("Months due", [f"{month(due)}: {STATUS_WORDS.get(state, state).lower()}" for due, state in one.months]),
    ]
    return Markup().join(parts)


def _list_words(series: str, start: Any, end: Any) -> str:
    kind = {"spend_over_threshold": "", "purchasing_card": " (purchasing cards)"}.get(series, " (kind not stated)")
    return f"{period(start, end)}{kind}"


def _finding(severity: str, title: str, number: int) -> str:
    return f"{counted(number, *SEVERITIES.get(severity, [severity, severity]))}: {title}"


def _listed(heading: str, lines: Sequence[str]) -> Markup:
    if not lines:
        return Markup()
    more = [f"and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return _p(f"{heading} ({len(lines):,}):") + _ul([*lines[:SHOWN], *more])


def _p(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def _ul(lines: Sequence[str]) -> Markup:
    items = Markup().join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<ul>{}</ul>").format(items) if lines else Markup()


def _lasting_id(held: Held, *parts: str) -> str:
    """The same for the same thing on the same site, whatever becomes of pages and hosts in between."""
    name = "\n".join((held.address, str(held.package["channel"]), *parts))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _time(held: Held, version: str) -> str:
    """When a release was built; where its provenance is lost, the day that its data are of."""
    folder = held.release.with_name(version)
    return built_at(folder) or f"{read_package(folder)['asOf']}T00:00:00+00:00"
