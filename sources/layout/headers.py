"""What a column heading means: text of one cell to a target of headers.yaml, exactly or by a well-kept fuzzy matcher.

Does not belong here: which row is the heading (find.py), what the cells below say (columns.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
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

TEXTS_REMEMBERED = 65_536
"""Cells of one file repeat in the next; those of a file that is all different texts must not fill the memory."""

EITHER_SCORE = 0.9
"""Score of a heading of two wordings beside a stroke, one of which is known."""

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_PUNCTUATION = re.compile(r"[\W_]+", re.UNICODE)
_STROKE = re.compile(r"\s*[/|\n]\s*")
_OUTER_NUMBERS = re.compile(r"^\d{1,2} (?=[a-z])|(?<=[a-z])(?: \d+)+$")
_JOINED_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DAMAGED_MARKS = ("\ufeff", "ï»¿", "Ôªø")
"""What a byte order mark becomes under a wrong encoding; it sticks to the first heading."""

_NEGATING = frozenset({"vat", "no", "not", "non", "excluded", "tax", "currency", "foreign"})
"""Words before a wording that turn the rest into something else ('VAT amount paid' is not the amount paid)."""


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
def _of_about_length(length: int) -> list[str]:
    """Wordings that a heading of `length` characters can be a misspelling of: each letter too many or too few is one wrong."""
    return [wording for wording in _known()[0] if abs(len(wording) - length) <= FUZZY_DISTANCE]


@lru_cache(maxsize=TEXTS_REMEMBERED)
def normalise(text: str) -> str:
    """Lower case, brackets and their content gone, punctuation to single spaces, numbers before and after the words gone."""
    plain = _plain(text)
    outside = _BRACKETS.sub(" ", plain)
    return _words(outside if any(c.isalpha() for c in outside) else plain)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("�", " ")


def _words(plain: str) -> str:
    return _OUTER_NUMBERS.sub("", _PUNCTUATION.sub(" ", plain).strip())


@lru_cache(maxsize=TEXTS_REMEMBERED)
def match(text: str) -> Match | None:
    """What the heading `text` means, or None: exactly, by one of two wordings, by its spelling, by its ending."""
    heading = normalise(text)
    if not heading or len(heading) > 60 or text.strip().startswith("#"):  # '#NAME?' is a spreadsheet's error, no name
        return None
    whole = _words(_plain(text))  # 'Amount (excluding VAT)' says more than 'Amount'
    for words in (whole, heading):
        if words in _wordings():
            target, rank = _wordings()[words]
            return Match(target, "exact", 1.0, rank)
    if (apart := _apart(text)) != text:
        return match(apart)
    forms = _forms(heading)
    if (
        not _known()[1].isdisjoint(forms)
        or not set(spec()["address_words"]).isdisjoint(heading.split())
        or not any(map(str.isalpha, heading))
    ):
        return None
    return _either(text) or _in_full(forms) or _fuzzy(heading) or _partial(heading.split())


def _apart(text: str) -> str:
    """The heading without a damaged mark at its beginning, words written together set apart ('DatePaid')."""
    for mark in _DAMAGED_MARKS:
        text = text.removeprefix(mark)
    return _JOINED_WORDS.sub(" ", text)


def hints_at_amount(text: str) -> bool:
    """Whether an unknown heading's words make it likely that amounts stand below it ('Sum Settled')."""
    words = set(_in_full_words(normalise(text)).split())
    return not words.isdisjoint(spec()["amount_words"]) and words.isdisjoint(spec()["no_amount_words"])


def _in_full_words(heading: str) -> str:
    return " ".join(spec()["abbreviations"].get(word, word) for word in heading.split())


