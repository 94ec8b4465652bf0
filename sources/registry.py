"""The register of publishers: one YAML each in sources/publishers, read, validated and checked against one another.

Belongs here: what a publisher is, and that the register is sound. Does not belong here: what a publisher published (the
lake), or how its files are read (readers, layout, values), which take declared quirks from here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from sources.errors import RegistryError
from sources.schema.model import codes

HERE = Path(__file__).parent
ID_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ENTRY_BYTES = 64 * 1024
GUIDE = "docs/adding-a-department.md explains every key"
ACRONYMS = {"nhs", "uk", "hm"}
SMALL_WORDS = {"and", "for", "in", "of", "the"}


def _code_of(list_name: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in codes(list_name):
            raise ValueError(f"{value!r} is not in the code list {list_name}: {', '.join(codes(list_name))}")
        return value

    return AfterValidator(check)


Kind = Annotated[str, _code_of("organisation_kinds")]
Family = Annotated[str, _code_of("organisation_families")]
Series = Annotated[str, _code_of("series")]
AmountBasis = Annotated[str, _code_of("amount_bases")]
DateOrder = Annotated[str, _code_of("date_orders")]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
M = TypeVar("M")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class EarlierName(Model):
    """`until` is the first day on which the name was no longer used."""

    name: Text
    until: date


class Threshold(Model):
    """Value in GBP from which a transaction is published. Holds on `from` and later, before `until`."""

    series: Series
    start: date = Field(alias="from")
    until: date | None = None
    amount_gbp: Money
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Threshold:
        if self.until is not None and self.until <= self.start:
            raise ValueError(f"until {self.until} is not after from {self.start}")
        return self

    def holds(self, series: str, on: date) -> bool:
        return self.series == series and self.start <= on and (self.until is None or on < self.until)


class Change(Model):
    """A machinery-of-government change: the other body, the day, and what passed."""

    id: Text
    date: date
    what: Text


class Places(Model):
    """Where a body publishes: the slug of its page on GOV.UK, or index pages of its own."""

    govuk_organisation: str | None = Field(default=None, pattern=ID_FORM.pattern)
    index_pages: tuple[WebAddress, ...] = ()


class Quirks(Model):
    """What a body's files mean where they do not say so themselves. Declared, never guessed."""

    amount_basis: AmountBasis | None = None
    date_order: DateOrder | None = None


class Citation(Model):
    fact: Text
    source: Text


class Checked(Model):
    """When somebody last compared the entry with its sources, and how."""

    on: date
    how: Text


class Publisher(Model):
    """One organisation of the register."""

    is_registered: ClassVar[bool] = True

    id: str = Field(min_length=1, max_length=200)
    name: Text
    earlier_names: tuple[EarlierName, ...] = ()
    abbreviations: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    kind: Kind
    family: Family
    parent_id: str | None = None
    govuk_slug: str | None = Field(default=None, pattern=ID_FORM.pattern)
    website: WebAddress | None = None
    duty_start: date | None = None
    duty_end: date | None = None
    thresholds: tuple[Threshold, ...] = ()
    predecessors: tuple[Change, ...] = ()
    sources: Places = Places()
    quirks: Quirks = Quirks()
    citations: tuple[Citation, ...] = ()
    checked: Checked | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Publisher:
        if self.duty_start and self.duty_end and self.duty_end <= self.duty_start:
            raise ValueError(f"duty_end {self.duty_end} is not after duty_start {self.duty_start}")
        untils = [earlier.until for earlier in self.earlier_names]
        if untils != sorted(set(untils)):
            raise ValueError("earlier_names are not in order of until, oldest first")
        for one, other in zip(self.thresholds, self.thresholds[1:], strict=False):
            if one.series == other.series and (one.until is None or one.until > other.start):
                raise ValueError(
                    f"thresholds of {one.series} from {one.start} and from {other.start} overlap or are out of order"
                )
        return self

    def threshold(self, series: str, on: date) -> Decimal | None:
        """Threshold in GBP of a series on a day: the body's own, else its kind's. None where none is known."""
        for threshold in (*self.thresholds, *kind_thresholds().get(self.kind, ())):
            if threshold.holds(series, on):
                return threshold.amount_gbp
        return None

    def fingerprint(self) -> str:
        """SHA-256 of the entry as validated: the order of keys, comments and layout of the YAML make no difference."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class UnregisteredPublisher(Publisher):
    """Stands in for a publisher without an entry, so that its files can be read with defaults."""

    is_registered: ClassVar[bool] = False


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


def load_registry(*extra_dirs: Path) -> Registry:
    """Every entry of sources/publishers and of the given folders. Raises RegistryError with all problems, one a line."""
    problems: list[str] = []
    found: list[tuple[Path, Publisher]] = []
    for folder in (HERE / "publishers", *extra_dirs):
        if not folder.is_dir():
            raise RegistryError(f"{folder}: no such folder of publishers")
        for path in sorted(folder.glob("*.yaml")):
            publisher = _read_entry(path, problems)
            if publisher is not None:
                found.append((path, publisher))
    problems.extend(_cross_checks(found))
    if problems:
        raise RegistryError("\n".join([*problems, f"Correct the entries named above; {GUIDE}."]))
    return Registry([publisher for _, publisher in found])


def readable(publisher_id: str) -> str:
    """A name made of an id: 'north-hill-nhs-trust' becomes 'North Hill NHS Trust'."""
    words = re.split(r"[-_\s]+", publisher_id.strip())
    spoken = (
        word.upper() if word in ACRONYMS else word if place and word in SMALL_WORDS else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )
    return " ".join(spoken) or "(no name)"


@cache
def kind_thresholds() -> dict[str, tuple[Threshold, ...]]:
    """Thresholds by kind of organisation, for publishers that declare none of their own."""
    problems: list[str] = []
    path = HERE / "codelists" / "thresholds.yaml"
    loaded = _validated(path, problems, TypeAdapter(dict[Kind, tuple[Threshold, ...]]).validate_python)
    if loaded is None:
        raise RegistryError("\n".join(problems))
    return loaded


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C parser is there where libyaml is
    """Safe loader that refuses a key given twice, which YAML parsers else settle silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} is given twice", key.start_mark)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _validated(path: Path, problems: list[str], validate: Callable[[Any], M]) -> M | None:
    try:
        if path.stat().st_size > MAX_ENTRY_BYTES:
            problems.append(f"{path}: larger than {MAX_ENTRY_BYTES} bytes, so it is no entry of the register")
            return None
        return validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: cannot be read: {error}")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problems.append(f"{path}: {where}no valid YAML: {getattr(error, 'problem', None) or error}")
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            key = ".".join(str(part) for part in problem["loc"]) or "entry"
            problems.append(f"{path}: {key}: {problem['msg'].removeprefix('Value error, ')}")
    return None


def _read_entry(path: Path, problems: list[str]) -> Publisher | None:
    publisher = _validated(path, problems, Publisher.model_validate)
    if publisher is None:
        return None
    if not ID_FORM.fullmatch(publisher.id):
        problems.append(f"{path}: id: {publisher.id!r} is not lower-case words joined by hyphens")
    if publisher.id != path.stem:
        problems.append(f"{path}: id: {publisher.id!r} differs from the file's name; they have to be equal")
    return publisher


def _cross_checks(found: list[tuple[Path, Publisher]]) -> Iterator[str]:
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
            elif other not in by_id:
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
