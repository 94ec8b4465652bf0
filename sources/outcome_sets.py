"""The datasets of results that sources/outcomes declares, loaded and checked. What an entry may say stands in outcome_set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sources.errors import RegistryError
from sources.outcome_readers.read import check_options
from sources.outcome_set import OutcomeSet
from sources.publisher import HERE
from sources.written_yaml import read_model


def outcome_sets(folder: Path = HERE / "outcomes") -> dict[str, OutcomeSet]:
    """Every dataset by id. Raises RegistryError with all problems, one a line, each naming file and key."""
    problems: list[str] = []
    found: dict[str, OutcomeSet] = {}
    for path in sorted(folder.glob("*.yaml")):
        one = read_model(path, problems, OutcomeSet.model_validate)
        if one is None:
            continue
        problems.extend(_cross_checks(path, one))
        found[one.id] = one
    if problems:
        raise RegistryError(
            "\n".join([*problems, "Correct the entries named above; sources/outcome_set.py explains every key."])
        )
    return found


@cache
def declared_sets() -> dict[str, OutcomeSet]:
    """The datasets of sources/outcomes, read once."""
    return outcome_sets()


def _cross_checks(path: Path, one: OutcomeSet) -> Iterator[str]:
    if one.id != path.stem:
        yield f"{path}: id: {one.id!r} differs from the file's name; they have to be equal"
    for place, rule in enumerate(one.files):
        for problem in check_options(rule, one):
            yield f"{path}: files.{place}.{problem}"
