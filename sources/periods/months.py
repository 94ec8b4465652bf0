"""The words for months, as data and as a pattern. Reading dates and periods around them belongs elsewhere."""

from __future__ import annotations

from pathlib import Path

import yaml


def _load() -> dict[str, int]:
    data = yaml.safe_load(Path(__file__).with_name("months.yaml").read_text(encoding="utf-8"))
    words: dict[str, int] = {}
    for number, name in enumerate(data["names"], start=1):
        for length in range(3, len(name) + 1):
            words[name[:length]] = number
        for spelling in data["spellings"].get(name, ()):
            words[spelling] = number
    return words


MONTHS: dict[str, int] = _load()
"""Lower-case word to month number."""

MONTH_PATTERN = "|".join(sorted(MONTHS, key=lambda word: (-len(word), word)))
"""Alternation of all words, longest first; lower case."""
