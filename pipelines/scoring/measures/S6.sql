SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       coalesce(sum(spend) FILTER (is_covered), 0) / nullif(sum(spend), 0) AS value, count(*) AS n
FROM in_evaluations WHERE spend >= 0 GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
