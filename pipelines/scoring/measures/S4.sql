SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end, engagement AS value, n
FROM in_engagement WHERE engagement BETWEEN 0 AND 100
