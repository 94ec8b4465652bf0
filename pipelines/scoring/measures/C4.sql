SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * sum(completed) / nullif(sum(started), 0) AS value, sum(started)::BIGINT AS n,
       100.0 * sqrt(sum(completed) / sum(started) * (1 - sum(completed) / sum(started)) / sum(started)) AS se
FROM in_answers WHERE started > 0 AND completed BETWEEN 0 AND started GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
