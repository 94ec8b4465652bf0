"""Where money goes: to outcomes that several bodies share, to suppliers that bodies depend on, and out of which budget."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.scoring.attribution import Attribution, outcome_flows
from pipelines.scoring.tables import Row, write
from pipelines.scoring.uncertain_shares import amounts_between

if TYPE_CHECKING:
    import duckdb

PENCE = 100
EXPOSURE = """
WITH totals AS (
    SELECT supplier_key, entity_id AS publisher_id, fy_label(period_end) AS financial_year, months AS months_held,
           CAST(sum(amount) AS DECIMAL(18,2)) AS amount_gbp
    FROM in_supplier_spend GROUP BY ALL HAVING sum(amount) > 0
), shares AS (
    SELECT *, CAST(sum(amount_gbp) OVER w AS DECIMAL(18,2)) AS external_total_gbp,
           amount_gbp::DOUBLE / sum(amount_gbp::DOUBLE) OVER w AS external_share
    FROM totals WINDOW w AS (PARTITION BY publisher_id, financial_year)
)
SELECT supplier_key, s.supplier_name, publisher_id, financial_year, months_held, shares.amount_gbp, external_total_gbp,
       external_share, external_share > 0.1 AS is_exposed,
       count(*) FILTER (external_share > 0.1) OVER (PARTITION BY supplier_key, financial_year) AS buyers_exposed
FROM shares LEFT JOIN core_suppliers AS s USING (supplier_key)
QUALIFY buyers_exposed > 0
ORDER BY supplier_key, publisher_id, financial_year
"""
"""Every buyer of a supplier on whom at least one publisher depends, in the years that it does."""

FLOWS = """
SELECT financial_year, 'programme' AS flow_stage, publisher_id AS flow_from, publisher_id || ': ' || programme_name AS flow_to,
       CAST(sum(amount_gbp) AS DECIMAL(18,2)) AS amount_gbp
FROM mart_outcome_spending GROUP BY ALL
UNION ALL
SELECT financial_year, 'outcome', publisher_id || ': ' || programme_name, target_outcome, CAST(sum(amount_gbp) AS DECIMAL(18,2))
FROM mart_outcome_spending GROUP BY ALL
ORDER BY 1, 2, 3, 4
"""
LEAKS = """
SELECT financial_year, node FROM (
    SELECT financial_year, flow_to AS node, amount_gbp FROM mart_flows WHERE flow_stage = 'programme'
    UNION ALL SELECT financial_year, flow_from, -amount_gbp FROM mart_flows WHERE flow_stage = 'outcome')
GROUP BY ALL HAVING sum(amount_gbp) <> 0 ORDER BY ALL
"""

RECONCILIATION = """
WITH counted AS (
    SELECT publisher_id, financial_year, count(DISTINCT payment_month) AS months_held, CAST(sum(amount_gbp) AS DECIMAL(18,2)) AS counted_gbp
    FROM mart_spend_by_publisher_month WHERE financial_year IS NOT NULL GROUP BY ALL
), budget AS (
    SELECT outcome_publisher_id AS publisher_id, period_label AS financial_year, CAST(sum(value) * 1000000 AS DECIMAL(18,2)) AS budget_gbp,
           bool_or(list_contains(outcome_flags, 'planned')) AS is_planned
    FROM core_outcomes
    WHERE outcome_dataset_id = 'public-expenditure' AND metric_id = 'total_del' AND is_current AND value IS NOT NULL
      AND outcome_publisher_id IS NOT NULL AND coalesce(breakdown, '') = ''
    GROUP BY ALL
)
SELECT publisher_id, financial_year, months_held, counted_gbp, budget_gbp, is_planned,
       CASE WHEN months_held >= 9 THEN counted_gbp::DOUBLE / nullif(budget_gbp::DOUBLE, 0) END AS budget_ratio,
       CASE WHEN months_held < 9 THEN months_held || ' of 12 months held, 9 are needed' END AS status_reason
FROM counted JOIN budget USING (publisher_id, financial_year)
ORDER BY publisher_id, financial_year
"""
"""Total DEL is the whole group's and holds payroll and much else that no spending file holds."""


def flows(con: duckdb.DuckDBPyConnection) -> None:
    """mart_flows from mart_outcome_spending: body to programme, programme to outcome. ArithmeticError where a programme gets
    more or less than it gives, in any year.
    """
    write(con, "mart_flows", [])
    con.execute(f"INSERT INTO mart_flows BY NAME {FLOWS}")
    leaks = con.execute(LEAKS).fetchall()
    if leaks:
        raise ArithmeticError(f"money comes or goes on its way through {leaks[0][1]} in {leaks[0][0]}")


def budget_reconciliation(con: duckdb.DuckDBPyConnection) -> None:
    """mart_budget_reconciliation: counted spending over the published budget, for years of which nine months are held."""
    write(con, "mart_budget_reconciliation", [])
    con.execute(f"INSERT INTO mart_budget_reconciliation BY NAME {RECONCILIATION}")


def supplier_exposure(con: duckdb.DuckDBPyConnection) -> None:
    """mart_supplier_exposure from in_supplier_spend: who would be hit if a supplier failed, and by how much."""
    write(con, "mart_supplier_exposure", [])
    con.execute(f"INSERT INTO mart_supplier_exposure BY NAME {EXPOSURE}")


def outcome_spending(con: duckdb.DuckDBPyConnection) -> None:
    """mart_outcome_spending from core_attribution. ArithmeticError unless what goes in comes out, to the penny.

    ValueError, naming the programme, where its shares do not add up to 1: the register's own checks say so earlier.
    """
    found = con.execute(
        "SELECT publisher_id, programme_name, financial_year, target_outcome, alpha, attribution_basis, confidence, programme_spend_gbp "
        "FROM core_attribution WHERE programme_spend_gbp IS NOT NULL ORDER BY ALL"
    ).fetchall()
    register = [Attribution(row[0], row[1], row[3], row[2], row[4], row[5], row[6]) for row in found]
    spending: dict[tuple[str, str, str], int] = {}
    for publisher, programme, year, _, _, _, _, spend in found:
        spending[publisher, programme, year] = int(spend * PENCE)
    about = {(row[0], row[1], row[2], row[3]): row for row in found}
    between = amounts_between(spending, register)
    rows: list[Row] = []
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    for flow in outcome_flows(spending, register):
        source = about[flow.department, flow.programme, flow.year, flow.outcome]
        totals[flow.department, flow.programme, flow.year] += flow.pence
        rows.append(
            {
                "publisher_id": flow.department,
                "programme_name": flow.programme,
                "financial_year": flow.year,
                "target_outcome": flow.outcome,
                "alpha": source[4],
                "attribution_basis": source[5],
                "confidence": source[6],
                "amount_gbp": Decimal(flow.pence).scaleb(-2),
                "amount_low_gbp": between[flow.department, flow.programme, flow.year, flow.outcome][0],
                "amount_high_gbp": between[flow.department, flow.programme, flow.year, flow.outcome][1],
            }
        )
    if dict(totals) != spending:
        raise ArithmeticError("spending by outcome does not add up to what was attributed")
    write(con, "mart_outcome_spending", rows)
