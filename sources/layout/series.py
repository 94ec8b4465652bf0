"""Which kind of list a file is: payments over a threshold, or purchases by procurement card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sources.layout.headers import normalise, spec


def series_of(name: str, titles: Sequence[str], headers: Iterable[str], page_title: str = "") -> str:
    """Code of schema/codes/series. A merchant column tells a card list; so do its name's words, unless it names the threshold too.

    The title of the page that the file stands on speaks where name and titles say neither: a page can hold both lists.
    """
    words = f" {normalise(name)} {' '.join(map(normalise, titles))} "
    if any(normalise(header) in spec()["purchasing_card_headers"] for header in headers):
        return "purchasing_card"
    card, threshold = _speaks_of(words)
    if not card and not threshold:
        card, threshold = _speaks_of(f" {normalise(page_title)} ")
    return "purchasing_card" if card and not threshold else "spend_over_threshold"


def _speaks_of(words: str) -> tuple[bool, bool]:
    """Of purchasing cards, and of the threshold."""
    card = any(f" {word} " in words for word in spec()["purchasing_card_words"])
    return card, any(word in words for word in spec()["threshold_words"])
