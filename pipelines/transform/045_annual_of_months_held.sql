-- annual_of_months_held: lines of a file for more than a month (a quarter, a year) that files for shorter periods inside
-- it hold already, decided line by line: same publisher, supplier, date and amount. A line that stands n times in the
-- shorter files takes out n lines of the longer one and no more. What the shorter files do not hold stays counted, so
-- that a year of which three months are missing still gives those three. Lines without a date cannot be compared and stay counted.
CREATE OR REPLACE TEMP TABLE stg_longer AS
SELECT DISTINCT l.file_no AS long_no, s.file_no AS short_no
FROM stg_files AS l
JOIN stg_files AS s
  ON s.publisher_no = l.publisher_no AND s.period_months < l.period_months
 AND s.period_start >= l.period_start AND s.period_end <= l.period_end
WHERE l.period_months > 1 AND l.transaction_count > 0 AND s.transaction_count > 0;

CREATE OR REPLACE TEMP TABLE stg_held AS
WITH involved AS (
    SELECT l.line, l.publisher_no, l.supplier_no, l.payment_date, l.amount_gbp, f.period_months AS months
    FROM stg_counted_lines AS l
    JOIN stg_files AS f USING (file_no)
    SEMI JOIN (SELECT long_no AS file_no FROM stg_longer UNION SELECT short_no FROM stg_longer) USING (file_no)
    WHERE l.payment_date IS NOT NULL AND l.amount_gbp IS NOT NULL
),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY publisher_no, supplier_no, payment_date, amount_gbp, months ORDER BY line) AS occurrence
    FROM involved
)
SELECT line
FROM numbered
-- The most copies that files of any one shorter length hold: a year may be held by quarters as well as by months.
QUALIFY occurrence <= coalesce(max(occurrence) OVER (
    PARTITION BY publisher_no, supplier_no, payment_date, amount_gbp
    ORDER BY months RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0);

INSERT INTO stg_not_counted SELECT line, 'annual_of_months_held' FROM stg_held;
