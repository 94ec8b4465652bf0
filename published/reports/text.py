"""Text from outside made fit to be shown: on a page, in a spreadsheet, on a terminal, as the name of a file.

Belongs here: what is done to a value so that it can do no harm where it is shown. Does not belong here: HTML escaping, which
the templates do everywhere, or what is said about a value.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from decimal import Decimal

VALUE_LENGTH = 200
DETAIL_LENGTH = 400
FOLDER_LENGTH = 100
SAFE_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MARKS = {"\n": "↵", "\r": "↵", "\t": "⇥"}
FORMULA = r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r\n]"
"""What a spreadsheet may take for a formula (OWASP, CSV injection), also after blanks; an expression of DuckDB and of Python."""


def shown(value: str | None, limit: int = VALUE_LENGTH) -> str:
    """`value` on one line and at most `limit` characters of it, saying how many there are.

    Control characters, marks that change the direction of writing, and other invisible ones are shown by their number, as
    [U+202E], so that they can be seen and cannot act.
    """
    if value is None:
        return ""
    if len(value) <= limit and value.isprintable():
        return value
    start = "".join(_visible(character) for character in value[:limit])
    return start if len(value) <= limit else f"{start}… ({len(value):,} characters)"


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character == "\u00a0" else MARKS.get(character, f"[U+{ord(character):04X}]")


def folder_name(identifier: str) -> str:
    """Name of a file or folder for `identifier`: itself where that is harmless, else a likeness with a hash behind it."""
    if len(identifier) <= FOLDER_LENGTH and SAFE_NAME.fullmatch(identifier):
        return identifier
    likeness = re.sub(r"[^a-z0-9]+", "-", identifier.lower())[:60].strip("-")
    return f"{likeness or 'x'}-{hashlib.sha256(identifier.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def money(value: Decimal | None) -> str:
    """Pounds and pence: £1,234.50."""
    if value is None:
        return ""
    return f"{'-' if value < 0 else ''}£{abs(value):,.2f}"


def day(value: date | None) -> str:
    """3 April 2024."""
    return "" if value is None else f"{value.day} {value:%B %Y}"


def month(value: date | None) -> str:
    """April 2024."""
    return "" if value is None else f"{value:%B %Y}"


def period(start: date | None, end: date | None) -> str:
    """A period as people name it: April 2024, January to March 2024, 2023-24, or its two days."""
    if start is None or end is None:
        return "Period not known"
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole and (start.year, start.month) == (end.year, end.month):
        return month(start)
    if whole and (start.month, end.month, end.year - start.year) == (4, 3, 1):
        return f"{start.year}-{end.year % 100:02}"
    if whole:
        return f"{start:%B}{'' if start.year == end.year else f' {start.year}'} to {month(end)}"
    return f"{day(start)} to {day(end)}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """1 line; 2,000 lines."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
