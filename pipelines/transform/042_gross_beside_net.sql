-- gross_beside_net: two sheets or files of one publication list the same payments, one net of VAT and one gross.
-- The gross one says so in its amount heading, its name or its sheet; the other does not. A gross line repeats a net
-- line of the same supplier, date and transaction number when it is of the same sign and from equal to a quarter
-- larger: VAT has been 15, 17.5 and 20 per cent, and penny rounding of small amounts needs room.
-- Four fifths of the shorter list must repeat, and one amount must differ: lists cut off at the threshold differ by the
-- lines that only VAT lifts over it. Those have no net line, and stay counted.
CREATE OR REPLACE TEMP TABLE stg_net_gross AS
WITH sides AS (
    SELECT
        u.unit_no, u.line_count, f.publication_id,
        2 * u.gross_count > u.line_count OR regexp_matches(lower(f.file_name || ' ' || r.sheet), '(^|[^a-z])gross([^a-z]|$)') AS is_gross
    FROM stg_units AS u
    JOIN stg_files AS f USING (file_no)
    JOIN stg_sheets AS r USING (unit_no)
    WHERE f.series <> 'purchasing_card' AND f.period_months IS NOT NULL
),
pairs AS (
    SELECT g.unit_no AS gross_unit, n.unit_no AS net_unit, least(g.line_count, n.line_count) AS shorter
    FROM sides AS g JOIN sides AS n USING (publication_id)
    WHERE g.is_gross AND NOT n.is_gross
),
lines AS (
    SELECT
        unit_no, line, supplier_no, payment_date, number_print, amount_gbp,
        row_number() OVER (PARTITION BY unit_no, supplier_no, payment_date, number_print, sign(amount_gbp)
                           ORDER BY abs(amount_gbp), line) AS occurrence
    FROM stg_counted_lines
    SEMI JOIN (SELECT gross_unit AS unit_no FROM pairs UNION SELECT net_unit FROM pairs) USING (unit_no)
    WHERE amount_gbp IS NOT NULL
),
matched AS (
    SELECT p.gross_unit, p.net_unit, p.shorter, g.line, g.amount_gbp <> n.amount_gbp AS differs
    FROM pairs AS p
    JOIN lines AS g ON g.unit_no = p.gross_unit
    JOIN lines AS n
      ON n.unit_no = p.net_unit
     AND n.supplier_no = g.supplier_no
     AND n.payment_date IS NOT DISTINCT FROM g.payment_date
     AND n.number_print IS NOT DISTINCT FROM g.number_print
     AND n.occurrence = g.occurrence
     AND sign(n.amount_gbp) = sign(g.amount_gbp)
    WHERE abs(g.amount_gbp) BETWEEN abs(n.amount_gbp) AND abs(n.amount_gbp) * 1.25 + 0.01
)
SELECT DISTINCT line
FROM matched
WINDOW pair AS (PARTITION BY gross_unit, net_unit)
QUALIFY count(*) OVER pair >= 3 AND 5 * count(*) OVER pair >= 4 * shorter AND bool_or(differs) OVER pair;

INSERT INTO stg_not_counted SELECT line, 'gross_beside_net' FROM stg_net_gross;
