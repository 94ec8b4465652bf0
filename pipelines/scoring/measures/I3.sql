SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * sum(within_5_days) / nullif(sum(undisputed), 0) AS value, sum(undisputed)::BIGINT AS n,
       100.0 * sqrt(sum(within_5_days) / nullif(sum(undisputed), 0) * (1 - sum(within_5_days) / nullif(sum(undisputed), 0)) / nullif(sum(undisputed), 0)) AS se
FROM in_invoices WHERE within_5_days BETWEEN 0 AND undisputed GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
