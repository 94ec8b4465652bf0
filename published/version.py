"""The version of a release, worked out from what changed since the release before.

major   a dataset or field is gone, or a field's type or a dataset's key changed: what reads it may break; or a value is
        worked out by another version of its method, so that it must not be compared with the one before
minor   a dataset or field is new, or the rows (by key) are others: added, or withdrawn
patch   the same rows by key, with other values; or the same datasets, with other reports
none    the content of every dataset and report is the same: no release
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Change(IntEnum):
    """How much changed; the larger, the more."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class Version(NamedTuple):
    """A semantic version."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError unless `text` is three numbers with points between and no leading zeros."""
        parts = text.split(".")
        numbers = [int(part) for part in parts if part.isascii() and part.isdigit()]
        if len(parts) != 3 or [str(number) for number in numbers] != parts:
            raise ValueError(f"{text} is no version such as 1.0.0")
        return cls(*numbers)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, change: Change) -> Version:
        match change:
            case Change.MAJOR:
                return Version(self.major + 1, 0, 0)
            case Change.MINOR:
                return Version(self.major, self.minor + 1, 0)
            case Change.PATCH:
                return Version(self.major, self.minor, self.patch + 1)
            case Change.NONE:
                return self


FIRST = Version(1, 0, 0)


@dataclass(frozen=True, slots=True)
class Content:
    """What one dataset of a release is: field types by name, key, and the SHA-256 of its CSV."""

    types: Mapping[str, str]
    key: tuple[str, ...]
    sha256: str


def compare(
    before: Mapping[str, Content],
    now: Mapping[str, Content],
    same_rows: Callable[[str], bool],
    new_method: Callable[[str], bool] = lambda _name: False,
) -> Change:
    """The largest change of any dataset. `same_rows(name)` says whether the keys of both are the same set, `new_method(name)`
    whether a line that stayed names another version of its method; they are asked only where a dataset has other content.
    """
    changes = [Change.NONE]
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            changes.append(Change.MAJOR)
        elif name not in before:
            changes.append(Change.MINOR)
        elif before[name] != now[name]:
            changes.append(_compare_dataset(name, before[name], now[name], same_rows, new_method))
    return max(changes)


def _compare_dataset(
    name: str, before: Content, now: Content, same_rows: Callable[[str], bool], new_method: Callable[[str], bool]
) -> Change:
    if before.key != now.key or any(now.types.get(field) != kind for field, kind in before.types.items()):
        return Change.MAJOR
    if before.sha256 != now.sha256 and new_method(name):
        return Change.MAJOR
    if now.types.keys() - before.types.keys():
        return Change.MINOR
    return Change.PATCH if same_rows(name) else Change.MINOR
