"""The rules over a warehouse, and other tools on the same rows: `python -m benchmarks.quality TOOL WAREHOUSE [ROWS]`.

rules runs every rule of the project and writes all findings; gx runs them through Great Expectations on DuckDB. The
peers do the plain part only: pandas is Great Expectations on a data frame with complete results, frictionless a table
schema over the CSV of the lines. Both ask the 13 questions of ASKED, where the project asks all of its rules.
Each runs in a process of its own on a copy of the warehouse, and prints rows, seconds of wall time, seconds of processor time
and MiB at the most, without the time of importing the tool.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.measure import folder, say, warehouse
from sources.schema.guidance import GUIDANCE_FIELDS

AS_OF = date(2026, 1, 31)
TOOLS = ("rules", "reports", "gx", "pandas", "frictionless")
PEER_ROWS = {"pandas": 500_000, "frictionless": 50_000}
"""Lines that a peer is given at the most: they are that much slower, and their time grows in proportion."""
ASKED = """SELECT department_family, entity, CAST(payment_date AS VARCHAR) AS payment_date, expense_type, expense_area,
    supplier_name, transaction_number, CAST(amount_gbp AS VARCHAR) AS amount_gbp, transaction_id
FROM core_transactions ORDER BY transaction_id LIMIT {rows}"""
"""Eight required columns not blank; no spreadsheet error, scientific identifier or unreadable date or amount; key unique."""
ERROR, SCIENTIFIC, DAY, MONEY = (
    r"^#(REF|N/A|VALUE|NAME)",
    r"^\d+(\.\d+)?[eE]\+\d+$",
    r"^\d{4}-\d\d-\d\d$",
    r"^-?\d+\.\d\d$",
)


def all_tools(path: Path, rows: int) -> None:
    """Every tool in turn on copies of the warehouse at `path`, which holds `rows` payment lines."""
    for tool in TOOLS:
        count = min(rows, PEER_ROWS.get(tool, rows))
        command = [sys.executable, "-m", "benchmarks.quality", tool, str(path), str(count)]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        done, wall, spent, peak = map(float, out.stdout.split())
        say(
            f"  {tool}, {done:,.0f} rows: {wall:.1f} s, {spent:.1f} s of processor time, peak {peak:,.0f} MiB; {done / wall:,.0f} rows/s"
        )


def _rules(con: duckdb.DuckDBPyConnection, _rows: int, _aside: Path) -> Callable[[], object]:
    from quality_checks.engine import run_rules

    return lambda: run_rules(con, as_of=AS_OF)


def _reports(con: duckdb.DuckDBPyConnection, _rows: int, aside: Path) -> Callable[[], object]:
    from published.reports.build import build_reports

    return lambda: build_reports(con, aside / "reports", release_version="1.0.0", as_of=AS_OF, is_sample=True)


def _gx(con: duckdb.DuckDBPyConnection, _rows: int, _aside: Path) -> Callable[[], object]:
    import great_expectations  # noqa: F401 - its import is not measured

    from quality_checks.suites import run_suites

    return lambda: run_suites(con, as_of=AS_OF)


def _pandas(con: duckdb.DuckDBPyConnection, rows: int, _aside: Path) -> Callable[[], object]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    table = con.sql(ASKED.format(rows=rows)).df()
    expect = gx.expectations
    asked = [expect.ExpectColumnValuesToNotBeNull(column=name) for name in GUIDANCE_FIELDS]
    asked += [
        expect.ExpectColumnValuesToNotMatchRegex(column="supplier_name", regex=ERROR),
        expect.ExpectColumnValuesToNotMatchRegex(column="transaction_number", regex=SCIENTIFIC),
        expect.ExpectColumnValuesToMatchRegex(column="payment_date", regex=DAY),
        expect.ExpectColumnValuesToMatchRegex(column="amount_gbp", regex=MONEY),
        expect.ExpectColumnValuesToBeUnique(column="transaction_id"),
    ]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("lines").add_dataframe_asset("lines")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    return lambda: batch.validate(gx.ExpectationSuite(name="lines", expectations=asked), result_format="COMPLETE")


def _frictionless(con: duckdb.DuckDBPyConnection, rows: int, aside: Path) -> Callable[[], object]:
    from frictionless import Checklist, Resource, Schema, system

    con.execute(f"COPY ({ASKED.format(rows=rows)}) TO '{aside}/lines.csv' (HEADER)")
    patterns = {"supplier_name": r"(?!#(REF|N/A|VALUE|NAME)).*", "transaction_number": r"(?!\d+(\.\d+)?[eE]\+\d+$).*"}
    kinds = {"payment_date": "date", "amount_gbp": "number"}
    fields = [
        {
            "name": name,
            "type": kinds.get(name, "string"),
            "constraints": {"required": True, **({"pattern": patterns[name]} if name in patterns else {})},
        }
        for name in GUIDANCE_FIELDS
    ]
    fields.append({"name": "transaction_id", "type": "string", "constraints": {"unique": True}})
    schema = Schema.from_descriptor({"fields": fields})

    def validate() -> object:
        with system.use_context(trusted=True):  # it stops after a thousand errors where it is not told otherwise
            return Resource(path=str(aside / "lines.csv"), schema=schema).validate(
                Checklist(), limit_errors=sys.maxsize
            )

    return validate


def main(tool: str, path: Path, rows: int) -> None:
    ways = {"rules": _rules, "reports": _reports, "gx": _gx, "pandas": _pandas, "frictionless": _frictionless}
    with folder() as aside:
        shutil.copyfile(path, aside / path.name)
        with warehouse(aside / path.name) as con:
            (held,) = con.execute("SELECT count(*) FROM core_transactions").fetchone() or (0,)
            work = ways[tool](con, rows, aside)
            begun, before = time.perf_counter(), time.process_time()
            work()
            wall, spent = time.perf_counter() - begun, time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(min(rows, held), wall, spent, peak)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 10**9)
