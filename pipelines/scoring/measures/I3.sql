SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * sum(within_5_days) / nullif(sum(undisputed), 0) AS value, sum(undisputed)::BIGINT AS n
FROM in_invoices WHERE within_5_days IS NOT NULL AND undisputed IS NOT NULL GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
