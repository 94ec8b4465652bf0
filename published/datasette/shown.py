"""How the templates show values: money in few digits, months and days in words, codes without underscores, addresses.

Belongs here: what jinja is given beside a page's answers. Does not belong here: what the answers are.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from markupsafe import Markup

from published.reports import charts
from published.reports.text import counted
from published.reports.words import STATUS_MARKS, STATUS_WORDS, TIERS
from sources.schema.model import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STATIC = Path(__file__).parent / "static"
NUMBERS = {"pounds", "exact", "count", "score", "value", "measured", "share", "chance", "size"}
"""Kinds of cells that stand to the right."""
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def pounds(amount: float) -> str:
    """£27.5 billion, £214.3 million, £9,812."""
    size, sign = abs(amount), "-" if amount < 0 else ""
    for unit, word in ((1e9, "billion"), (1e6, "million")):
        if size >= unit * 0.99995:
            return f"{sign}£{size / unit:,.1f} {word}"
    return f"{sign}£{size:,.0f}"


def day(value: str) -> str:
    """25 November 2026; text that is no date stays as it is."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found.day} {found:%B %Y}"


def moment(value: str) -> str:
    """25 November 2026, 06:30 UTC."""
    found = datetime.fromisoformat(value).astimezone(UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def long(seconds: float) -> str:
    """A length of time in its largest unit: 40 seconds, 2 hours, 3 days."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            return counted(int(seconds // size), unit)
    return "less than a second"


def month(value: str) -> str:
    """November 2026; text that is no date stays as it is."""
    try:
        return f"{date.fromisoformat(value):%b %Y}"
    except ValueError:
        return value


def code_words(value: object) -> str:
    """A code as words, and a pillar's with its name; anything else as it is."""
    text = "Index" if value == "index" else str(value)
    if text in codes("pillars"):
        return f"{text} {codes('pillars')[text].rstrip('.')}"
    if CODE.fullmatch(text):
        return text.replace("_", " ").capitalize()
    return text


def in_words(code: str) -> str:
    """A code or a name in small letters as it begins a line: `too_early` is Too early, `late` is Late."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]


def withheld_words(reason: str) -> str:
    """Why a score is withheld, as the schema says it; a reason that it does not know, as words."""
    return codes("withheld_reasons").get(reason) or in_words(reason)


def measured(value: float, unit: str | None) -> str:
    """A measured value with its unit: 72.68%, £1,204.50, 3.10 days. A unit that is only described goes unsaid."""
    number = f"{value:,.2f}"
    if unit and unit.startswith("the "):
        return number
    if unit == "GBP":
        return f"-£{number[1:]}" if value < 0 else f"£{number}"
    return f"{number}%" if unit == "%" else f"{number} {unit}" if unit else number


def link_to(base: str, column: str) -> Callable[[Mapping[str, Any]], str | None]:
    """Address of a row's own page: `base` and the value of `column`."""
    return lambda row: f"{base}{tilde_encode(str(row[column]))}" if row[column] else None


def report_link(reports: Sequence[str]) -> Callable[[Mapping[str, Any]], str]:
    """Address of a publisher's report, or of its page where there is none."""
    held = set(reports)
    return lambda row: (
        f"/reports/{row['publisher_id']}/" if row["publisher_id"] in held else f"/departments/{row['publisher_id']}"
    )


def calendar_strip(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """The calendar as a picture, in words, and what its letters mean."""
    years: dict[int, list[str | None]] = {}
    for row in rows:
        due = date.fromisoformat(row["due_month"])
        years.setdefault(due.year, [None] * 12)[due.month - 1] = row["calendar_status"]
    words = charts.in_words([row["calendar_status"] for row in rows])
    picture = charts.calendar("calendar", "Calendar of publication", words, years)
    seen = {row["calendar_status"] for row in rows}
    key = Markup(" ").join(
        Markup('<span><span class="key st-key-{}" aria-hidden="true">{}</span> {}</span>').format(
            code, mark, STATUS_WORDS[code]
        )
        for code, mark in STATUS_MARKS.items()
        if code in seen
    )
    return Markup(
        '<figure><div class="picture-wrapper" tabindex="0" role="region" aria-label="Calendar of publication">{}</div>'
        '<figcaption>{}. <span class="legend">{}</span></figcaption></figure>'
    ).format(picture, words, key)


@cache
def asset(name: str) -> str:
    """Address of a file of static/ that changes with its content, so that it can be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?{digest}"


GLOBALS: dict[str, Any] = {
    "tier_codes": list(TIERS),
    "vega": f"/assets/vega.js?{version('vl-convert-python')}",
    "numbers": NUMBERS,
    "link_to": link_to,
    "report_link": report_link,
    "calendar_strip": calendar_strip,
    "asset": asset,
    "tilde_encode": tilde_encode,
}
FILTERS = {
    "pounds": pounds,
    "day": day,
    "moment": moment,
    "long": long,
    "month": month,
    "code_words": code_words,
    "in_words": in_words,
    "withheld_words": withheld_words,
    "measured": measured,
    "tier_words": lambda tier: TIERS[tier],
}
