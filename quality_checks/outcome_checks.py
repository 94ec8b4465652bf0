"""Runs the rules about results over the warehouse and fills core_outcome_findings.

Belongs here: the shape of quality_checks/outcome_rules/<id>.yaml, and running them. Does not belong here: the rules about
spending (rule, engine), whose findings are about publications, or what becomes of a finding (reports).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from sources.errors import PublicValueError
from sources.schema.duckdb_sql import literal
from sources.schema.model import codes

if TYPE_CHECKING:
    import duckdb

RULES = Path(__file__).parent / "outcome_rules"
CONTRACT = (
    "outcome_dataset_id VARCHAR, outcome_publisher_id VARCHAR, entity_id VARCHAR, entity_name VARCHAR, metric_id VARCHAR, "
    "period_label VARCHAR, breakdown VARCHAR, distribution_id VARCHAR, sheet VARCHAR, line_number BIGINT, raw_value VARCHAR, "
    "finding_detail VARCHAR"
)
"""The columns that a rule may give; what it leaves out is empty. `breakdown` only tells findings apart."""

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12)]


class OutcomeRule(BaseModel):
    """One rule about results. `sql` selects what fails, one line a finding, with any of the columns of CONTRACT."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^outcome_[a-z0-9_]{3,60}$")]
    version: Annotated[int, Field(ge=1)]
    title: Sentence
    meaning: Sentence
    dimension: str
    severity: str
    sql: str
    remedy: Sentence

    @model_validator(mode="after")
    def _codes_exist(self) -> OutcomeRule:
        for value, name in ((self.dimension, "dimensions"), (self.severity, "severities")):
            if value not in codes(name):
                raise ValueError(f"{value!r} is none of {name}: {', '.join(codes(name))}")
        return self


@cache
def outcome_rules(folder: Path = RULES) -> tuple[OutcomeRule, ...]:
    """Every rule, by id. Raises PublicValueError that names the file and what is wrong with it."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            rule = OutcomeRule.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise PublicValueError(f"{path}: cannot be read as YAML: {error}") from error
        except ValidationError as error:
            words = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'rule'}: {one['msg']}" for one in error.errors())
            raise PublicValueError(f"{path}: {words}") from error
        if rule.id != path.stem:
            raise PublicValueError(f"{path}: id {rule.id!r} differs from the file's name; they have to be equal")
        found.append(rule)
    return tuple(found)


def run_outcome_rules(con: duckdb.DuckDBPyConnection) -> int:
    """Fill core_outcome_findings of the warehouse open at `con`; the number of findings. One pass a rule, in a total order.

    Raises PublicValueError where a rule's SQL does not run, with the rule.
    """
    import duckdb  # noqa: PLC0415 - a third of a second that commands without a warehouse do not pay

    con.execute("DELETE FROM core_outcome_findings")
    con.execute(f"CREATE OR REPLACE TEMP TABLE q_outcome_contract ({CONTRACT})")
    for rule in outcome_rules():
        try:
            con.execute(_insert(rule))
        except duckdb.Error as error:
            raise PublicValueError(f"{RULES / rule.id}.yaml: its SQL does not run: {error}") from error
    (found,) = con.execute("SELECT count(*) FROM core_outcome_findings").fetchall()
    return int(found[0])


def _insert(rule: OutcomeRule) -> str:
    parts = (
        "outcome_dataset_id", "entity_id", "metric_id", "period_label", "breakdown", "distribution_id", "sheet",
        "line_number::VARCHAR", "raw_value", "finding_detail",
    )  # fmt: skip
    identity = ", ".join(f"coalesce({part}, '')" for part in parts)
    return f"""
        INSERT INTO core_outcome_findings BY NAME
        SELECT
            left(sha256(concat_ws(chr(31), {literal(rule.id)}, {identity})), 24) AS finding_id, {literal(rule.id)} AS rule_id,
            {rule.version} AS rule_version, {literal(rule.title)} AS rule_title, {literal(rule.dimension)} AS dimension,
            {literal(rule.severity)} AS severity, * EXCLUDE (breakdown), {literal(rule.remedy)} AS remedy
        FROM (SELECT * FROM q_outcome_contract UNION ALL BY NAME (\n{rule.sql.strip().rstrip(";")}\n))
        ORDER BY finding_id"""
