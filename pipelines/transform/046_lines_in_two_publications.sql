-- line_published_twice: a payment that two publications of one publisher list, such as April's in May's list too.
-- The same payment means the same supplier, date, amount and transaction number; of lines without a number, that at least
-- three lines and half of the shorter list are in both, as a single rent may fall due twice.
-- Lists of unlike length (a quarter beside its months) are compared before, and better.
-- Counted is the line whose list is of the month that it was paid in, then that of the earliest list.
CREATE OR REPLACE TEMP TABLE stg_in_two_publications AS
WITH prints AS (
    SELECT
        l.*, f.publication_id, f.period_start,
        coalesce(l.payment_date BETWEEN f.period_start AND f.period_end, false) AS is_in_period,
        hash(l.publisher_no, l.supplier_no, l.payment_date, l.amount_gbp, l.number_print, f.period_months) AS print
    FROM stg_counted_lines AS l JOIN stg_files AS f USING (file_no)
    WHERE l.payment_date IS NOT NULL AND l.amount_gbp <> 0
),
shared AS (
    SELECT print
    FROM (SELECT print, hash(publication_id) AS publication FROM prints)
    GROUP BY print
    HAVING min(publication) <> max(publication)
),
lines AS (
    SELECT *, row_number() OVER (PARTITION BY print, publication_id ORDER BY line) AS occurrence
    FROM prints SEMI JOIN shared USING (print)
),
counted AS (
    SELECT print, occurrence, line, unit_no
    FROM lines
    QUALIFY row_number() OVER (
        PARTITION BY print, occurrence ORDER BY is_in_period DESC, period_start NULLS LAST, publication_id, line) = 1
)
SELECT l.line
FROM lines AS l
JOIN counted AS c USING (print, occurrence)
JOIN stg_units AS a ON a.unit_no = l.unit_no
JOIN stg_units AS b ON b.unit_no = c.unit_no
WHERE c.line <> l.line
QUALIFY l.number_print IS NOT NULL
     OR count(*) OVER (PARTITION BY l.unit_no, c.unit_no) >= greatest(3, least(a.line_count, b.line_count) / 2);

INSERT INTO stg_not_counted SELECT line, 'line_published_twice' FROM stg_in_two_publications;
