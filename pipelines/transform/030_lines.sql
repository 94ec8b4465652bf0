-- One narrow line a transaction: numbers and hashes only, so that the rules below run over 2 million lines in memory.
-- `line` is the row's place in the lake: the order of publisher, distribution and row.
CREATE OR REPLACE TEMP TABLE stg_lines AS
SELECT
    r.place AS line,
    u.file_no,
    u.publisher_no,
    u.unit_no,
    hash(r.row_hash) AS row_print,
    s.supplier_no,
    r.payment_date,
    r.amount_gbp,
    r.amount_basis,
    CASE
        WHEN is_number(r.transaction_number, r.flags)
            THEN hash(trim(r.transaction_number))
    END AS number_print
FROM lake_rows AS r
JOIN stg_sheets AS u ON u.distribution_id = r.distribution_id AND u.sheet = r.sheet
JOIN stg_suppliers AS s ON s.supplier_name = coalesce(r.supplier_name, '')
WHERE r.row_class = 'transaction';

-- What a sheet holds, in figures that two sheets can be compared by.
-- Sums of hashes do not depend on the order of lines, and count repeated lines as often as they occur.
CREATE OR REPLACE TEMP TABLE stg_units AS
SELECT
    l.unit_no,
    any_value(l.file_no) AS file_no,
    any_value(l.publisher_no) AS publisher_no,
    count(*) AS line_count,
    count(l.payment_date) AS dated_count,
    count(l.number_print) AS numbered_count,
    count_if(l.payment_date BETWEEN f.period_start AND f.period_end) AS in_period_count,
    count_if(l.amount_basis = 'gross') AS gross_count,
    sum(l.row_print) AS rows_print,
    sum(hash(l.payment_date, l.supplier_no, l.amount_gbp)) AS facts_print,
    sum(hash(l.payment_date, l.supplier_no, l.amount_gbp, l.number_print)) AS numbers_print
FROM stg_lines AS l
JOIN stg_files AS f USING (file_no)
GROUP BY l.unit_no;

-- The lines that are not counted, with the reason. Each rule below looks only at lines that no rule before it took out,
-- so that whatever a rule relies on as the other copy is itself counted at that point.
CREATE OR REPLACE TEMP TABLE stg_not_counted (line BIGINT, reason VARCHAR);
CREATE OR REPLACE TEMP VIEW stg_counted_lines AS
SELECT * FROM stg_lines ANTI JOIN stg_not_counted USING (line);
