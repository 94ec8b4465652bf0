"""Which kind of list a file is: payments over a threshold, or purchases by procurement card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sources.layout.headers import match, normalise, spec


def series_of(name: str, titles: Sequence[str], headers: Iterable[str], page_title: str = "") -> str:
    """Code of schema/codes/series. A merchant column tells a card list; so do its name's words, unless it names the threshold too.

    The title of the page that the file stands on speaks where name and titles say neither: a page can hold both lists.
    """
    if _are_of_cards(list(headers)):
        return "purchasing_card"
    card, threshold = _speak_of([name, *titles])
    if not card and not threshold:
        card, threshold = _speak_of([page_title])
    return "purchasing_card" if card and not threshold else "spend_over_threshold"


def _are_of_cards(headers: Sequence[str]) -> bool:
    named = {normalise(header) for header in headers}
    if not named.isdisjoint(spec()["purchasing_card_headers"]):
        return True
    paid = any(found.target == "supplier_name" for found in map(match, headers) if found)
    return spec()["merchant_category_header"] in named and not paid


def _speak_of(texts: Sequence[str]) -> tuple[bool, bool]:
    """Of purchasing cards, and of the threshold. What a list leaves out, or holds among others, it is not."""
    words = [f" {normalise(text)} " for text in texts]
    plain = [text for text in words if not {*spec()["other_list_words"]} & {*text.split()}]
    card = any(f" {word} " in text for text in plain for word in spec()["purchasing_card_words"])
    return card, any(word in text for text in words for word in spec()["threshold_words"])
