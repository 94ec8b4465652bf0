"""Where an address is fetched from, and the manners kept towards the host there.

Belongs here: which host an address belongs to. Does not belong here: whether it may be fetched (addresses.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sources.fetch.hosts import Host
from sources.fetch_settings import FetchSettings

GOVUK_ASSETS = "https://assets.publishing.service.gov.uk"
GOVUK_UPLOADS = "https://www.gov.uk/government/uploads/"


@dataclass(slots=True)
class Targets:
    """The hosts that a Fetcher has to do with."""

    settings: FetchSettings
    _hosts: dict[str, Host] = field(default_factory=dict)

    def place(self, address: str) -> str:
        """Where an address of GOV.UK's files is fetched from, which can be another place in tests and behind a cache."""
        for public in (f"{GOVUK_ASSETS}/", GOVUK_UPLOADS):
            if address.startswith(public) and self.settings.govuk_assets != GOVUK_ASSETS:
                return self.settings.govuk_assets + urlsplit(address)._replace(scheme="", netloc="").geturl()
        return address

    def host(self, netloc: str) -> Host:
        if netloc not in self._hosts:
            self._hosts[netloc] = Host(self.settings.fetch_rate, self.settings.fetch_concurrency)
        return self._hosts[netloc]

    def host_of(self, address: str) -> Host:
        try:
            return self.host(urlsplit(self.place(address)).netloc)
        except ValueError:  # no address at all, which is refused before anything is sent
            return self.host("")
