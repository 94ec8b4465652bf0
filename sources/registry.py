"""The register of publishers: one YAML each in sources/publishers, read, validated and checked against one another.

Belongs here: which publishers there are, and that the register is sound. Does not belong here: what one entry says
(publisher), what a publisher published (the lake), or how its files are read (readers, layout, values).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sources.errors import RegistryError
from sources.publisher import HERE, ID_FORM, Change, Publisher, UnregisteredPublisher
from sources.written_yaml import read_model

__all__ = ["Change", "Publisher", "Registry", "UnregisteredPublisher", "load_registry", "readable"]

GUIDE = "docs/adding-a-department.md explains every key"
ACRONYMS = {"nhs", "uk", "hm"}
SMALL_WORDS = {"and", "for", "in", "of", "the"}


class Registry:
    """All entries. `publishers` is ordered by id."""

    def __init__(self, publishers: list[Publisher]) -> None:
        self.publishers = tuple(sorted(publishers, key=lambda publisher: publisher.id))
        self._by_id = {publisher.id: publisher for publisher in self.publishers}

    def __contains__(self, publisher_id: str) -> bool:
        return publisher_id in self._by_id

    def get(self, publisher_id: str) -> Publisher:
        """The entry, or a stand-in of kind `unknown` whose name is the id made readable."""
        if publisher_id in self._by_id:
            return self._by_id[publisher_id]
        return UnregisteredPublisher(
            id=publisher_id[:200], name=readable(publisher_id)[:1000], kind="unknown", family="unknown"
        )

    def successors(self, publisher_id: str) -> tuple[Change, ...]:
        """Bodies that name this one as a predecessor, oldest change first. Declared on the successor only."""
        changes = [
            Change(id=publisher.id, date=change.date, what=change.what)
            for publisher in self.publishers
            for change in publisher.predecessors
            if change.id == publisher_id
        ]
        return tuple(sorted(changes, key=lambda change: (change.date, change.id)))


def load_registry(*folders: Path, with_own: bool = True) -> Registry:
    """Every entry of sources/publishers (unless without them, as the sample's invented bodies stand alone) and of the given
    folders. Raises RegistryError with all problems, one a line.
    """
    problems: list[str] = []
    found: list[tuple[Path, Publisher]] = []
    unread: set[str] = set()
    for folder in (*([HERE / "publishers"] if with_own else []), *folders):
        if not folder.is_dir():
            raise RegistryError(f"{folder}: no such folder of publishers")
        for path in sorted(folder.glob("*.yaml")):
            publisher = _read_entry(path, problems)
            if publisher is None:
                unread.add(path.stem)
            else:
                found.append((path, publisher))
    problems.extend(_cross_checks(found, unread))
    if len(problems) == 1:
        raise RegistryError(f"{problems[0]}; correct the entry: {GUIDE}")
    if problems:
        raise RegistryError("\n".join([*problems, f"Correct the entries named above; {GUIDE}."]))
    return Registry([publisher for _, publisher in found])


def readable(publisher_id: str) -> str:
    """A name made of an id: 'north-hill-nhs-trust' becomes 'North Hill NHS Trust'."""
    words = [word for word in re.split(r"[-_\s]+", publisher_id) if word]
    spoken = (
        word.upper() if word in ACRONYMS else word if place and word in SMALL_WORDS else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )
    return " ".join(spoken) or "(no name)"


def _read_entry(path: Path, problems: list[str]) -> Publisher | None:
    publisher = read_model(path, problems, Publisher.model_validate)
    if publisher is None:
        return None
    if not ID_FORM.fullmatch(publisher.id):
        problems.append(f"{path}: id: {publisher.id!r} is not lower-case words joined by hyphens")
    if publisher.id != path.stem:
        problems.append(f"{path}: id: {publisher.id!r} differs from the file's name; they have to be equal")
    return publisher


def _cross_checks(found: list[tuple[Path, Publisher]], unread: set[str]) -> Iterator[str]:
    """What is wrong between entries; nothing is said of ids whose entry is there and could not be read, which is told already."""
    by_id = {publisher.id: publisher for _, publisher in found}
    taken: dict[tuple[str, str], Path] = {}
    for path, publisher in found:
        for key, value in (
            ("id", publisher.id),
            ("name", publisher.name.casefold()),
            ("govuk_slug", publisher.govuk_slug),
        ):
            if value is None:
                continue
            if (key, value) in taken:
                yield f"{path}: {key}: {value!r} is also that of {taken[key, value]}"
            taken.setdefault((key, value), path)
        references = [("parent_id", publisher.parent_id)]
        references += [(f"predecessors.{at}.id", change.id) for at, change in enumerate(publisher.predecessors)]
        for key, other in references:
            if other is None:
                continue
            if other == publisher.id:
                yield f"{path}: {key}: a body cannot be its own"
            elif other not in by_id and other not in unread:
                yield f"{path}: {key}: no entry {other!r}; add {other}.yaml or correct the id"
        if _is_own_ancestor(publisher, by_id):
            yield f"{path}: parent_id: parents lead back to {publisher.id!r}"


def _is_own_ancestor(publisher: Publisher, by_id: dict[str, Publisher]) -> bool:
    seen: set[str] = set()
    parent = publisher.parent_id
    while parent is not None and parent in by_id and parent not in seen and parent != publisher.id:
        seen.add(parent)
        parent = by_id[parent].parent_id
    return parent == publisher.id and publisher.parent_id != publisher.id
