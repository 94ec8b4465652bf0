-- Half the sum of |cost share - benefit share| of each policy, and the mean over the body's policies.
WITH policies AS (
    SELECT entity_id, policy, period_end, 0.5 * sum(abs(cost_share - benefit_share)) AS mismatch
    FROM in_burdens GROUP BY ALL HAVING abs(sum(cost_share) - 1) < 1e-6 AND abs(sum(benefit_share) - 1) < 1e-6
)
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end, avg(mismatch) AS value, count(*) AS n
FROM policies GROUP BY ALL
