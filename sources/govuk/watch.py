"""Has GOV.UK published anything of ours since the last look? A few requests, by the public timestamp of the newest document.

Edits that do not move the timestamp are not seen here; the daily run finds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlencode

from sources.fetch import Fetcher, FetchSettings
from sources.govuk.client import JSON, TYPES
from sources.govuk.models import SearchPage, SearchResult, parsed, parsed_value

AT_A_TIME = 20
"""Organisations in one request, so that its address stays well within the length that may be fetched."""


def newest_timestamp(settings: FetchSettings, organisations: Collection[str]) -> datetime | None:
    """None where nothing is found. Raises FetchError, and DocumentError where the answer is not as relied on."""
    return asyncio.run(_newest(settings, sorted(organisations)))


async def _newest(settings: FetchSettings, organisations: Sequence[str]) -> datetime | None:
    async with Fetcher(settings) as fetcher:
        found = [
            await _newest_of(settings, fetcher, organisations[start : start + AT_A_TIME])
            for start in range(0, len(organisations), AT_A_TIME)
        ]
    return max((one for one in found if one), default=None)


async def _newest_of(settings: FetchSettings, fetcher: Fetcher, organisations: Sequence[str]) -> datetime | None:
    parameters = [
        *(("filter_organisations", one) for one in organisations),
        *(("filter_content_store_document_type", one) for one in TYPES),
        ("fields", "title,link,public_timestamp"),
        ("order", "-public_timestamp"),
        ("count", "1"),
    ]
    address = f"{settings.govuk_search}?{urlencode(parameters)}"
    page = await fetcher.get(address, accept=JSON, is_api=True)
    results = parsed(SearchPage, page.body, address).results
    return parsed_value(SearchResult, results[0], address, "results[0]").public_timestamp if results else None
