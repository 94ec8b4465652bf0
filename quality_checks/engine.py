"""Runs every rule over the whole warehouse and fills the tables of findings, results and tiers.

Belongs here: the order of the work and what is kept of it. Does not belong here: what a rule asks (rules/*.yaml), the
views it asks over (prepare.sql), what the tiers are (tiers.sql), or other tools that run the same rules (suites.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quality_checks.rule import NEEDS, Need, Rule, all_rules
from sources import codelists
from sources.errors import PublicValueError
from sources.schema.duckdb_sql import literal, quoted
from sources.schema.guidance import GUIDANCE_FIELDS

if TYPE_CHECKING:
    import duckdb

    from sources.registry import Registry

HERE = Path(__file__).parent
log = logging.getLogger(__name__)
TABLES = ("core_rules", "core_findings", "core_rule_results", "mart_quality_by_publication")


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one rule gave over the whole warehouse. `seconds` is for the person who watches, and goes into no table."""

    rule: Rule
    findings: int
    seconds: float


def run_rules(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule] | None = None,
    *,
    as_of: date,
    without: Collection[Need] = (),
    own_file: bool = False,
    registry: Registry | None = None,
) -> list[RuleRun]:
    """Fills the tables TABLES of the warehouse open at `con`, which holds the core tables; one pass a rule.

    `own_file` shows the publisher what published findings only count or withhold. `without` names what is not there to
    answer with, as when one file is looked at alone: rules that need it are not applicable. `registry` gives the other
    names of bodies. Amounts are GBP. Nothing is capped, and the same warehouse gives the same findings; their order is that of no
    table, since whoever publishes them sorts. Raises PublicValueError where a rule's SQL does not run, with the rule.
    """
    asked = all_rules() if rules is None else tuple(rules)
    prepare(con, as_of=as_of, registry=registry)
    for name in TABLES:
        con.execute(f"DELETE FROM {name}")
    _list_rules(con, asked)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE q_answers (rule_id VARCHAR, publisher_id VARCHAR, publication_id VARCHAR, checked_count BIGINT, reason VARCHAR)"
    )
    runs = [_run(con, rule, without, own_file=own_file) for rule in asked]
    if not own_file:
        _script(con, "persons.sql")
    _script(con, "results.sql")
    _script(con, "tiers.sql")
    return runs


def prepare(con: duckdb.DuckDBPyConnection, *, as_of: date, registry: Registry | None = None) -> None:
    """Makes the macros and the q_ tables that the rules' SQL is written over. `as_of` is the only clock: q_as_of()."""
    _bodies(con, registry)
    con.execute(f"CREATE OR REPLACE TEMP MACRO q_as_of() AS DATE {literal(as_of.isoformat())}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE q_required AS "
        "SELECT unnest($1) AS column_name, unnest(range(1, len($1) + 1)) AS rank",
        [list(GUIDANCE_FIELDS)],
    )
    _script(con, "macros.sql")
    _script(con, "prepare.sql")


def _bodies(con: duckdb.DuckDBPyConnection, registry: Registry | None) -> None:
    """Names of public bodies, and what the register says of its own beside their names: other names, predecessors."""
    publishers = registry.publishers if registry else ()
    others = [
        (one.id, name)
        for one in publishers
        for name in (*(earlier.name for earlier in one.earlier_names), *one.aliases, *one.abbreviations)
    ]
    before = [(one.id, change.id) for one in publishers for change in one.predecessors]
    for table, columns, rows in (
        ("q_public_bodies", ("name",), [(row["name"],) for row in codelists.rows("public_bodies")]),
        ("q_other_names", ("publisher_id", "name"), others),
        ("q_predecessors", ("publisher_id", "predecessor_id"), before),
    ):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'{name} VARCHAR' for name in columns)})")
        values = ", ".join(f"unnest(${place})" for place in range(1, len(columns) + 1))
        con.execute(f"INSERT INTO {table} SELECT {values}", [[row[at] for row in rows] for at in range(len(columns))])


