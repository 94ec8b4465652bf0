-- content_published_twice, line by line: two files or sheets of one publication overlap, and nothing says which is the later.
-- Overlap means that at least three lines, and half of the shorter list, are in both with the same date, supplier,
-- amount and transaction number. The lines that are in both are counted in the longer list; all others stay counted where they are, so
-- that nothing is lost whichever of them is the better one.
CREATE OR REPLACE TEMP TABLE stg_overlaps AS
WITH sizes AS (
    SELECT f.publication_id, l.unit_no, count(*) AS line_count
    FROM stg_counted_lines AS l JOIN stg_files AS f USING (file_no)
    WHERE f.period_months IS NOT NULL
    GROUP BY f.publication_id, l.unit_no
    QUALIFY count(*) OVER (PARTITION BY f.publication_id) > 1
),
lines AS (
    SELECT
        s.publication_id, s.line_count, l.unit_no, l.line, l.supplier_no, l.payment_date, l.amount_gbp, l.number_print,
        row_number() OVER (PARTITION BY l.unit_no, l.supplier_no, l.payment_date, l.amount_gbp, l.number_print ORDER BY l.line) AS occurrence
    FROM stg_counted_lines AS l JOIN sizes AS s USING (unit_no)
    WHERE l.amount_gbp IS NOT NULL AND l.payment_date IS NOT NULL
)
SELECT a.line, a.unit_no
FROM lines AS a
JOIN lines AS b
  ON b.publication_id = a.publication_id AND b.supplier_no = a.supplier_no AND b.payment_date = a.payment_date
 AND b.amount_gbp = a.amount_gbp AND b.number_print IS NOT DISTINCT FROM a.number_print AND b.occurrence = a.occurrence
 AND (b.line_count, -b.unit_no) > (a.line_count, -a.unit_no)
QUALIFY count(*) OVER (PARTITION BY a.unit_no, b.unit_no) >= greatest(3, a.line_count / 2);

INSERT INTO stg_not_counted SELECT DISTINCT line, 'content_published_twice' FROM stg_overlaps;
