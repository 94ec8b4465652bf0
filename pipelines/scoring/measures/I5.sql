SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * (1 - sum(failed) / nullif(sum(checked), 0)) AS value, sum(checked)::BIGINT AS n
FROM in_validity GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
