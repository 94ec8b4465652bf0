"""The same rules through Great Expectations, on our own DuckDB connection. The only module that knows that library.

Belongs here: suites generated from the rule files, native expectations for our own tables, and Data Docs of a run. Does
not belong here: findings (engine.py), since what Great Expectations returns of failing rows is capped; its counts are full.

Great Expectations has no engine for DuckDB. Its SQLAlchemy engine closes the connection before rows are fetched, so ours
keeps one open; and a second connection to the warehouse's file would be refused, so it is the pipeline's own.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from quality_checks.engine import failing_rows, prepare
from quality_checks.rule import Rule, all_rules
from sources.schema.duckdb_sql import quoted
from sources.schema.model import Table, codes, table

if TYPE_CHECKING:
    import duckdb

    from sources.registry import Registry

OWN_TABLES = (
    "core_distributions",
    "core_findings",
    "core_publications",
    "core_rule_results",
    "core_rules",
    "core_set_aside_rows",
    "core_transactions",
    "mart_quality_by_publication",
)
SEVERITIES = {"error": "critical", "warning": "warning", "advice": "info"}
SITE = "publicvalue"


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """`failing` is the number of failing rows by rule id; `broken` names expectations about our own tables that fail."""

    failing: dict[str, int]
    broken: tuple[str, ...]


def run_suites(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule] | None = None,
    *,
    as_of: date,
    docs: Path | None = None,
    registry: Registry | None = None,
) -> SuiteRun:
    """Runs every rule, and the schemas of OWN_TABLES, over the warehouse open at `con`. Takes seconds to import.

    With `docs`, an empty folder or none yet, Data Docs of this run are written there. Raises RuntimeError where an
    expectation could not be evaluated.
    """
    asked = all_rules() if rules is None else tuple(rules)
    prepare(con, as_of=as_of, registry=registry)
    for rule in asked:
        con.execute(f"CREATE OR REPLACE TEMP VIEW {_view(rule)} AS {failing_rows(rule)}")
    with _quiet(), _context(con, docs) as (gx, context, source):
        expect = gx.expectations
        rules_suite = _suite(gx, context, "rules", [_of_rule(expect, rule) for rule in asked])
        definitions = [_definition(gx, context, source, "core_rules", rules_suite)]
        for name in OWN_TABLES:
            suite = _suite(gx, context, name, _of_table(expect, table(name)))
            definitions.append(_definition(gx, context, source, name, suite))
        actions = [gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=[SITE])] if docs else []
        checkpoint = gx.Checkpoint(
            name="warehouse", validation_definitions=definitions, actions=actions, result_format="BASIC"
        )
        results = list(context.checkpoints.add(checkpoint).run().run_results.values())
    return _gathered(asked, [one for result in results for one in result.results])


def _gathered(rules: Sequence[Rule], results: Sequence[Any]) -> SuiteRun:
    failing: dict[str, int] = {}
    broken: list[str] = []
    for one in results:
        if one.exception_info.get("raised_exception"):
            raise RuntimeError(f"{one.expectation_config.type}: {one.exception_info['exception_message']}")
        meta = one.expectation_config.meta or {}
        if "rule_id" in meta:
            failing[meta["rule_id"]] = int(one.result["observed_value"])
        elif not one.success:
            broken.append(
                f"{meta['table']}: {one.expectation_config.type} {one.expectation_config.kwargs.get('column', '')}".strip()
            )
    return SuiteRun({rule.id: failing[rule.id] for rule in rules}, tuple(sorted(broken)))


def _view(rule: Rule) -> str:
    """The rule as a view, since Great Expectations formats a query's braces and binds its colons."""
    return quoted(f"q_rule_{rule.id}")


def _of_rule(expect: Any, rule: Rule) -> Any:
    return expect.UnexpectedRowsExpectation(
        # The comment names the batch, which it wants to see named; the rule chooses its tables itself.
        unexpected_rows_query=f"SELECT * FROM {_view(rule)} /* {{batch}} */",
        description=rule.title,
        severity=SEVERITIES[rule.severity],
        notes=f"{rule.meaning.strip()} {rule.remedy}",
        meta={"rule_id": rule.id, "rule_version": rule.version, "dimension": rule.dimension},
    )


def _of_table(expect: Any, declared: Table) -> list[Any]:
    """Columns in order, key unique, codes from their lists."""
    meta = {"table": declared.name}
    found = [expect.ExpectTableColumnsToMatchOrderedList(column_list=declared.field_names, meta=meta)]
    if len(declared.key) == 1:
        found.append(expect.ExpectColumnValuesToBeUnique(column=declared.key[0], meta=meta))
        found.append(expect.ExpectColumnValuesToNotBeNull(column=declared.key[0], meta=meta))
    else:
        found.append(
            expect.ExpectCompoundColumnsToBeUnique(column_list=list(declared.key), ignore_row_if="never", meta=meta)
        )
    found += [
        expect.ExpectColumnValuesToBeInSet(column=field.name, value_set=list(codes(field.codes)), meta=meta)
        for field in declared.fields
        if field.codes and field.type == "text"
    ]
    return found


def _suite(gx: Any, context: Any, name: str, expectations: list[Any]) -> Any:
    return context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))


def _definition(gx: Any, context: Any, source: Any, table_name: str, suite: Any) -> Any:
    asset = source.add_table_asset(f"{suite.name}_of_{table_name}", table_name=table_name)
    batch = asset.add_batch_definition_whole_table("all")
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=f"{suite.name}_of_{table_name}", data=batch, suite=suite)
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """No reports to its makers, no progress bars, and none of the warnings about its own parts."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _context(con: duckdb.DuckDBPyConnection, docs: Path | None) -> Iterator[tuple[Any, Any, Any]]:
    import great_expectations as gx  # noqa: PLC0415 - six seconds, only where it runs
    from duckdb_sqlalchemy import ConnectionWrapper  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415
    from sqlalchemy.pool import StaticPool  # noqa: PLC0415

    class Lent(ConnectionWrapper):
        """The pipeline's own connection: a pool that is cleared away, whenever that is, must not close it."""

        def close(self) -> None:
            pass

    datasource_type()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in context.get_site_names():
        context.delete_data_docs_site(name)
    if docs is not None:
        site: Any = {
            "class_name": "SiteBuilder",
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "show_how_to_buttons": False,
        }
        context.add_data_docs_site(SITE, site)
    yield (
        gx,
        context,
        context.data_sources.add_duckdb(
            "warehouse",
            connection_string="duckdb:///:memory:",
            kwargs={"creator": lambda: Lent(con), "poolclass": StaticPool},
        ),
    )


_registered: list[type[Any]] = []


def datasource_type() -> type[Any]:
    """The data source of DuckDB, made once: making the class registers `add_duckdb`."""
    if _registered:
        return _registered[0]
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource  # noqa: PLC0415
    from great_expectations.execution_engine.sqlalchemy_execution_engine import (  # noqa: PLC0415
        SqlAlchemyExecutionEngine,
    )

    class KeptOpenEngine(SqlAlchemyExecutionEngine):
        """Yields one connection and keeps it open, so that rows can be fetched from it."""

        @contextmanager
        def get_connection(self) -> Iterator[Any]:
            if not self._connection:
                self._connection = self.engine.connect()
            yield self._connection

    class DuckDBDatasource(SQLDatasource):
        type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment] # each kind of source narrows it so

        @property
        def execution_engine_type(self) -> Any:
            return KeptOpenEngine

    _registered.append(DuckDBDatasource)
    return DuckDBDatasource
