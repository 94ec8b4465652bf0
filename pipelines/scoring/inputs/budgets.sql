SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'control_total' AS control_total, period_end,
       max(value) FILTER (metric_id = 'original_plan') AS original_plan,
       max(value) FILTER (metric_id = 'forecast') AS forecast, max(value) FILTER (metric_id = 'outturn') AS outturn
FROM possible_outcomes WHERE outcome_dataset_id = 'departmental-budgets' AND is_current GROUP BY ALL
