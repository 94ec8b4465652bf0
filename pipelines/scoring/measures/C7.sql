-- The home country's share less the mean of its peers', in points, averaged over the questions. No error where the size
-- of any sample is not published; below 500 answers at home nothing is shown.
WITH questions AS (
    SELECT entity_id, question, period_end,
           avg(share) FILTER (is_home) - avg(share) FILTER (NOT is_home) AS gap,
           any_value(n) FILTER (is_home) AS home_n, bool_and(n IS NOT NULL) AS all_known,
           sum(share * (100 - share) / n) FILTER (is_home)
             + sum(share * (100 - share) / n) FILTER (NOT is_home) / nullif(count(*) FILTER (NOT is_home) ** 2, 0) AS variance
    FROM in_survey WHERE share IS NOT NULL GROUP BY ALL
)
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       CASE WHEN min(home_n) >= 500 THEN avg(gap) END AS value,
       CASE WHEN min(home_n) >= 500 AND bool_and(all_known) THEN sqrt(sum(variance)) / count(*) END AS se,
       min(home_n) AS n,
       CASE WHEN min(home_n) IS NULL THEN 'size of the home sample not published' WHEN min(home_n) < 500 THEN 'fewer than 500 answers' END AS reason
FROM questions WHERE gap IS NOT NULL GROUP BY ALL
