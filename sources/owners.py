"""For whom files are looked for: a publisher of the register, or an outcome dataset; where, and which files it can use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sources.offers import File
from sources.outcome_set import OutcomeSet
from sources.places import Places
from sources.publisher import Publisher
from sources.registry import Registry
from sources.relevance import relevance, speaks_of


@dataclass(frozen=True, slots=True)
class Owner:
    """`kind` is spend or outcome. `entities` are the bodies of a publisher's family by the names their files may bear."""

    id: str
    kind: str
    places: Places
    outcome: OutcomeSet | None = None
    entities: Mapping[str, str] = field(default_factory=dict)

    def wants_page(self, title: str) -> tuple[bool, str]:
        """Whether a document of this title is looked into."""
        return (True, "declared for the dataset") if self.outcome else relevance(title)

    def leaves_file(self, file: File, page_title: str) -> str:
        """Why a file of a page that is looked into is left all the same; empty where it is not."""
        if self.outcome is not None:
            return "" if self.outcome.rule_for(file.file_name) else "no reader is declared for a file of this name"
        kind, words = speaks_of(file.title)
        if kind == "not_spending" and words not in page_title.lower():
            return f"its title speaks of something else ({words!r})"
        return ""

    def entity(self, file: File) -> str:
        """Whose file it is: a body of the family that its title names, else the owner."""
        found = {
            one for name, one in self.entities.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", file.title)
        }
        return found.pop() if len(found) == 1 else self.id


def owners(registry: Registry, sets: Mapping[str, OutcomeSet]) -> list[Owner]:
    """Everybody who says where files are, in order. A publisher's GOV.UK slug counts where it declares no places."""
    found = [
        Owner(one.id, "spend", one.sources, entities=_family(one, registry))
        for one in registry.publishers
        if not one.sources.is_empty
    ]
    return [*found, *(Owner(one.id, "outcome", one.sources, one) for one in sets.values() if not one.sources.is_empty)]


def organisations(registry: Registry) -> dict[str, str]:
    """Publisher by each GOV.UK slug that it publishes under."""
    return {slug: one.id for one in registry.publishers for slug in one.sources.govuk_organisations}


def _family(publisher: Publisher, registry: Registry) -> dict[str, str]:
    """Names, earlier names and longer abbreviations of the bodies whose parent this is."""
    return {
        name: one.id
        for one in registry.publishers
        if one.parent_id == publisher.id
        for name in (one.name, *one.aliases, *(earlier.name for earlier in one.earlier_names), *one.abbreviations)
        if len(name) >= 4
    }
