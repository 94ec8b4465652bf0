SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'unit' AS unit, breakdown ->> 'activity' AS activity, period_end,
       max(value) FILTER (metric_id = 'volume') AS volume, max(value) FILTER (metric_id = 'unit_cost') AS unit_cost
FROM core_outcomes WHERE outcome_dataset_id = 'unit-costs' AND is_current GROUP BY ALL
