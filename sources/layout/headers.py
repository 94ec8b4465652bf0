"""What a column heading means: text of one cell to a target of headers.yaml, exactly or by a well-kept fuzzy matcher.

Does not belong here: which row is the heading (find.py), what the cells below say (columns.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FUZZY_MINIMUM = 0.82
"""Least normalised edit similarity of a misspelt heading. One letter wrong in six passes ('Entuty' for 'Entity', 0.83)."""
FUZZY_DISTANCE = 2
"""Most letters a misspelling may differ by, so that long headings do not match on their common words."""
FUZZY_SHORTEST = 6
"""A shorter word has too many neighbours ('date' and 'rate')."""

PARTIAL_SCORE = 0.75
"""Score of a heading that ends with a wording of two words or more ('ABC Ref No' ends with 'ref no')."""

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_PUNCTUATION = re.compile(r"[\W_]+", re.UNICODE)
_TRAILING_NUMBER = re.compile(r"(?<=[a-z])(?: \d+)+$")


_NEGATING = frozenset({"vat", "no", "not", "non", "excluded"})
"""First words that turn the rest into something else ('VAT amount paid' is not the amount paid)."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading was taken for. `how` is exact, fuzzy, partial or inferred; `rank` is the wording's place in its target, 0 first."""

    target: str
    how: str
    score: float
    rank: int


@cache
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("headers.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _wordings() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for target, wordings in spec()["targets"].items():
        for rank, wording in enumerate(wordings):
            if wording in found:
                raise ValueError(f"headers.yaml: {wording!r} stands under {found[wording][0]} and {target}")
            found[wording] = (target, rank)
    return found


@cache
def _known() -> tuple[list[str], frozenset[str]]:
    wordings = [wording for wording in _wordings() if len(wording) >= FUZZY_SHORTEST]
    return wordings, frozenset(spec()["not_ours"])


@cache
def normalise(text: str) -> str:
    """Lower case, brackets and their content gone, punctuation to single spaces, trailing numbers gone."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("�", " ")
    outside = _BRACKETS.sub(" ", plain)
    words = _PUNCTUATION.sub(" ", outside if any(c.isalpha() for c in outside) else plain).strip()
    return _TRAILING_NUMBER.sub("", words)


@cache
def match(text: str) -> Match | None:
    """What the heading `text` means, or None. Fuzzy only where no exact wording fits."""
    heading = normalise(text)
    if not heading or len(heading) > 60 or text.strip().startswith("#"):  # '#NAME?' is a spreadsheet's error, no name
        return None
    if heading in _wordings():
        target, rank = _wordings()[heading]
        return Match(target, "exact", 1.0, rank)
    candidates, not_ours = _known()
    if len(heading) < FUZZY_SHORTEST or heading in not_ours:
        return None
    from rapidfuzz import process  # noqa: PLC0415 - only odd headings need it
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    nearest = process.extractOne(heading, candidates, scorer=OSA.normalized_similarity, score_cutoff=FUZZY_MINIMUM)
    if nearest is not None and OSA.distance(heading, nearest[0]) <= FUZZY_DISTANCE:
        target, rank = _wordings()[nearest[0]]
        return Match(target, "fuzzy", round(nearest[1], 3), rank)
    return _partial(heading.split())


def _partial(words: list[str]) -> Match | None:
    """A known wording of two words or more after one or two others. Ranked behind every full wording."""
    for skipped in (1, 2):
        ending = " ".join(words[skipped:])
        if len(words) - skipped >= 2 and ending in _wordings() and words[0] not in _NEGATING:
            target, rank = _wordings()[ending]
            return Match(target, "partial", PARTIAL_SCORE, 100 + rank)
    return None
