"""Months whose list was searched for at the source and is not there: what lets the calendar call a month missing.

A look accuses nobody unless it was whole. It counts for a publisher where its own places, and those of the body that it
belongs to, could all be looked at and understood, and every file whose month nobody states was had. A month for which
anything is offered that may be its list, even in a form that cannot be read, is not noted.

The day noted is that of the first such look after the list was due: that it is still not there on another day is no news.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from sources.discovery import Found
from sources.fetched_files import Fetched
from sources.layout.series import series_of
from sources.live.job import Job
from sources.live.wanted import finder
from sources.offers import Offer, period_of
from sources.one_step import replace_if_other
from sources.periods import Period
from sources.publisher import Publisher
from sources.registry import Registry
from sources.relevance import speaks_of
from sources.searches import COLUMNS, Search, read_searches
from sources.timetable import months_between, timing

OVER_THRESHOLD, CARD = "spend_over_threshold", "purchasing_card"


def note_searches(job: Job, current: dict[str, Fetched], registry: Registry) -> None:
    """Write searches.csv beside the manifest. Publishers whose look was not whole keep the lines that they had."""
    earlier = read_searches(job.root)
    first = {(one.publisher_id, one.series, one.due_month): one.searched_date for one in reversed(earlier)}
    whole = _wholly_searched(job, current, registry)
    since = job.wish.since.replace(day=1) if job.wish.since else None
    kept = [one for one in earlier if one.publisher_id not in whole or (since is not None and one.due_month < since)]
    for publisher_id in sorted(whole):
        offers = [offer for one in job.result.found for offer in one.offers if offer.owner_id == publisher_id]
        for series, month in _absent(registry.get(publisher_id), offers, job.today):
            if since is None or month >= since:
                day = first.get((publisher_id, series, month), job.today)
                kept.append(Search(publisher_id, series, month, day))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(set(kept), key=lambda one: (one.publisher_id, one.series, one.due_month, one.searched_date)):
        writer.writerow((one.publisher_id, one.series, f"{one.due_month:%Y-%m}", one.searched_date.isoformat()))
    replace_if_other(job.root / "searches.csv", out.getvalue())


def _wholly_searched(job: Job, current: dict[str, Fetched], registry: Registry) -> set[str]:
    offered = {offer.file.address for one in job.result.found for offer in one.offers}
    # Files that a look did not find and that are kept all the same: its page has moved, perhaps.
    in_doubt = {one.finder for one in current.values() if one.address not in offered} if not job.wish.since else set()
    whole = {
        one.owner.id
        for one in job.result.found
        if one.owner.kind == "spend" and _is_whole(one, current) and finder(one.owner) not in in_doubt
    }
    parents = {one: registry.get(one).parent_id for one in whole}
    return {
        one
        for one, parent in parents.items()
        if parent is None or parent in whole or registry.get(parent).sources.is_empty
    }


def _is_whole(found: Found, current: dict[str, Fetched]) -> bool:
    places = found.owner.places
    if found.failure or found.problems or not (places.govuk_organisations or places.index_pages):
        return False
    return all(
        current[offer.file.address].has_bytes
        for offer in found.offers
        if offer.is_taken and offer.file.address in current and _period(offer) is None
    )


def _absent(publisher: Publisher, offers: list[Offer], today: date) -> Iterator[tuple[str, date]]:
    """Series and months whose list is overdue and not offered in any form."""
    there: set[tuple[str, date]] = set()
    series_taken = {OVER_THRESHOLD}
    for offer in offers:
        if not offer.is_taken and speaks_of(f"{offer.page_title} {offer.file.title}")[0] in {"", "not_spending"}:
            continue
        series = series_of(offer.file.file_name, [offer.file.title], [], offer.page_title)
        if offer.is_taken:
            series_taken.add(series)
        if period := _period(offer):
            there |= {(series, month) for month in months_between(period.start, period.end)}
    start, end = publisher.due_from, publisher.duty_end
    if start is None:
        return
    last = min(end - timedelta(days=1), today) if end else today
    for series in (OVER_THRESHOLD, CARD):
        if series in series_taken:
            for month in months_between(start, last):
                rule = timing(publisher.kind, series, month)
                if rule is not None and rule.due_date(month) < today and (series, month) not in there:
                    yield series, month


def _period(offer: Offer) -> Period | None:
    return period_of(offer.file.title, offer.file.file_name) or period_of(offer.page_title, "")
