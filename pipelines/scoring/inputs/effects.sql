SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'programme' AS programme, period_end,
       1e6 * max(value) FILTER (metric_id = 'programme_cost') AS cost, max(value) FILTER (metric_id = 'effect') AS effect
FROM possible_outcomes WHERE outcome_dataset_id = 'programme-cost-effectiveness' AND is_current GROUP BY ALL
