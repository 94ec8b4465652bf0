SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'programme' AS programme, period_end,
       max(value) FILTER (metric_id = 'programme_spend') AS spend, max(value) FILTER (metric_id = 'is_evaluated') = 1 AS is_covered
FROM possible_outcomes WHERE outcome_dataset_id = 'evaluation-register' AND is_current GROUP BY ALL
