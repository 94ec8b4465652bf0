"""How the characters are written down."""

from __future__ import annotations

from sources.sample.drafts import Draft, money_grouped
from sources.sample.world import words


def _names(draft: Draft, names: list[str]) -> None:
    for place, name in enumerate(names * 3):
        draft.lines[place % len(draft.lines)].supplier = name


def windows_1252(draft: Draft) -> None:
    """Windows' Western alphabet, with pound signs, accents and typographic quotes."""
    draft.encoding = "cp1252"
    draft.money_format = lambda line: f"£{money_grouped(line)}"
    _names(draft, words()["accented"] + words()["typographic"])


def code_page_850(draft: Draft) -> None:
    """The alphabet of old British PCs, in which the pound sign is 0x9C."""
    draft.encoding = "cp850"
    draft.money_format = lambda line: f"£{money_grouped(line)}"


def mac_roman(draft: Draft) -> None:
    """The alphabet of old Macs: a pound sign as in Windows, quotes and accents elsewhere."""
    draft.encoding = "mac_roman"
    draft.money_format = lambda line: f"£{money_grouped(line)}"
    _names(draft, words()["accented"] + words()["typographic"])


def two_encodings_in_a_line(draft: Draft) -> None:
    """Names in UTF-8 beside pound signs of Windows, as two systems left them in one line."""
    draft.money_format = lambda line: f"£{money_grouped(line)}"
    _names(draft, words()["accented"])
    draft.after_encoding.append(lambda data: data.replace("£".encode(), b"\xa3"))


def byte_order_mark(draft: Draft) -> None:
    """UTF-8 with a mark in front."""
    draft.encoding = "utf-8-sig"


def utf_16(draft: Draft) -> None:
    """Two bytes a character, as a spreadsheet's 'Unicode text' has it."""
    draft.encoding = "utf-16"
    draft.delimiter = "\t"


def carriage_returns_only(draft: Draft) -> None:
    """Lines that end as on old Macs."""
    draft.newline = "\r"


def dollar_for_pound(draft: Draft) -> None:
    """Dollar signs where pounds were meant: a spreadsheet with American settings."""
    draft.money_format = lambda line: f"${money_grouped(line)} "
