-- Satisfied or very satisfied over all answers. The error is that of a share, and Wilson's 95% interval stands beside it, which a
-- share near 0 or 1 needs; below 100 answers nothing is shown.
WITH shares AS (
    SELECT entity_id, fy_end(period_end) AS year_end, sum(satisfied) / nullif(sum(answered), 0) AS p, sum(answered) AS n, 1.959963984540054 AS z
    FROM in_answers WHERE answered IS NOT NULL AND satisfied BETWEEN 0 AND answered GROUP BY entity_id, fy_end(period_end)
), wilson AS (
    SELECT *, (p + z * z / (2 * n)) / (1 + z * z / n) AS centre, z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) AS half
    FROM shares WHERE n > 0
)
SELECT entity_id, fy_label(year_end) AS period_label, year_end AS period_end,
       CASE WHEN n >= 100 THEN 100.0 * p END AS value, CASE WHEN n >= 100 THEN 100.0 * sqrt(p * (1 - p) / n) END AS se, n::BIGINT AS n,
       CASE WHEN n < 100 THEN 'fewer than 100 answers' END AS reason,
       CASE WHEN n >= 100 THEN printf('Wilson''s 95%% interval %.1f to %.1f', 100 * (centre - half), 100 * (centre + half)) END AS note
FROM wilson
