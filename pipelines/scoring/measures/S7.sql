-- 1 - sum of squared shares of the bodies that pay for an outcome; a body's figure is the mean over its outcomes, by money.
WITH paid AS (
    SELECT entity_id, outcome, fy_end(period_end) AS year_end, sum(spend) AS spend FROM in_shared_outcomes GROUP BY ALL
),
shared AS (
    SELECT outcome, year_end, 1 - sum(share * share) AS f
    FROM (SELECT *, spend / nullif(sum(spend) OVER (PARTITION BY outcome, year_end), 0) AS share FROM paid) GROUP BY ALL
)
SELECT entity_id, fy_label(year_end) AS period_label, year_end AS period_end,
       sum(spend * f) / nullif(sum(spend), 0) AS value, count(*) AS n
FROM paid JOIN shared USING (outcome, year_end) GROUP BY ALL
