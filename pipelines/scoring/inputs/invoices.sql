SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end,
       max(value) FILTER (metric_id = 'invoices') AS undisputed, max(value) FILTER (metric_id = 'paid_in_5_days') AS within_5_days
FROM possible_outcomes WHERE outcome_dataset_id = 'prompt-payment' AND is_current GROUP BY ALL
