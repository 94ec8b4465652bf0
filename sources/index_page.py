"""Files that an index page of a council or trust links to, and files at declared addresses.

Belongs here: which links are taken. Does not belong here: GOV.UK, or fetching the files.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import date

from sources.choosing import chosen
from sources.fetch import Fetcher, Validators
from sources.html_links import Link, links_in
from sources.memory import Memory, Seen
from sources.offers import RANKS, File, Offer, file_at
from sources.owners import Owner

DECLARED = "its address is declared in the register"


async def linked_files(fetcher: Fetcher, memory: Memory, owner: Owner, today: date) -> AsyncIterator[Offer]:
    """What every index page of the owner links to, and why it is taken or left. Raises FetchError where a page cannot be had."""
    for page in owner.places.index_pages:
        files, why = [], {}
        for link in await _links(fetcher, memory, page, today):
            file = file_at(link.address, link.text or link.heading)
            matched, reason = _matches(owner, link, file)
            if matched:
                files.append(file)
                why[file.address] = reason
            elif file.form in RANKS and file.rank < RANKS["html"]:
                yield _offer(owner, file, page, is_taken=False, why=reason)
        for file, left in chosen(files):
            unwanted = left or owner.leaves_file(file, "")
            yield _offer(owner, file, page, is_taken=not unwanted, why=unwanted or why[file.address])


def declared_files(owner: Owner) -> list[Offer]:
    """Files at addresses that the register names. The name is the address's last part."""
    return [_offer(owner, file_at(one, ""), one, is_taken=True, why=DECLARED) for one in owner.places.addresses]


def _offer(owner: Owner, file: File, page: str, *, is_taken: bool, why: str) -> Offer:
    return Offer(owner.entity(file), owner.kind, file, page, "", None, is_taken, why)


def _matches(owner: Owner, link: Link, file: File) -> tuple[bool, str]:
    if pattern := owner.places.link_pattern:
        if re.search(pattern, link.address, re.IGNORECASE) or re.search(pattern, link.text, re.IGNORECASE):
            return True, "it matches the link pattern of the register"
        return False, "it does not match the link pattern of the register"
    if file.form not in RANKS or file.rank >= RANKS["html"]:
        return False, "it leads to a page"
    return owner.wants_page(f"{link.heading} {link.text} {file.file_name}")


async def _links(fetcher: Fetcher, memory: Memory, address: str, today: date) -> list[Link]:
    seen = memory.pages.get(f"index:{address}")
    known = seen.content if seen and isinstance(seen.content, str) else None
    page = await fetcher.get(address, Validators(seen.etag, seen.last_modified) if seen and known else Validators())
    if page.is_unchanged and known:
        return [Link(*one) for one in json.loads(known)]
    links = links_in(page.body, page.address)
    content = json.dumps([[one.address, one.text, one.heading] for one in links])
    memory.pages[f"index:{address}"] = Seen(
        page.validators.etag, page.validators.last_modified, "", today.isoformat(), content
    )
    return links
