"""Right of reply: a publisher's dated comments on a rule or a finding, one YAML each in sources/replies.

Belongs here: what a reply says. Does not belong here: joining it to findings (quality_checks.replies).
sources/replies/README.md explains every key.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from sources.errors import RegistryError
from sources.publisher import HERE, Model, Text
from sources.registry import Registry
from sources.written_yaml import read_model

FOLDER = HERE / "replies"


class Reply(Model):
    """What a publisher said on `date` about all its findings of a rule, or about one finding. `source` says where it said so."""

    publisher_id: Text
    date: date
    rule_id: Text | None = None
    finding_id: Text | None = None
    text: Annotated[str, Field(min_length=1, max_length=5000)]
    source: Text

    @model_validator(mode="after")
    def _one_subject(self) -> Reply:
        if (self.rule_id is None) == (self.finding_id is None):
            raise ValueError("a reply is about a rule_id or a finding_id, one of them")
        return self


def load_replies(registry: Registry, folder: Path = FOLDER) -> tuple[Reply, ...]:
    """Every reply, oldest first. Raises RegistryError with all problems, one a line.

    Whether a rule or finding of that name exists is not checked here: a finding goes when the publisher mends it, and what
    was said about it stays on record.
    """
    problems: list[str] = []
    found: list[Reply] = []
    for path in sorted(folder.glob("*.yaml")):
        one = read_model(path, problems, Reply.model_validate)
        if one is None:
            continue
        if one.publisher_id not in registry:
            problems.append(f"{path}: publisher_id: {one.publisher_id!r} is not in the register")
        found.append(one)
    if problems:
        raise RegistryError(
            "\n".join([*problems, f"Correct the files named above; {folder / 'README.md'} explains the keys."])
        )
    return tuple(sorted(found, key=lambda one: (one.date, one.publisher_id, one.text)))
