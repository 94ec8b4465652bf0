"""Which single-byte codec a text was written in, by the characters each would make of its bytes over the whole file."""

from __future__ import annotations

from collections.abc import Mapping

CANDIDATES = ("cp1252", "cp850", "mac_roman")  # the first wins a tie: by far the most common

# What a character costs as a reading of a byte in a British publication. Between pound sign and box drawing lies the
# whole decision: 0x9C is £ in cp850 and oe in cp1252, 0xD5 an apostrophe in Mac Roman and O-tilde in cp1252.
EXPECTED = "£–—‘’“”•…\xa0"
PLAUSIBLE = "éèêëáàâäíìîïóòôöúùûüçñß€®™©°½¼¾·´\xad§ÿ"
UNUSUAL = "ÉÈÊËÁÀÂÄÍÌÎÏÓÒÔÖÚÙÛÜÇÑÅåØøÆæ¢¥«»±²³µ¿"
COST_EXPECTED, COST_PLAUSIBLE, COST_UNUSUAL, COST_RARE_LETTER, COST_SYMBOL, COST_UNDEFINED = 0, 2, 3, 4, 6, 8


def _is_undefined(byte: int) -> bool:
    try:
        bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return True
    return False


UNDEFINED_IN_CP1252 = frozenset(byte for byte in range(0x80, 0xA0) if _is_undefined(byte))

# For text decoded as Latin-1: cp1252, with its five undefined bytes as the control characters of that number, as browsers do.
C1_AS_CP1252 = {byte: ord(bytes([byte]).decode("cp1252")) for byte in range(0x80, 0xA0) if not _is_undefined(byte)}


def _cost(byte: int, codec: str) -> int:
    try:
        character = bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return COST_UNDEFINED
    for characters, cost in ((EXPECTED, COST_EXPECTED), (PLAUSIBLE, COST_PLAUSIBLE), (UNUSUAL, COST_UNUSUAL)):
        if character in characters:
            return cost
    return COST_RARE_LETTER if character.isalpha() and character not in "ƒªºı" else COST_SYMBOL


COSTS = {codec: {byte: _cost(byte, codec) for byte in range(0x80, 0x100)} for codec in CANDIDATES}


def best_codec(counts: Mapping[int, int]) -> str:
    """The candidate that makes the fewest improbable characters of bytes from 0x80 up; `counts` is how often each occurs."""
    return min(CANDIDATES, key=lambda codec: sum(COSTS[codec][byte] * count for byte, count in counts.items()))