def failing_rows(rule: Rule, *, own_file: bool = False) -> str:
    """The rule's SQL with all columns of the contract. Needs what prepare() makes."""
    sql = rule.own_file_sql if own_file and rule.own_file_sql else rule.sql
    return f"SELECT * FROM q_contract UNION ALL BY NAME (\n{sql.strip().rstrip(';')}\n)"


def _run(con: duckdb.DuckDBPyConnection, rule: Rule, without: Collection[Need], *, own_file: bool) -> RuleRun:
    began = time.perf_counter()
    if lacking := [need for need in rule.needs if need in without]:
        con.execute(
            "INSERT INTO q_answers SELECT ?, publisher_id, publication_id, 0, ? FROM q_publications",
            [rule.id, NEEDS[lacking[0]]],
        )
        return RuleRun(rule, 0, 0.0)
    found = _fetch_one(
        con,
        rule,
        f"""INSERT INTO core_findings BY NAME
        SELECT
            q_identifier(concat_ws(chr(31), {literal(rule.id)}, coalesce(publisher_id, ''), coalesce(publication_id, ''),
                coalesce(distribution_id, ''), coalesce(transaction_id, coalesce(sheet, '') || chr(30) || coalesce(line_number::VARCHAR, '')),
                coalesce(column_name, ''), coalesce(raw_value, ''))) AS finding_id,
            {literal(rule.id)} AS rule_id, {rule.version} AS rule_version, {literal(rule.dimension)} AS dimension,
            {literal(rule.severity)} AS severity, *
        FROM ({failing_rows(rule, own_file=own_file)})""",
    )
    _answers(con, rule)
    seconds = time.perf_counter() - began
    log.info("rule %s: %d findings, %.2f s", rule.id, found, seconds)
    return RuleRun(rule, found, seconds)


def _answers(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Notes for every publication (or publisher) how many the rule was asked of, or why it was not."""
    key, everyone = (
        ("publisher_id", "(SELECT DISTINCT publisher_id, NULL::VARCHAR AS publication_id FROM q_publications)")
        if rule.scope == "publisher"
        else ("publication_id", "q_publications")
    )
    _fetch_one(
        con,
        rule,
        f"""INSERT INTO q_answers
        SELECT {literal(rule.id)}, e.publisher_id, e.publication_id, coalesce(a.checked_count, 0)::BIGINT,
            CASE WHEN coalesce(a.checked_count, 0) = 0 THEN coalesce(a.not_applicable_reason, {literal(rule.not_applicable)}) END
        FROM {everyone} AS e
        LEFT JOIN (
            SELECT NULL::VARCHAR AS {key}, 0::BIGINT AS checked_count, NULL::VARCHAR AS not_applicable_reason WHERE false
            UNION ALL BY NAME ({rule.applies_sql.strip().rstrip(";")})
        ) AS a ON a.{quoted(key)} = e.{quoted(key)}""",
    )


def _fetch_one(con: duckdb.DuckDBPyConnection, rule: Rule, sql: str) -> int:
    import duckdb  # noqa: PLC0415 - only where rules run

    try:
        row: tuple[Any, ...] | None = con.execute(sql).fetchone()
    except duckdb.Error as error:
        raise PublicValueError(f"rule {rule.id}: its SQL does not run: {error}") from error
    return int(row[0]) if row else 0


def _list_rules(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    con.executemany(
        "INSERT INTO core_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                rule.id,
                rule.version,
                rule.title,
                rule.meaning,
                rule.dimension,
                rule.severity,
                rule.scope,
                rule.guidance.clause,
                rule.guidance.url,
                rule.guidance.verified,
                rule.remedy,
            ]
            for rule in sorted(rules, key=lambda one: one.id)
        ],
    )


def _script(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute((HERE / name).read_text(encoding="utf-8"))
