SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'activity' AS activity, period_end,
       max(value) FILTER (metric_id = 'quantity') AS quantity, max(value) FILTER (metric_id = 'unit_cost') AS unit_cost,
       max(value) FILTER (metric_id = 'quality_index') AS quality, max(value) FILTER (metric_id = 'input_volume_index') AS input_volume
FROM possible_outcomes WHERE outcome_dataset_id = 'public-service-productivity' AND is_current GROUP BY ALL
