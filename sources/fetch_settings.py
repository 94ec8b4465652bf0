"""What can be set about fetching. Every field is read from the environment as PUBLICVALUE_<NAME>, with a default.

Beside sources.fetch and not in it, so that who only reads settings does not pay for the libraries that fetch.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024**2
WEB_ADDRESS = r"https?://[^\s<>\"]+[^/\s<>\"]"
ITS_FORM = "a web address such as https://example.org, without a slash at its end"
Address = Annotated[str, Field(pattern=f"^{WEB_ADDRESS}$", max_length=500, description=ITS_FORM)]


class FetchSettings(BaseSettings):
    """Seconds, bytes and requests a second, as the names say. Zero for `fetch_rate` means no limit."""

    model_config = SettingsConfigDict(env_prefix="PUBLICVALUE_", frozen=True)

    contact: str = Field(default="", max_length=200)
    """Mail or web address that goes into the User-Agent, so that a host's people can reach the one who runs this."""
    govuk_search: Address = "https://www.gov.uk/api/search.json"
    govuk_content: Address = "https://www.gov.uk/api/content"
    govuk_assets: Address = "https://assets.publishing.service.gov.uk"
    """Where files published under GOV.UK's asset addresses are fetched from; the addresses recorded stay GOV.UK's."""
    fetch_rate: float = Field(default=8, ge=0, le=1000)
    """Requests a second to one host."""
    fetch_concurrency: int = Field(default=4, ge=1, le=100)
    """Requests to one host at the same time."""
    fetch_attempts: int = Field(default=5, ge=1, le=20)
    fetch_wait: float = Field(default=1, ge=0, le=60)
    """First pause before another attempt; it doubles each time, with jitter."""
    fetch_patience: float = Field(default=120, ge=0, le=3600)
    """Longest pause that a host may ask for (Retry-After); asked for more, the file is left for the next run."""
    fetch_connect_seconds: float = Field(default=10, gt=0, le=300)
    fetch_read_seconds: float = Field(default=30, gt=0, le=600)
    """Longest silence within an answer."""
    fetch_total_seconds: float = Field(default=900, gt=0, le=86400)
    """Longest time for one answer, however steadily it drips."""
    fetch_max_bytes: int = Field(default=512 * MIB, ge=1, le=512 * MIB)
    """Largest file."""
    fetch_max_page_bytes: int = Field(default=32 * MIB, ge=1, le=512 * MIB)
    """Largest page, search result or document."""
    fetch_redirects: int = Field(default=5, ge=0, le=20)
    fetch_allow_loopback: bool = False
    """For tests: this machine's own addresses may be fetched from."""
    discover_recheck_days: int = Field(default=7, ge=0, le=365)
    """A page whose public timestamp has not moved is asked for again after so many days, since quiet edits do not move it."""

    @property
    def user_agent(self) -> str:
        """Names us, and whom to write to."""
        contact = "".join(sign for sign in self.contact if 32 <= ord(sign) < 127 and sign not in "()\\")
        return f"PublicValue/0.1 (+{contact})" if contact else "PublicValue/0.1"