def _forms(heading: str) -> tuple[str, ...]:
    """The heading, the same with shortened words in full ('Chq Amt'), without idle words at its end ('Net Amount GBP'), and
    with its parts turned round ('Date of Expenditure').
    """
    full = _in_full_words(heading)
    start, _, end = full.rpartition(" ")
    thing, _, of = full.partition(" of ")
    return heading, full, start if end in spec()["idle_endings"] else full, f"{of.removeprefix('the ')} {thing}"


def _in_full(forms: Iterable[str]) -> Match | None:
    found = next((_wordings()[words] for words in forms if words in _wordings()), None)
    return Match(found[0], "partial", EITHER_SCORE, 100 + found[1]) if found else None


def _fuzzy(heading: str) -> Match | None:
    """A wording that differs by few letters."""
    if len(heading) < FUZZY_SHORTEST:
        return None
    from rapidfuzz import process  # noqa: PLC0415 - only odd headings need it
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    candidates = _of_about_length(len(heading))
    nearest = process.extractOne(heading, candidates, scorer=OSA.normalized_similarity, score_cutoff=FUZZY_MINIMUM)
    if nearest is None or OSA.distance(heading, nearest[0]) > FUZZY_DISTANCE:
        return None
    target, rank = _wordings()[nearest[0]]
    return Match(target, "fuzzy", round(nearest[1], 3), rank)


def _either(text: str) -> Match | None:
    """Two wordings beside a stroke, in two languages or two words for one thing ('Dyddiad / Date', 'Supplier/Payee')."""
    parts = [normalise(part) for part in _STROKE.split(text)]
    if len(parts) < 2 or any(part in _known()[1] for part in parts):
        return None
    found = [_wordings()[part] for part in parts if part in _wordings()]
    if not found or len({target for target, _ in found}) > 1:
        return None
    target, rank = min(found)
    return Match(target, "exact" if len(found) == len(parts) else "partial", EITHER_SCORE, rank)


def basis_of(text: str) -> str:
    """What a heading's words say of VAT in its amounts: `net`, `gross`, or `unstated` where they say nothing or both."""
    words = set(_words(_plain(_apart(text))).split())
    if "vat" not in words or not words.isdisjoint(spec()["partly_words"]):
        return "unstated"
    found = [basis for basis, marks in spec()["basis_words"].items() if not words.isdisjoint(marks)]
    return found[0] if len(found) == 1 else "unstated"


@lru_cache(maxsize=TEXTS_REMEMBERED)
def power_of(text: str) -> int:
    """The power of ten that a heading multiplies its figures by: 3 for 'Amount £000', 6 for '£m', or else 0."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("�", "£")
    return next((power for power, marks in spec()["powers"].items() if any(re.search(m, plain) for m in marks)), 0)


def power_of_titles(titles: Iterable[str]) -> int:
    """The power of ten by which a title above the heading multiplies the amounts below: 3 for 'All figures in £000s', or else 0.

    Stricter than a heading's marks: titles name thresholds ('over £25 thousand') far more often than units.
    """
    for title in titles:
        plain = unicodedata.normalize("NFKC", title).lower().replace("�", "£")
        for power, marks in spec()["title_powers"].items():
            if any(re.search(mark, plain) for mark in marks):
                return int(power)
    return 0


def _partial(words: list[str]) -> Match | None:
    """A known wording of two words or more, after one or two others or before what only qualifies it. Ranked behind every
    full wording.
    """
    for skipped in (1, 2):
        ending = " ".join(words[skipped:])
        if len(words) - skipped >= 2 and ending in _wordings() and not _NEGATING.intersection(words[:skipped]):
            target, rank = _wordings()[ending]
            return Match(target, "partial", PARTIAL_SCORE, 100 + rank)
    place = next((place for place, word in enumerate(words) if place >= 2 and word in spec()["qualifying"]), 0)
    beginning = " ".join(words[:place])
    if beginning in _wordings() and not _NEGATING.intersection(words):
        target, rank = _wordings()[beginning]
        return Match(target, "partial", PARTIAL_SCORE, 200 + rank)
    return None
