"""A folder kept in step with what is published: found, fetched, laid out as a mirror. And that folder seen as a Source.

Belongs here: what is fetched, kept, moved aside, and told. Does not belong here: finding (sources.discovery) and HTTP
(sources.fetch).
"""

from __future__ import annotations

from sources.live.job import Synced, Wish
from sources.live.look import look, looked_for
from sources.live.source import LiveSource
from sources.live.sync import sync

__all__ = ["LiveSource", "Synced", "Wish", "look", "looked_for", "sync"]
