"""Where in the bytes something was noticed. Codes of notes are declared in schema/codes/reading_notes."""

from __future__ import annotations


def line_at(data: bytes, offset: int) -> int:
    """Physical line, from 1, of the byte at `offset`; CR, LF and CR LF each end a line."""
    breaks = data.count(b"\n", 0, offset) + data.count(b"\r", 0, offset) - data.count(b"\r\n", 0, offset)
    inside_pair = offset > 0 and data[offset - 1 : offset + 1] == b"\r\n"
    return breaks + 1 - inside_pair
