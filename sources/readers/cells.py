"""A worksheet's typed cell -> the text a person would have seen in it, in one form for all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

MAX_PLAIN = 1e15
"""Up to here a double holds each whole number, and fifteen digits show it without an exponent."""


def cell_text(value: object) -> str:
    """Dates as yyyy-mm-dd (with hh:mm:ss where there is a time), numbers of at most fifteen digits without trailing zeros."""
    match value:
        case str():
            text = value
        case bool():
            text = "TRUE" if value else "FALSE"
        case float():
            text = number_text(value)
        case datetime():
            text = (
                value.isoformat(sep=" ", timespec="seconds") if value.time() != time.min else value.date().isoformat()
            )
        case date():
            text = value.isoformat()
        case time():
            text = value.isoformat(timespec="seconds")
        case timedelta():
            text = _duration_text(value)
        case _:
            text = "" if value is None else str(value)
    return text


def _duration_text(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def number_text(value: float) -> str:
    """Fifteen significant digits, as spreadsheets show: 30000.000000000004 is 30000. An exponent only beyond 1e15 or below 1e-15."""
    if value.is_integer() and abs(value) < MAX_PLAIN:
        return str(int(value))
    text = f"{value:.15g}"
    if "e-" in text and abs(value) >= 1 / MAX_PLAIN:
        digits = 15 + int(text.rsplit("-", 1)[1])
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return text
