"""Lake to warehouse: loads what the models refer to, then runs pipelines/transform/*.sql in order.

Belongs here: binding Parquet files, register and code lists to the names the models use (lake_*, ref_*). Does not belong
here: what a table means (sources/schema) or how it is made (the models).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.corrections import apply_corrections
from pipelines.outcome_lake import OutcomeLake
from pipelines.outcomes import load_outcomes
from pipelines.schema_duckdb import create_table, lake_columns
from sources import codelists
from sources.correction import Correction
from sources.errors import PublicValueError
from sources.outcome_sets import declared_sets
from sources.registry import Registry
from sources.schema.duckdb_sql import literal
from sources.schema.model import table, table_names

if TYPE_CHECKING:
    import duckdb

MODELS = Path(__file__).parent / "transform"
BASE_INDEX = Decimal(100)
log = logging.getLogger(__name__)


def declared_tables() -> list[str]:
    """Names of the tables that the warehouse holds, in order."""
    return [name for name in table_names() if table(name).layer != "lake"]


def build_warehouse(
    con: duckdb.DuckDBPyConnection,
    rows: Sequence[Path],
    files: Sequence[Path],
    registry: Registry,
    *,
    as_of: date,
    corrections: Sequence[Correction] = (),
    outcomes: OutcomeLake | None = None,
) -> dict[str, int]:
    """Makes every raw, core and mart table anew; table name to number of rows.

    `rows` and `files` are Parquet files with the columns of lake_rows and lake_files, holding the newest snapshot of each
    distribution only; `outcomes` the same for results. Every table but core_transactions and core_payments, which
    the release sorts, is written in a total order, whatever order the files come in. Amounts are GBP. Raises
    PublicValueError where rows belong to a file that `files` does not list, since they would be lost.
    """
    _lake(con, "lake_files", files)
    _lake(con, "lake_rows", rows)
    _check_files_listed(con)
    apply_corrections(con, corrections)
    _references(con, registry, as_of)
    load_outcomes(con, outcomes or OutcomeLake(), declared_sets(), registry)
    for name in declared_tables():
        con.execute(create_table(table(name)))
    for model in sorted(MODELS.glob("*.sql")):
        began = time.perf_counter()
        con.execute(model.read_text(encoding="utf-8"))
        log.info("model %s: %.2f s", model.stem, time.perf_counter() - began)
    return {name: _count(con, name) for name in declared_tables()}


def _lake(con: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path]) -> None:
    """View `name` over Parquet files. `place` numbers the rows by file and row; an empty list of files is an empty table."""
    if not paths:
        con.execute(create_table(table(name)).replace("CREATE OR REPLACE TABLE", "CREATE OR REPLACE TEMP TABLE"))
        con.execute(f"ALTER TABLE {name} ADD COLUMN place BIGINT")
        return
    listed = ", ".join(literal(str(path)) for path in sorted(paths, key=_publisher_first))
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {name} AS "
        f"SELECT {lake_columns(name)}, (file_index << 32) | file_row_number AS place FROM read_parquet([{listed}])"
    )


def _publisher_first(path: Path) -> tuple[str, str]:
    """Order of the lake's files: by publisher, whose name stands before the hash. A new hash moves no publisher."""
    publisher, _, digest = path.name.rpartition("-")
    return publisher, digest


def _check_files_listed(con: duckdb.DuckDBPyConnection) -> None:
    lost = con.execute(
        "SELECT DISTINCT distribution_id FROM lake_rows ANTI JOIN lake_files USING (distribution_id) ORDER BY 1 LIMIT 3"
    ).fetchall()
    if lost:
        ids = ", ".join(str(one) for (one,) in lost)
        raise PublicValueError(
            f"the lake holds rows of files that it does not list ({ids}); delete the lake folder and run again"
        )


def _count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    (found,) = con.execute(f"SELECT count(*) FROM {name}").fetchall()
    return int(found[0])


def _load(con: duckdb.DuckDBPyConnection, name: str, columns: str, values: Iterable[Sequence[Any]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if rows := list(values):
        marks = f"({', '.join('?' * len(rows[0]))})"  # one statement: row by row it takes fifty times as long
        con.execute(f"INSERT INTO {name} VALUES {', '.join([marks] * len(rows))}", [one for row in rows for one in row])


def _references(con: duckdb.DuckDBPyConnection, registry: Registry, as_of: date) -> None:
    """Register and code lists as ref_* tables and macros."""
    con.execute(f"CREATE OR REPLACE TEMP MACRO ref_as_of() AS DATE {literal(as_of.isoformat())}")
    seen = {str(one) for (one,) in con.execute("SELECT DISTINCT publisher_id FROM lake_files").fetchall()}
    known = [registry.get(one) for one in sorted(seen | {one.id for one in registry.publishers})]
    _load(
        con,
        "ref_publishers",
        "publisher_id VARCHAR, publisher_name VARCHAR, organisation_kind VARCHAR, family VARCHAR, parent_id VARCHAR, is_registered BOOLEAN",
        ((one.id, one.name, one.kind, one.family, one.parent_id, one.is_registered) for one in known),
    )
    periods = con.execute(
        "SELECT DISTINCT publisher_id, series, period_start FROM lake_files WHERE period_start IS NOT NULL ORDER BY ALL"
    ).fetchall()
    _load(
        con,
        "ref_thresholds",
        "publisher_id VARCHAR, series VARCHAR, period_start DATE, threshold_gbp DECIMAL(18,2)",
        ((one, series, start, registry.get(one).threshold(series, start)) for one, series, start in periods),
    )
    _load(
        con,
        "ref_deflator",
        "financial_year VARCHAR, factor DECIMAL(12,8)",
        ((year, round(BASE_INDEX / index, 8)) for year, index in sorted(codelists.gdp_deflator().items())),
    )
    deflator = codelists.index()["gdp_deflator.csv"]
    _load(con, "ref_deflator_vintage", "vintage VARCHAR", [(f"{deflator.vintage} Prices of {deflator.base}.",)])
    _load(
        con,
        "ref_revision_marks",
        "mark VARCHAR, rank INTEGER",
        ((row["mark"], int(row["rank"])) for row in codelists.rows("revision_marks")),
    )
    _payee_rules(con)


def _payee_rules(con: duckdb.DuckDBPyConnection) -> None:
    """The rules as one macro a field, giving the number of the first that the text meets.

    A macro with the patterns in it lets DuckDB compile each expression once; a join would compile it again for every line.
    """
    rules = list(enumerate(codelists.payee_rules(), start=1))
    _load(
        con,
        "ref_payee_rules",
        "rule_no INTEGER, rule_id VARCHAR, payee_kind VARCHAR",
        ((no, one.id, one.kind) for no, one in rules),
    )
    for field in ("supplier_name", "supplier_key", "expense_type", "expense_area", "description"):
        tests = " ".join(
            f"WHEN regexp_matches(value, {literal(one.pattern)})"
            + (f" AND NOT regexp_matches(value, {literal(one.exclude)})" if one.exclude else "")
            + f" THEN {no}"
            for no, one in rules
            if one.field == field and one.pattern is not None
        )
        body = f"CASE {tests} END" if tests else "NULL::INTEGER"
        con.execute(f"CREATE OR REPLACE TEMP MACRO payee_rule_of_{field}(value) AS {body}")
    list_rule = min((no for no, one in rules if one.list == "public_bodies"), default=None)
    _load(
        con,
        "ref_public_bodies",
        "name VARCHAR, govuk_slug VARCHAR, rule_no INTEGER",
        ((row["name"], row["govuk_slug"], list_rule) for row in codelists.rows("public_bodies") if list_rule),
    )
