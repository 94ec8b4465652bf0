"""Whom a figure is about: the publisher of the register where it knows the body, else an id of the dataset's own.

Belongs here: names and codes of datasets -> ids. Does not belong here: who the publishers are (registry), or the names as
they stand in the files (outcome_readers). A name that two publishers share names neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sources.outcome_set import OutcomeSet
from sources.publisher import Publisher
from sources.registry import Registry

BARE_DEPARTMENT = re.compile(r"^(?:department|ministry|office) (?:for|of) ")
COUNCIL_WORDS = re.compile(r"\b(?:city|borough|district|county|metropolitan|london|royal|unitary|council|ua|of)\b")
WITH_TELLING_CODES = frozenset({"survey_unit", "body", "department", "provider"})
"""Kinds whose codes can be a publisher's id or abbreviation."""
NOT_BODIES = frozenset({"country", "total", "policy"})


@dataclass(frozen=True, slots=True)
class Named:
    """One entity as a file names it; empty where it does not say."""

    outcome_dataset_id: str
    entity_kind: str
    entity_code: str
    entity_name: str
    entity_group: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The same with its id, what other files of the dataset add to it, and the publisher it speaks about."""

    named: Named
    entity_id: str
    entity_code: str
    entity_name: str
    entity_group: str
    publisher_id: str | None


def key_of(name: str) -> str:
    """What makes no difference between names: case, accents, punctuation, '&' or 'and', 'the'."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("'", "").replace("\u2019", ""))
    words = re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode().casefold()).split()
    return " ".join(word for word in words if word != "the")


def slug(text: str) -> str:
    """Lower-case words joined by hyphens. Texts that differ in a word differ here."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "unnamed"


class PublisherNames:
    """Publishers by name: as they are called now, as they were or may be called, and by the bare name of their kind."""

    def __init__(self, registry: Registry) -> None:
        self._ids = {publisher.id for publisher in registry.publishers}
        self._levels: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(3)]
        self._bare: dict[str, dict[str, set[str]]] = {"department": defaultdict(set), "council": defaultdict(set)}
        for publisher in registry.publishers:
            self._add(publisher)

    def find(self, name: str, kind: str) -> str | None:
        """The publisher's id, or None where none or several go by the name."""
        if name in self._ids:
            return name
        key = key_of(name)
        if not key:
            return None
        for level in self._levels:
            if key in level:
                return _only(level[key])
        bare = self._bare["council" if kind == "council" else "department"]
        return _only(bare.get(_bare(key, kind), set()))

    def _add(self, publisher: Publisher) -> None:
        others = [earlier.name for earlier in publisher.earlier_names]
        for level, names in enumerate(((publisher.name,), (*publisher.aliases, *others), publisher.abbreviations)):
            for name in names:
                self._levels[level][key_of(name)].add(publisher.id)
        kind = "council" if publisher.kind.endswith("council") else "department"
        if kind == "council" or publisher.kind.endswith("department"):
            self._bare[kind][_bare(key_of(publisher.name), kind)].add(publisher.id)


def resolve(names: Iterable[Named], sets: Mapping[str, OutcomeSet], registry: Registry) -> list[Resolved]:
    """Every name with its id, in order. Two entities of a dataset never share an id unless code, or name without code, agree.

    An entity without a code takes that of the one entity of its name and group; one without a name, that of its code.
    """
    publishers = PublisherNames(registry)
    of_dataset: dict[str, list[Named]] = defaultdict(list)
    for named in sorted(set(names), key=_order):
        of_dataset[named.outcome_dataset_id].append(named)
    found: list[Resolved] = []
    for dataset_id, members in sorted(of_dataset.items()):
        found.extend(_resolve(members, sets[dataset_id], publishers))
    return found


def _resolve(members: list[Named], outcome_set: OutcomeSet, publishers: PublisherNames) -> Iterator[Resolved]:
    by_code: dict[tuple[str, str], Named] = {}
    by_name: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in members:
        if one.entity_code and one.entity_name:
            by_code[one.entity_kind, one.entity_code] = one
            by_name[one.entity_kind, key_of(one.entity_name), key_of(one.entity_group)].add(one.entity_code)
    whole = [_completed(one, by_code, by_name) for one in members]
    concerned = [_publisher(one, outcome_set, publishers) for one in whole]
    claims: dict[str, set[str]] = defaultdict(set)
    for one, publisher_id in zip(whole, concerned, strict=True):
        if publisher_id and outcome_set.publisher_from == "name":
            claims[publisher_id].add(one.entity_code or key_of(one.entity_name))
    for named, one, publisher_id in zip(members, whole, concerned, strict=True):
        own = f"{outcome_set.entity_prefix}-{slug(one.entity_code or one.entity_name)}"
        if one.entity_kind == "country":
            own = slug(one.entity_name)
        is_sole = publisher_id is not None and len(claims.get(publisher_id, ())) == 1
        entity_id = publisher_id if is_sole and publisher_id else own
        yield Resolved(named, entity_id, one.entity_code, one.entity_name, one.entity_group, publisher_id)


def _completed(
    one: Named, by_code: dict[tuple[str, str], Named], by_name: dict[tuple[str, str, str], set[str]]
) -> Named:
    code, name, group = one.entity_code, one.entity_name, one.entity_group
    if not code:
        code = _only(by_name.get((one.entity_kind, key_of(name), key_of(group)), set())) or ""
    elif (known := by_code.get((one.entity_kind, code))) is not None:
        name, group = name or known.entity_name, group or known.entity_group
    return Named(one.outcome_dataset_id, one.entity_kind, code, name, group)


def _publisher(one: Named, outcome_set: OutcomeSet, publishers: PublisherNames) -> str | None:
    if outcome_set.publisher_from == "none" or one.entity_kind in NOT_BODIES:
        return None
    name = one.entity_group if outcome_set.publisher_from == "group" else one.entity_name
    if (declared := outcome_set.publishers.get(name)) is not None:
        return declared
    of_code = publishers.find(one.entity_code, one.entity_kind) if one.entity_kind in WITH_TELLING_CODES else None
    return (publishers.find(name, one.entity_kind) if name else None) or of_code


def _bare(key: str, kind: str) -> str:
    if kind == "council":
        return " ".join(COUNCIL_WORDS.sub(" ", key).split())
    return BARE_DEPARTMENT.sub("", key)


def _only(ids: set[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None


def _order(named: Named) -> tuple[str, ...]:
    return (named.outcome_dataset_id, named.entity_kind, named.entity_code, named.entity_name, named.entity_group)
