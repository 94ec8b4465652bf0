"""GOV.UK's two interfaces: search for an organisation's documents, and one document by its base path.

Belongs here: addresses, parameters, paging, and what is remembered between runs. Does not belong here: what a document means.

Search is described at https://docs.publishing.service.gov.uk/repos/search-api/using-the-search-api.html: `count` is at most
1,500, an unknown parameter is answered 422, withdrawn documents are left out. Both ask for at most ten requests a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from sources.fetch import Fetcher, FetchSettings, Page, Validators
from sources.govuk.models import Content, DocumentError, SearchPage, SearchResult, parsed, parsed_value
from sources.govuk.publication import Publication, publication
from sources.memory import Memory, Seen

COUNT = 1000
MAX_RESULTS = 100_000
TYPES = ("transparency", "document_collection")
FIELDS = "title,link,public_timestamp,is_withdrawn"
JSON = "application/json"


@dataclass(slots=True)
class GovUk:
    """Both interfaces for one owner. `problems` are documents left out, for people."""

    fetcher: Fetcher
    memory: Memory
    today: date
    problems: list[str] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    @property
    def settings(self) -> FetchSettings:
        return self.fetcher.settings

    async def search(self, organisation: str) -> list[SearchResult]:
        """Every transparency document and collection of an organisation, by its slug. Results that are not as relied on are told and left out.

        Raises FetchError, and DocumentError where the answer as a whole is not as relied on.
        """
        found: dict[str, SearchResult] = {}
        start, total = 0, 1
        while start < min(total, MAX_RESULTS):
            parameters = [
                ("filter_organisations", organisation),
                *(("filter_content_store_document_type", one) for one in TYPES),
                ("fields", FIELDS),
                ("order", "-public_timestamp"),
                ("count", str(COUNT)),
                ("start", str(start)),
            ]
            address = f"{self.settings.govuk_search}?{urlencode(parameters)}"
            body = await self._body(address)
            page = parsed(SearchPage, body, address)
            for place, raw in enumerate(page.results):
                try:
                    one = parsed_value(SearchResult, raw, address, f"results[{place}]")
                except DocumentError as error:
                    self.problems.append(str(error))
                    continue
                found[one.link] = one
            start, total = start + COUNT, page.total
            if not page.results:
                break
        return list(found.values())

    async def document(self, base_path: str, timestamp: str = "") -> Publication:
        """The document, from memory where its public timestamp has not moved and it was asked for not long ago.

        Raises FetchError, and DocumentError where the document is not as relied on.
        """
        address = f"{self.settings.govuk_content}{quote(base_path, safe='/%:@!$&()*+,;=~._-')}"
        key = f"content:{base_path}"
        seen = self.memory.pages.get(key)
        if seen is not None and (known := _known(seen)) is not None:
            if key in self._asked or seen.is_fresh(timestamp, self.today, self._days(base_path)):
                return known
            page = await self.fetcher.get(address, Validators(seen.etag, seen.last_modified), accept=JSON, is_api=True)
            if page.is_unchanged:
                seen.timestamp, seen.checked = timestamp, self.today.isoformat()
                return known
        else:
            page = await self.fetcher.get(address, accept=JSON, is_api=True)
        made = publication(parsed(Content, page.body, address))
        self.memory.pages[key] = self._seen(page, made.model_dump_json(), timestamp)
        self._asked.add(key)
        return made

    def remembered(self, base_path: str) -> Publication | None:
        """What the document said when it was last asked for."""
        seen = self.memory.pages.get(f"content:{base_path}")
        return _known(seen) if seen else None

    def remembered_paths(self) -> list[str]:
        """Base paths of all documents in memory."""
        return [key.removeprefix("content:") for key in self.memory.pages if key.startswith("content:")]

    def forget(self, base_path: str) -> None:
        self.memory.pages.pop(f"content:{base_path}", None)

    async def _body(self, address: str) -> bytes:
        """A search answer, from memory where the host says that it has not changed."""
        key = f"search:{address.partition('?')[2]}"
        seen = self.memory.pages.get(key)
        known = seen.content if seen and isinstance(seen.content, str) else None
        validators = Validators(seen.etag, seen.last_modified) if seen and known is not None else Validators()
        page = await self.fetcher.get(address, validators, accept=JSON, is_api=True)
        if page.is_unchanged and known is not None:
            return known.encode()
        if page.validators != Validators():
            try:
                self.memory.pages[key] = self._seen(page, page.body.decode())
            except UnicodeDecodeError:
                self.memory.pages.pop(key, None)
        return page.body

    def _seen(self, page: Page, content: object, timestamp: str = "") -> Seen:
        return Seen(page.validators.etag, page.validators.last_modified, timestamp, self.today.isoformat(), content)

    def _days(self, base_path: str) -> int:
        """Days until it is asked for again, spread by its name so that not all fall on one day."""
        days = self.settings.discover_recheck_days
        return days - sum(base_path.encode("utf-8", "replace")) % max(1, days // 2)


def _known(seen: Seen) -> Publication | None:
    if not isinstance(seen.content, str):
        return None
    try:
        return Publication.model_validate_json(seen.content)
    except ValidationError:  # of another version of ours
        return None
