"""Whether a title speaks of a list of spending, by the words of relevance.yaml, and why."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

MAX_TITLE = 600


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    spec = yaml.safe_load((Path(__file__).parent / "relevance.yaml").read_text(encoding="utf-8"))
    threshold = spec.pop("threshold")
    return {
        name: tuple(re.compile(one.replace("THRESHOLD", threshold)) for one in patterns)
        for name, patterns in spec.items()
    }


def relevance(title: str) -> tuple[bool, str]:
    """Whether it is a spending list, and the words that say so, for people."""
    kind, words = speaks_of(title)
    match kind:
        case "certain" | "likely":
            return True, f"its title speaks of spending ({words!r})"
        case "not_spending":
            return False, f"its title speaks of something else ({words!r})"
    return False, "its title names no list of spending"


def speaks_of(title: str) -> tuple[str, str]:
    """`certain`, `not_spending`, `likely` or an empty string, in that order of weight; and the words that matched."""
    text = re.sub(r"[-_\s]+", " ", title[:MAX_TITLE].lower())
    for kind, patterns in _patterns().items():
        for pattern in patterns:
            if found := pattern.search(text):
                return kind, found[0]
    return "", ""
