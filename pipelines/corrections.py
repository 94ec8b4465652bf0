"""Declared corrections, held against the rows as read and applied before any model sees them.

Belongs here: matching and applying. Does not belong here: what a correction says (sources.correction). The bytes and the
lake are not touched; what was published stays in amount_raw and date_raw, and core_corrections keeps both values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sources.correction import Correction
from sources.schema.model import codes

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "correction_id VARCHAR, publisher_id VARCHAR, address VARCHAR, sheet VARCHAR, line_number BIGINT, row_hash VARCHAR, "
    "occurrence BIGINT, column_name VARCHAR, value_expected VARCHAR, value_corrected VARCHAR, correction_reason VARCHAR, "
    "correction_evidence VARCHAR, evidence_url VARCHAR, correction_date DATE"
)

# One line a correction: the row that it names, what stands there today, and what follows.
MATCH = """
CREATE OR REPLACE TEMP TABLE ref_correction_states AS
WITH named AS (
    SELECT
        c.correction_id, r.place, r.distribution_id, r.sheet AS sheet_found, r.line_number AS line_found,
        r.row_hash AS hash_found, r.occurrence AS occurrence_found,
        CASE c.column_name
            WHEN 'amount_gbp' THEN coalesce(r.amount_gbp::VARCHAR, '')
            WHEN 'payment_date' THEN coalesce(r.payment_date::VARCHAR, '')
            WHEN 'supplier_name' THEN coalesce(r.supplier_name, '')
            WHEN 'transaction_number' THEN coalesce(r.transaction_number, '')
        END AS value_found,
        count(*) OVER (PARTITION BY c.correction_id) AS answers
    FROM ref_corrections AS c
    JOIN lake_rows AS r ON r.publisher_id = c.publisher_id AND r.row_class = 'transaction'
     AND ((r.row_hash = c.row_hash AND r.occurrence = c.occurrence) OR (r.line_number = c.line_number AND r.sheet = c.sheet))
    JOIN lake_files AS f ON f.distribution_id = r.distribution_id AND c.address IN (f.source_url, f.source_path)
)
SELECT
    c.*, n.* EXCLUDE (correction_id, answers),
    CASE
        WHEN n.place IS NULL THEN 'not_found'
        WHEN n.answers > 1 THEN 'ambiguous'
        WHEN n.value_found = c.value_expected THEN 'applied'
        WHEN n.value_found = c.value_corrected THEN 'mended'
        ELSE 'differs'
    END AS correction_status
FROM ref_corrections AS c LEFT JOIN named AS n USING (correction_id)
QUALIFY row_number() OVER (PARTITION BY c.correction_id ORDER BY n.place) = 1
"""

# The corrections of a row side by side; an empty corrected value empties the field, so what is corrected is noted apart.
# TRY_CAST, as the casts see the values of other fields too; those of their own were proved when the file was read.
APPLIED = """
CREATE OR REPLACE TEMP TABLE ref_corrected_rows AS
SELECT
    place, any_value(distribution_id) AS distribution_id, list(column_name) AS columns,
    max(TRY_CAST(nullif(value_corrected, '') AS DECIMAL(18,2))) FILTER (column_name = 'amount_gbp') AS amount_gbp,
    max(TRY_CAST(nullif(value_corrected, '') AS DATE)) FILTER (column_name = 'payment_date') AS payment_date,
    max(nullif(value_corrected, '')) FILTER (column_name = 'supplier_name') AS supplier_name,
    max(nullif(value_corrected, '')) FILTER (column_name = 'transaction_number') AS transaction_number,
    coalesce(max(TRY_CAST(nullif(value_corrected, '') AS DECIMAL(18,2))) FILTER (column_name = 'amount_gbp'), 0)
        - coalesce(max(TRY_CAST(nullif(value_expected, '') AS DECIMAL(18,2))) FILTER (column_name = 'amount_gbp'), 0) AS moved_gbp
FROM ref_correction_states WHERE correction_status = 'applied' GROUP BY place
"""

ROWS = """
CREATE OR REPLACE TEMP VIEW lake_rows AS
SELECT r.* REPLACE (
    {values},
    CASE WHEN c.place IS NULL THEN r.flags ELSE list_append(coalesce(r.flags, []), 'corrected') END AS flags)
FROM lake_rows_as_read AS r LEFT JOIN ref_corrected_rows AS c ON c.place = r.place
"""
FILES = """
CREATE OR REPLACE TEMP VIEW lake_files AS
SELECT f.* REPLACE (CAST(f.total_gbp + coalesce(c.moved_gbp, 0) AS DECIMAL(18,2)) AS total_gbp)
FROM lake_files_as_read AS f
LEFT JOIN (SELECT distribution_id, sum(moved_gbp) AS moved_gbp FROM ref_corrected_rows GROUP BY ALL) AS c USING (distribution_id)
"""
CORRECTED = ("amount_gbp", "payment_date", "supplier_name", "transaction_number")


def apply_corrections(con: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """Put corrected values in the place of those read, in lake_rows and the totals of lake_files; flag the rows.

    Leaves ref_correction_states, one line a correction, from which core_corrections is made. A correction whose expected
    value is not the one published is left unapplied and its status says why.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE ref_corrections ({COLUMNS})")
    if rows := [_row(one) for one in corrections]:
        con.executemany(f"INSERT INTO ref_corrections VALUES ({', '.join('?' * len(rows[0]))})", rows)
    con.execute(MATCH)
    con.execute(APPLIED)
    if not con.execute("SELECT 1 FROM ref_corrected_rows LIMIT 1").fetchall():
        return
    for name in ("lake_rows", "lake_files"):
        con.execute(f"DROP VIEW IF EXISTS {name}_as_read")
        con.execute(f"ALTER VIEW {name} RENAME TO {name}_as_read")
    values = ",\n    ".join(
        f"CASE WHEN list_contains(c.columns, '{name}') THEN c.{name} ELSE r.{name} END AS {name}" for name in CORRECTED
    )
    con.execute(ROWS.format(values=values))
    con.execute(FILES)


def _row(one: Correction) -> list[object]:
    return [
        one.id, one.publisher_id, one.address, one.sheet, one.line_number, one.row_hash, one.occurrence, one.field,
        one.expected, one.corrected, one.reason, one.evidence, one.evidence_url, one.date,
    ]  # fmt: skip


def stale_corrections(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A sentence for each correction that no longer fits what is published, by its id: who runs this has to look at it."""
    rows = con.execute(
        "SELECT correction_id, correction_status, coalesce(value_found, '') FROM core_corrections "
        "WHERE correction_status <> 'applied' ORDER BY correction_id"
    ).fetchall()
    statuses = codes("correction_statuses")
    return [
        f"sources/corrections/{name}.yaml is stale: {statuses[status]} Today {found!r} stands there. Look at the file again; remove "
        "the correction where the publisher mended its own."
        for name, status, found in rows
    ]
