"""Which newly offered file takes the place of which held one: the same list, put at a new address by the same page.

A page that replaces a file gives it a new address, and does not say that it did. It is taken for a replacement only where the
page holds no more than one candidate on either side, and both are lists of the same kind for the same period: a page that
shows only the latest month has not corrected the month before. Where no period is known, nobody can say, and the file counts
as withdrawn and another as new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sources.choosing import plain_title
from sources.discovery import Found
from sources.fetched_files import Fetched
from sources.layout.series import series_of
from sources.offers import period_of
from sources.periods import Period


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared of a file, held or offered."""

    address: str
    page: str
    owner_id: str
    title: str
    file_name: str
    page_title: str

    @property
    def period(self) -> Period | None:
        return period_of(self.title, self.file_name) or period_of(self.page_title, "")

    @property
    def list_for(self) -> tuple[object, ...]:
        return self.page, self.owner_id, self.period, series_of(self.file_name, [self.title], [], self.page_title)


NARROWER: tuple[Callable[[_Side], str], ...] = (
    lambda one: plain_title(one.title),
    lambda one: one.file_name.casefold(),
    lambda _one: "",
)
"""What tells several lists for one period apart, tried in turn."""


def superseded(held: Mapping[str, Fetched], found: Iterable[Found]) -> dict[str, Fetched]:
    """The held file whose place each new address takes. Only files of pages that were seen by this look take part."""
    offers = [offer for one in found if not one.failure for offer in one.offers]
    listed = {offer.file.address for offer in offers}
    new = [
        _Side(offer.file.address, offer.page, offer.owner_id, offer.file.title, offer.file.file_name, offer.page_title)
        for offer in offers
        if offer.is_taken and offer.file.address not in held
    ]
    pages = {one.page for one in new}
    lost = [
        _Side(one.address, one.page, one.owner_id, one.title, one.file_name, one.page_title)
        for one in held.values()
        if one.has_bytes and one.page in pages and one.address not in listed
    ]
    pairs: dict[str, Fetched] = {}
    for narrower in NARROWER:
        before, after = _alone(lost, narrower), _alone(new, narrower)
        for key in before.keys() & after.keys():
            pairs[after[key].address] = held[before[key].address]
            lost.remove(before[key])
            new.remove(after[key])
    return pairs


def _alone(sides: Iterable[_Side], narrower: Callable[[_Side], str]) -> dict[tuple[object, ...], _Side]:
    """Those that are the only one of their kind and period."""
    alike: dict[tuple[object, ...], list[_Side]] = defaultdict(list)
    for one in sides:
        if one.period is not None:
            alike[*one.list_for, narrower(one)].append(one)
    return {key: ones[0] for key, ones in alike.items() if len(ones) == 1}
