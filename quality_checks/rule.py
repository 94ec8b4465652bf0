"""One rule as data: what its file has to hold, and reading all of them.

Belongs here: the shape of quality_checks/rules/<dimension>/<id>.yaml and clear words about a file that lacks it. Does not
belong here: running the SQL (engine.py), or what the tables behind it are (prepare.sql).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from sources.errors import PublicValueError
from sources.schema.model import LOADER, codes

RULES = Path(__file__).parent / "rules"

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{3,60}$")]
Need = Literal["history", "calendar", "register", "threshold"]
NEEDS: dict[Need, str] = {
    "history": "One file cannot answer this; it needs the publisher's other publications.",
    "calendar": "One file cannot answer this; it needs the publication calendar.",
    "register": "The publisher was not named, and this needs its entry in the register.",
    "threshold": "The publisher was not named, so its threshold is unknown.",
}
"""What a rule needs beyond the file in hand, and what is said where that is not there."""


class Guidance(BaseModel):
    """What the guidance asks, in our words. `verified`: the clause was compared with the text at `url`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clause: Sentence
    url: Annotated[str, StringConstraints(pattern=r"^https://")]
    verified: bool


class Example(BaseModel):
    """Input small enough to run. `files` maps a file's name to its text, or to lines under the guidance's eight headings.

    `generated` is SQL giving (file_name, line), for what takes many lines. `encoding` is that of the bytes; `workbook`
    makes each file an XLSX workbook, `hidden_sheet` one with a second, hidden sheet. `findings` is how many the rule has to make; `kind` the publisher's kind, `published` the day of publication.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, str | list[str]] = Field(default_factory=dict)
    generated: str | None = None
    encoding: str = "utf-8"
    workbook: bool = False
    hidden_sheet: bool = False
    kind: str = "ministerial_department"
    published: date | None = None
    findings: int = 0

    @model_validator(mode="after")
    def _has_input(self) -> Example:
        if not self.files and self.generated is None:
            raise ValueError("an example needs files or generated")
        return self


class Examples(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    passing: Example
    failing: Example
    not_applicable: Example | None = None

    @model_validator(mode="after")
    def _counted(self) -> Examples:
        if self.failing.findings < 1:
            raise ValueError("the failing example has to say how many findings it makes")
        return self


class Rule(BaseModel):
    """One rule.

    `sql` selects what fails, one line a finding, with any of the columns of q_contract (see prepare.sql): usually
    `place.*` of q_lines, q_aside, q_files or q_publications, then column_name, raw_value and finding_detail.
    `own_file_sql` takes its place where a publisher looks at its own file, and may show what is not published.
    `applies_sql` gives publication_id (or, for scope publisher, publisher_id), checked_count and, where the reason differs,
    not_applicable_reason. Who is not in it, or has a count of 0, is not applicable for the reason `not_applicable`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: RuleId
    version: Annotated[int, Field(ge=1)]
    title: Sentence
    meaning: Sentence
    dimension: str
    severity: str
    scope: str
    needs: tuple[Need, ...] = ()
    sql: str
    own_file_sql: str | None = None
    applies_sql: str
    not_applicable: Sentence
    guidance: Guidance
    remedy: Sentence
    examples: Examples | None = None

    @model_validator(mode="after")
    def _codes_exist(self) -> Rule:
        for value, name in ((self.dimension, "dimensions"), (self.severity, "severities"), (self.scope, "rule_scopes")):
            if value not in codes(name):
                raise ValueError(f"{value!r} is none of {name}: {', '.join(codes(name))}")
        if self.dimension == "plausibility" and self.severity != "advice":
            raise ValueError("plausibility is advice only")
        if self.examples is None and "calendar" not in self.needs:
            raise ValueError("examples are missing")
        return self


def read_rule(path: Path) -> Rule:
    """The rule in `path`. Raises PublicValueError that names the file and what is wrong with it."""
    try:
        loaded = yaml.load(path.read_bytes(), Loader=LOADER)  # noqa: S506 - one of the safe loaders
        rule = Rule.model_validate(loaded)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PublicValueError(f"{path}: cannot be read as YAML: {error}") from error
    except ValidationError as error:
        words = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'rule'}: {one['msg']}" for one in error.errors())
        raise PublicValueError(f"{path}: {words}") from error
    if (rule.dimension, rule.id) != (path.parent.name, path.stem):
        raise PublicValueError(
            f"{path}: a rule {rule.id} of {rule.dimension} belongs in {rule.dimension}/{rule.id}.yaml"
        )
    return rule


def read_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """Every rule under `folder`, by id. Raises PublicValueError where a file is wrong or an id stands twice."""
    rules = [read_rule(path) for path in sorted(folder.glob("*/*.yaml"))]
    ids = [rule.id for rule in rules]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise PublicValueError(f"{folder}: rules that stand twice: {', '.join(twice)}")
    return tuple(sorted(rules, key=lambda rule: rule.id))


@cache
def all_rules() -> tuple[Rule, ...]:
    """The project's rules, read once."""
    return read_rules()
