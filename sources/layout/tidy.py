"""Text cells made fit to publish: control characters and runs of blanks out, empty as None; with flags for what was odd.

Whole columns are looked at first, since most need nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Flags = dict[int, tuple[str, ...]]
"""Codes of schema/codes/flags by place in the column."""

LONGEST_CELL = 32_767
"""Characters kept of a cell: the most that a spreadsheet cell can hold."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_MOJIBAKE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u2018-\u201d\u2020-\u2026\u20ac]|\u00e2\u20ac|\ufffd")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+\d+$")
_ERRORS = re.compile(r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$")
_REDACTING = ("redact", "withheld", "personal", "removed", "disclosed", "protection")
"""One of these stands in every text that _REDACTED finds; looked for first, ten times as fast in a long column."""
_REDACTED = re.compile(
    r"redact|withheld|personal (?:data|information|expense)|name removed|not disclosed|data protection", re.IGNORECASE
)


MANY_TIMES = 4
"""Where texts occur so many times on average, each is looked at once."""


def tidy(name: str, values: list[str]) -> tuple[list[str | None], Flags]:
    """The cells of field `name`, stripped and tidied. At least one cell."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) * MANY_TIMES > len(values):
        return _tidied(name, values)
    texts, found = _tidied(name, distinct)
    flags: Flags = {}
    if found:
        flagged = {distinct[place]: codes for place, codes in found.items()}
        flags = {place: flagged[value] for place, value in enumerate(values) if value in flagged}
    if texts == distinct:
        return list(values), flags
    tidied = dict(zip(distinct, texts, strict=True))
    return [tidied[value] for value in values], flags


def _tidied(name: str, values: list[str]) -> tuple[list[str | None], Flags]:
    flags: Flags = {}
    together = "|".join(values)
    is_printable = together.isprintable()
    if not is_printable or " |" in together or "| " in together or together[:1] == " " or together[-1:] == " ":
        values = list(map(str.strip, values))
        together = "|".join(values)
        is_printable = together.isprintable()
    if len(together) > LONGEST_CELL and max(map(len, values)) > LONGEST_CELL:
        _flag(flags, "cell_truncated", values, lambda value: len(value) > LONGEST_CELL)
        values = [value[:LONGEST_CELL] for value in values]
        together = "|".join(values)
        is_printable = together.isprintable()
    if not is_printable or "  " in together:
        _flag(flags, "text_control_characters", values, _CONTROL.search)
        if not together.isascii():
            _flag(flags, "text_direction_marks", values, _DIRECTION.search)
        values = [_tidy_cell(value) for value in values]
    if not together.isascii():
        _flag(flags, "text_mojibake", values, _MOJIBAKE.search)
    if "#" in together:
        _flag(flags, "spreadsheet_error", values, _ERRORS.match)
    if name == "transaction_number" and ("E+" in together or "e+" in together):
        _flag(flags, "identifier_scientific", values, _SCIENTIFIC.match)
    if name == "supplier_name":
        if "" in values:
            _flag(flags, "supplier_blank", values, lambda value: not value)
        lowered = together.lower()
        if any(word in lowered for word in _REDACTING):
            _flag(flags, "supplier_redacted", values, _REDACTED.search)
    return ([value or None for value in values] if "" in values else list(values)), flags


def _flag(flags: Flags, code: str, values: Sequence[str], test: Callable[[str], object]) -> None:
    for place, value in enumerate(values):
        if test(value):
            flags[place] = (*flags.get(place, ()), code)


def _tidy_cell(value: str) -> str:
    if value.isprintable() and "  " not in value:
        return value
    return _SPACES.sub(" ", _INVISIBLE.sub("", value)).strip()
