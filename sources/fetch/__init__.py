"""Polite, careful HTTP: the only place of the project that goes to the network.

Belongs here: addresses that may be fetched, connections, limits, retries, downloads. Does not belong here: what the
answers mean (sources.govuk, sources.index_page) or which files are wanted (sources.live).
"""

from __future__ import annotations

from sources.fetch.client import Fetcher
from sources.fetch.errors import FetchError, GoneError, RefusedError
from sources.fetch.replies import Downloaded, Page, Validators
from sources.fetch_settings import FetchSettings

__all__ = ["Downloaded", "FetchError", "FetchSettings", "Fetcher", "GoneError", "Page", "RefusedError", "Validators"]
