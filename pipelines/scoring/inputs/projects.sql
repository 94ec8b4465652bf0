SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'project' AS project, period_end,
       max(value) FILTER (metric_id = 'whole_life_cost') AS whole_life_cost, max(value) FILTER (metric_id = 'delivery_confidence') AS confidence,
       max(attributes ->> 'owner') AS owner
FROM possible_outcomes WHERE outcome_dataset_id = 'major-projects' AND is_current GROUP BY ALL
