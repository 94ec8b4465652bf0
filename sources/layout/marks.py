"""Words and signs by which rows that are no payments are known; the lists are marks.yaml."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    spec: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("marks.yaml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in spec[mark]))


@lru_cache(maxsize=65_536)
def _is(mark: str, text: str) -> bool:
    return len(text) <= 250 and _pattern(mark).search(text) is not None


def says(mark: str, cell: str) -> bool:
    """Whether the cell carries the mark (a key of marks.yaml)."""
    return _is(mark, cell.strip().lower())
