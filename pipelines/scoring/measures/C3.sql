-- Satisfied or very satisfied over all answers. The error is that of a share; below 100 answers nothing is shown.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       CASE WHEN sum(answered) >= 100 THEN 100.0 * sum(satisfied) / sum(answered) END AS value,
       CASE WHEN sum(answered) >= 100
            THEN 100.0 * sqrt(sum(satisfied) / sum(answered) * (1 - sum(satisfied) / sum(answered)) / sum(answered)) END AS se,
       sum(answered)::BIGINT AS n,
       CASE WHEN sum(answered) < 100 THEN 'fewer than 100 answers' END AS reason
FROM in_answers WHERE answered IS NOT NULL AND satisfied BETWEEN 0 AND answered GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
