-- The revision ledger: consecutive snapshots of one file, line by line. Reads ledger_steps (a file's earlier and later
-- snapshot, or none where it was withdrawn) and ledger_rows (the rows of all of them, as lake_rows has them).
-- Set-aside rows are no payments and are not compared.
CREATE OR REPLACE TEMP TABLE ledger_lines AS
SELECT
    s.step_no, s.side, r.row_hash, r.occurrence, r.supplier_name, r.transaction_number, r.payment_date, r.amount_gbp,
    nullif(trim(r.transaction_number), '') AS number,
    upper(trim(coalesce(r.supplier_name, ''))) AS supplier,
    concat_ws(chr(31), coalesce(trim(r.transaction_number), ''), upper(trim(coalesce(r.supplier_name, ''))),
        coalesce(r.payment_date::VARCHAR, 'text ' || coalesce(r.date_raw, '')),
        coalesce(r.amount_gbp::VARCHAR, 'text ' || coalesce(r.amount_raw, ''))) AS content
FROM (
    SELECT step_no, distribution_id, previous_snapshot_sha256 AS snapshot_sha256, 'before' AS side FROM ledger_steps
    UNION ALL
    SELECT step_no, distribution_id, snapshot_sha256, 'after' FROM ledger_steps WHERE snapshot_sha256 <> ''
) AS s
JOIN ledger_rows AS r USING (distribution_id, snapshot_sha256)
WHERE r.row_class = 'transaction';

-- Lines that the other side does not have with the same cells, identical lines counted.
CREATE OR REPLACE TEMP TABLE ledger_other_cells AS
SELECT l.*, row_number() OVER (PARTITION BY l.step_no, l.side, l.content ORDER BY l.row_hash, l.occurrence) AS copy
FROM ledger_lines AS l
ANTI JOIN ledger_lines AS o
  ON o.step_no = l.step_no AND o.side <> l.side AND o.row_hash = l.row_hash AND o.occurrence = l.occurrence;

-- ... nor with the same number, supplier, date and amount: what is only written otherwise has not changed.
CREATE OR REPLACE TEMP TABLE ledger_left AS
SELECT
    row_number() OVER (ORDER BY step_no, side, row_hash, occurrence) AS line, * EXCLUDE (copy),
    row_number() OVER (PARTITION BY step_no, side, number, supplier
                       ORDER BY payment_date NULLS LAST, amount_gbp NULLS LAST, row_hash, occurrence) AS of_supplier
FROM ledger_other_cells AS l
ANTI JOIN ledger_other_cells AS o
  ON o.step_no = l.step_no AND o.side <> l.side AND o.content = l.content AND o.copy = l.copy;

-- A changed line keeps transaction number and supplier; else number and amount, where the supplier is what changed.
CREATE OR REPLACE TEMP TABLE ledger_pairs AS
SELECT b.line AS before_line, a.line AS after_line
FROM ledger_left AS b
JOIN ledger_left AS a
  ON a.step_no = b.step_no AND a.side = 'after' AND a.number = b.number AND a.supplier = b.supplier
 AND a.of_supplier = b.of_supplier
WHERE b.side = 'before';

INSERT INTO ledger_pairs
WITH still_left AS (
    SELECT *, row_number() OVER (PARTITION BY step_no, side, number, amount_gbp
                                 ORDER BY payment_date NULLS LAST, row_hash, occurrence) AS of_amount
    FROM ledger_left
    ANTI JOIN (SELECT before_line AS line FROM ledger_pairs UNION ALL SELECT after_line FROM ledger_pairs) USING (line)
)
SELECT b.line, a.line
FROM still_left AS b
JOIN still_left AS a
  ON a.step_no = b.step_no AND a.side = 'after' AND a.number = b.number AND a.amount_gbp = b.amount_gbp
 AND a.of_amount = b.of_amount
WHERE b.side = 'before';

DELETE FROM core_revisions;
INSERT INTO core_revisions BY NAME
WITH totals AS (
    SELECT
        step_no,
        TRY_CAST(coalesce(sum(amount_gbp) FILTER (side = 'before'), 0) AS DECIMAL(18,2)) AS amount_before_gbp,
        TRY_CAST(coalesce(sum(amount_gbp) FILTER (side = 'after'), 0) AS DECIMAL(18,2)) AS amount_after_gbp
    FROM ledger_lines GROUP BY step_no
),
changes AS (
    SELECT
        a.step_no, 'changed' AS revision_kind, a.row_hash, a.occurrence, a.supplier_name, a.transaction_number,
        a.payment_date, b.amount_gbp AS amount_before_gbp, a.amount_gbp AS amount_after_gbp
    FROM ledger_pairs AS p
    JOIN ledger_left AS b ON b.line = p.before_line
    JOIN ledger_left AS a ON a.line = p.after_line
    UNION ALL
    SELECT
        step_no, CASE side WHEN 'before' THEN 'removed' ELSE 'added' END, row_hash, occurrence, supplier_name,
        transaction_number, payment_date,
        CASE side WHEN 'before' THEN amount_gbp END, CASE side WHEN 'after' THEN amount_gbp END
    FROM ledger_left
    ANTI JOIN (SELECT before_line AS line FROM ledger_pairs UNION ALL SELECT after_line FROM ledger_pairs) USING (line)
    UNION ALL
    SELECT
        s.step_no, CASE WHEN s.snapshot_sha256 = '' THEN 'file_withdrawn' ELSE 'file_replaced' END, '', 0, NULL, NULL, NULL,
        coalesce(t.amount_before_gbp, 0), coalesce(t.amount_after_gbp, 0)
    FROM ledger_steps AS s LEFT JOIN totals AS t USING (step_no)
)
SELECT s.* EXCLUDE (step_no), c.* EXCLUDE (step_no)
FROM changes AS c JOIN ledger_steps AS s USING (step_no)
ORDER BY s.step_no, c.revision_kind, c.row_hash, c.occurrence;
