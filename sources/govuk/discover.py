"""A publisher's spending lists on GOV.UK: from search and collections to documents, from documents to files, each with a reason.

Belongs here: what is looked into, and why a file is taken or left. Does not belong here: the interfaces (client) or documents
(publication).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sources.choosing import chosen
from sources.fetch import FetchError, GoneError
from sources.govuk.client import GovUk
from sources.govuk.models import DocumentError
from sources.govuk.publication import WEB, Publication
from sources.offers import File, Offer
from sources.owners import Owner
from sources.relevance import speaks_of

COLLECTIONS = "/government/collections/"


@dataclass(slots=True)
class Search:
    """One owner's search under way. `slugs` says which registered publisher publishes under which GOV.UK slug."""

    govuk: GovUk
    owner: Owner
    slugs: Mapping[str, str]
    since: date | None = None
    left: list[Offer] = field(default_factory=list)
    _wanted: dict[str, str] = field(default_factory=dict)
    """Base paths to look into, with the public timestamp that search or a collection gave."""

    async def offers(self) -> list[Offer]:
        """Every file found, and every document that was left. Raises FetchError or DocumentError where the search itself fails."""
        places, known = self.owner.places, self.govuk.remembered_paths()
        results = await asyncio.gather(*(self.govuk.search(slug) for slug in places.govuk_organisations))
        for one in {result.link: result for found in results for result in found}.values():
            if not one.link.startswith("/"):
                self._leave(one.link, one.title, "it leads away from GOV.UK")
            elif one.is_withdrawn:
                self._leave(WEB + one.link, one.title, "withdrawn")
            else:
                self._consider(one.link, one.title, one.public_timestamp)
        self._wanted.update(dict.fromkeys(places.govuk_documents, ""))
        publications = await self._look_into(dict(self._wanted))
        before = set(self._wanted)
        for collection in (one for one in publications if one.documents):
            self._open(collection)
        publications += await self._look_into({path: self._wanted[path] for path in self._wanted if path not in before})
        # A document that neither search nor a collection lists any more has been withdrawn, or moved: it says itself which.
        publications += await self._look_into({path: "" for path in known if path not in self._wanted})
        return [*self.left, *(offer for one in publications for offer in self._of_publication(one))]

    def _consider(self, path: str, title: str, stamp: datetime | None) -> None:
        wanted, why = self.owner.wants_page(title)
        if wanted and self.since and stamp and stamp.date() < self.since:
            wanted, why = False, f"last changed on {stamp.date()}, before --since"
        if wanted:
            # A collection is asked for each time: what it holds can change without its own mark moving.
            is_collection = path.startswith(COLLECTIONS)
            self._wanted[path] = stamp.isoformat() if stamp and not is_collection else ""
        else:
            self._leave(WEB + path, title, why)

    def _open(self, collection: Publication) -> None:
        """What a collection holds: all of it where the collection is one of spending lists, unless a title says otherwise."""
        is_certain = speaks_of(collection.title)[0] == "certain"
        for one in collection.documents:
            if one.base_path is None or one.base_path in self._wanted or one.base_path.startswith(COLLECTIONS):
                continue
            if one.withdrawn:
                self._leave(WEB + one.base_path, one.title, "withdrawn")
            elif is_certain and speaks_of(one.title)[0] != "not_spending":
                self._wanted[one.base_path] = one.public_updated_at.isoformat() if one.public_updated_at else ""
            else:
                self._consider(one.base_path, one.title, one.public_updated_at)

    async def _look_into(self, wanted: Mapping[str, str]) -> list[Publication]:
        found = await asyncio.gather(*(self._document(path, stamp) for path, stamp in wanted.items()))
        return [one for one in found if one is not None]

    async def _document(self, path: str, stamp: str) -> Publication | None:
        try:
            return await self.govuk.document(path, stamp)
        except GoneError:
            self.govuk.forget(path)
            self._leave(WEB + path, path.rpartition("/")[2], "no longer there")
            return None
        except (FetchError, DocumentError) as error:
            known = self.govuk.remembered(path)
            kept = "; what was seen of it before stands" if known else "; it was left out"
            self.govuk.problems.append(f"{error}{kept}")
            return known

    def _of_publication(self, one: Publication) -> Iterator[Offer]:
        if one.documents and not one.files:
            return
        if not one.files:
            self_why = one.withdrawn or "it holds no files"
            yield self._offer(one, File(one.address, one.title, "", "page"), is_taken=False, why=self_why)
            return
        whole = one.withdrawn or self._elsewhere(one)
        for file, left in chosen(one.files):
            why = whole or left or self.owner.leaves_file(file, one.title)
            yield self._offer(one, file, is_taken=not why, why=why or f"in {one.title!r}")

    def _elsewhere(self, one: Publication) -> str:
        publisher = self.slugs.get(one.organisation)
        if self.owner.kind != "spend" or publisher in {None, self.owner.id}:
            return ""
        return f"published by {publisher}, where it is taken"

    def _offer(self, one: Publication, file: File, *, is_taken: bool, why: str) -> Offer:
        return Offer(
            self.owner.entity(file),
            self.owner.kind,
            file,
            one.address,
            one.title,
            one.published(file),
            is_taken,
            why,
            one.stamp,
        )

    def _leave(self, address: str, title: str, why: str) -> None:
        self.left.append(
            Offer(self.owner.id, self.owner.kind, File(address, title, "", "page"), address, title, None, False, why)
        )
